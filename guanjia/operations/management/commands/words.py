from __future__ import annotations

from typing import Any

from guanjia.operations import words
from guanjia.operations.answer import HouseCommand


class Command(HouseCommand):
    help = "Compile the catalogues; with --extract, bring them up to date with the sources first."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--extract", action="store_true")

    def answer(self, *, extract: bool, **options: Any) -> dict[str, Any]:
        lacking = words.extract() if extract else {}
        return {"compiled": words.compile_catalogues(), **lacking}

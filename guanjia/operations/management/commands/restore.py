from __future__ import annotations

from pathlib import Path
from typing import Any

from guanjia.operations.answer import HouseCommand
from guanjia.operations.dump import restore


class Command(HouseCommand):
    help = "Bring a backup back into an empty database."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)

    def answer(self, *, file: Path, **options: Any) -> dict[str, Any]:
        return {"ok": True, "bytes": restore(file)}

from __future__ import annotations

from pathlib import Path
from typing import Any

from guanjia.operations.answer import HouseCommand
from guanjia.operations.dump import backup


class Command(HouseCommand):
    help = "Write the database and the photos to one file."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)

    def answer(self, *, file: Path, **options: Any) -> dict[str, Any]:
        return {"ok": True, "bytes": backup(file)}

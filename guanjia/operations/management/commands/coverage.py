"""Which requirement rows have a test: the IDs that tests cite."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

from guanjia.operations.answer import HouseCommand

ROOT = Path(__file__).resolve().parents[4]
ID = re.compile(r"\b(?:EST|HSE|STF|REQ|PAT|VAC|AST|CLN|SEC|FEE|VAS|MOV|KEY|COM|RPT|QLT|INC|TRN|EMG|HND|HTL|FIN|OTH)-\d{2,}(?:\.\.\d{2,})?\b")


class Command(HouseCommand):
    help = "List requirement IDs with the tests that cite them."

    def answer(self, **options: Any) -> list[dict[str, Any]]:
        cited: dict[str, set[str]] = {}
        for path in sorted((ROOT / "tests").rglob("test_*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                    for token in ID.findall(f"{node.name} {ast.get_docstring(node) or ''}"):
                        for one in spread(token):
                            cited.setdefault(one, set()).add(f"{path.relative_to(ROOT)}::{node.name}")
        return [{"id": key, "tests": sorted(tests)} for key, tests in sorted(cited.items())]

    def tell(self, value: list[dict[str, Any]]) -> None:
        for row in value:
            self.stdout.write(f"{row['id']}  {len(row['tests'])}")
        self.stdout.write(f"{len(value)} requirement rows have a test")


def spread(token: str) -> list[str]:
    """REQ-05..07 → REQ-05, REQ-06, REQ-07."""
    area, _dash, numbers = token.partition("-")
    first, _dots, last = numbers.partition("..")
    return [f"{area}-{number:02d}" for number in range(int(first), int(last or first) + 1)]

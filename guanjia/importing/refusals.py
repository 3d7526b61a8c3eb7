"""What was not taken, cell by cell: sheet, row, column, value, reason (issue 2, point 2)."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from .cells import printable


@dataclass(frozen=True, slots=True)
class Refusal:
    """`kept`: the row itself was taken, only this cell was left out. `row` is 1-based, as Excel shows it."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str
    kept: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class Log:
    """All refusals of one import, in the order of the file."""

    refusals: list[Refusal] = field(default_factory=list)
    formulas: Counter[str] = field(default_factory=Counter)  # sheet → rows with formulas, read as their values
    ignored: list[str] = field(default_factory=list)  # sheets that nobody recognised

    def add(self, sheet: str, row: int, column: str, value: Any, reason: str, *, kept: bool = False) -> None:
        self.refusals.append(Refusal(sheet, row, column, printable(value), reason, kept))

    @property
    def rows(self) -> set[tuple[str, int]]:
        """Every row that wants mending."""
        return {(refusal.sheet, refusal.row) for refusal in self.refusals}

    @property
    def refused_rows(self) -> int:
        """How many rows were not taken at all."""
        return len({(refusal.sheet, refusal.row) for refusal in self.refusals if not refusal.kept})

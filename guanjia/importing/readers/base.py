"""A row under its headings, and what is known while reading."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from django.utils.translation import gettext as _

from ..cells import CellError, Row

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from ..headings import Found
    from ..refusals import Log

Value = TypeVar("Value")


@dataclass
class Known:
    """What rows may point at: from the estate as it is, and from the rows taken so far."""

    today: date
    buildings: dict[str, int] = field(default_factory=dict)  # number → floors
    entrances: dict[tuple[str, str], int] = field(default_factory=dict)  # (building, number) → floors
    households: set[str] = field(default_factory=set)
    fees: set[str] = field(default_factory=set)
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)  # what this file has already said, and in which row
    lost_households: set[str] = field(default_factory=set)  # named by refused rows only


class View:
    """One row: `view.take("area", number(2, 99999))` reads a cell and notes what is wrong with it."""

    def __init__(self, sheet: str, found: Found, row: Row, log: Log) -> None:
        self.sheet, self.found, self.row, self.log = sheet, found, row, log
        self.values = {name: row.cells[index] for index, name in found.fields.items() if index in row.cells}
        self.problems: list[tuple[str, Any, str, bool]] = []

    @property
    def empty(self) -> bool:
        """Nothing below a known heading: blank rows, and explanations standing aside."""
        return not any(value != "" and (not isinstance(value, str) or value.strip()) for value in self.values.values())

    def stands(self, name: str) -> bool:
        """Whether the sheet has the column at all."""
        return name in self.found.fields.values()

    def take(self, name: str, read: Callable[[Any], Value], *, must: bool = False, keep: bool = False) -> Value | None:
        """The cell's value, None when it is empty or wrong. `must`: the row is nothing without it; `keep`: the row lives on."""
        raw = self.values.get(name)
        try:
            value = read(raw)
        except CellError as error:
            self.refuse(name, error.reason, keep=keep)
            return None
        if must and (value is None or value == "" or value == []):
            self.refuse(name, _("必填，不能为空。"))
        return value

    def refuse(self, name: str, reason: str, *, keep: bool = False) -> None:
        self.problems.append((name, self.values.get(name, ""), reason, keep))

    def once(self, known: Known, name: str, *key: str) -> None:
        """Refuse a row whose key this sheet has already taken."""
        before = known.seen.get(key)
        if before:
            self.refuse(name, _("与第 %(row)d 行重复；已采用第 %(row)d 行，请核对后留一行。") % {"row": before})

    def good(self, known: Known, *key: str) -> bool:
        """Write the problems down; whether the row is taken. A row that is refused is refused with all its reasons."""
        refused = any(not keep for *_rest, keep in self.problems)
        for name, value, reason, keep in self.problems:
            kept = keep and not refused
            said = reason + str(_("（这一行已导入，只有这一格没有采用）")) if kept else reason
            self.log.add(self.sheet, self.row.number, self._title(name), value, said, kept=kept)
        if not refused and key:
            known.seen[key] = self.row.number
        return not refused

    def _title(self, name: str) -> str:
        index = next((index for index, field in self.found.fields.items() if field == name), None)
        return self.found.titles[index] if index is not None else self.found.layout.titles.get(name, name)


# A reader of one layout: takes a row, puts records on the stage.
Reader = "Callable[[View, Known, Stage], None]"

"""Writing Excel files: row by row into a temporary file; money, days and instants as what they are, words that never run.

A cell's kind follows its value: numbers and money add up, an instant is shown in the estate's time, everything else is text.
"""

from __future__ import annotations

import re
import tempfile
from datetime import date, datetime
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from zoneinfo import ZoneInfo

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet may take for a formula
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
UNTITLED = re.compile(r"[\[\]:*?/\\]")  # what no sheet may be called by
LONGEST = 32_767  # characters of a cell
WIDE = 16  # of a column that says nothing else, in characters

Head = str | tuple[str, int]  # a heading, perhaps with its width in characters


def plain(words: str) -> str:
    """Without what no cell may hold."""
    return UNPRINTABLE.sub("", words)[:LONGEST]


class Workbook:
    """A file in writing: `sheet` begins one, `row` adds a line to it, `done` hands it over, open at its beginning."""

    def __init__(self, zone: ZoneInfo | None = None) -> None:
        """`zone`: the estate's, for instants."""
        self.zone = zone
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 — whoever gets the file closes it
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book = xlsxwriter.Workbook(self.file, options)
        add = self.book.add_format
        self.looks = {
            "head": add({"bold": True, "bg_color": "#E8F0EF", "bottom": 1, "text_wrap": True, "valign": "top"}),
            "quoted": add({"quote_prefix": True}), "money": add({"num_format": "#,##0.00"}), "day": add({"num_format": "yyyy-mm-dd"}),
            "at": add({"num_format": "yyyy-mm-dd hh:mm"}),
        }  # fmt: skip

    def sheet(self, title: str, heads: Iterable[Head], *, frozen: int = 0, filtered: bool = False) -> None:
        """Begin the next sheet; its headings stay in view, with `frozen` columns. `filtered`: readers may filter the rows."""
        self._filter()
        self.page, self.filtered, self.line = self.book.add_worksheet(self._called(title)), filtered, 0
        self.page.freeze_panes(1, frozen)
        pairs = [head if isinstance(head, tuple) else (head, WIDE) for head in heads]
        self.columns = len(pairs)
        for column, (words, width) in enumerate(pairs):
            self.page.set_column(column, column, width)
            self.page.write_string(0, column, plain(words), self.looks["head"])

    def row(self, cells: Sequence[Any]) -> None:
        self.line += 1
        for column, value in enumerate(cells):
            self._put(column, value)

    def rows(self, lines: Iterable[Sequence[Any]]) -> None:
        for cells in lines:
            self.row(cells)

    def done(self) -> IO[bytes]:
        self._filter()
        self.book.close()
        self.file.seek(0)
        return self.file

    def _called(self, title: str) -> str:
        """A name that a sheet may have, and that no other of the workbook has."""
        taken = {sheet.name.lower() for sheet in self.book.worksheets()}
        wanted = UNTITLED.sub(" ", title)[:26].strip("' ")
        names = [wanted, *(f"{wanted} {n}".strip() for n in range(2, len(taken) + 3))]
        return next(name for name in names if name and name.lower() not in taken)

    def _filter(self) -> None:
        if getattr(self, "filtered", False) and self.line:
            self.page.autofilter(0, 0, self.line, self.columns - 1)

    def _put(self, column: int, value: Any) -> None:
        if value is None or value == "":
            return
        if isinstance(value, datetime):
            self.page.write_datetime(self.line, column, value.astimezone(self.zone).replace(tzinfo=None), self.looks["at"])
        elif isinstance(value, date):
            self.page.write_datetime(self.line, column, value, self.looks["day"])
        elif isinstance(value, Decimal):
            self.page.write_number(self.line, column, value, self.looks["money"])
        elif isinstance(value, int | float) and not isinstance(value, bool):
            self.page.write_number(self.line, column, value)
        else:
            words = plain(str(value))
            self.page.write_string(self.line, column, words, self.looks["quoted"] if words.startswith(DANGEROUS) else None)


def book_of(sheets: Iterable[tuple[str, Iterable[Head], Iterable[Sequence[Any]]]], zone: ZoneInfo | None = None) -> IO[bytes]:
    """A workbook of sheets (title, headings, rows)."""
    book = Workbook(zone)
    for title, heads, rows in sheets:
        book.sheet(title, heads)
        book.rows(rows)
    return book.done()

"""The rows of one sheet, streamed; merged cells are filled, formulas without a value are marked."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Any

from .cells import BadCell, MissingFormula, Row, Shown
from .dates import from_serial
from .xml import feed, local, parser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .workbook import Sheet, Workbook

MOST_COLUMNS = 200  # what stands further right is nobody's data
MOST_LETTERS = 2000  # of one cell
MOST_MERGES = 100_000
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def column_index(letters: str) -> int:
    """A → 0, Z → 25, AA → 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def merged(stream: IO[bytes]) -> dict[tuple[int, int], int]:
    """Vertical merges of one column: (first row, column) → last row. They stand behind the data, so they are read first."""
    found: dict[tuple[int, int], int] = {}
    before = b""
    while chunk := stream.read(1024 * 1024):
        text = before + chunk
        for left, top, right, bottom in _MERGE.findall(text):
            if left == right and int(bottom) > int(top) and len(found) < MOST_MERGES:
                found[int(top), column_index(left.decode())] = int(bottom)
        before = text[-200:]
    return found


class _Reader:
    """Expat's handlers for <sheetData>; finished rows wait in `ready`."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.ready: list[Row] = []
        self.row = Row(0)
        self.number = 0
        self.column = -1
        self.kind = self.style = ""
        self.reading = self.phonetic = self.formula = False
        self.in_formula = False
        self.pieces: list[str] = []
        self.formula_pieces: list[str] = []

    def start(self, name: str, attrs: dict[str, str]) -> None:
        tag = local(name)
        if tag == "c":
            self._start_cell(attrs)
        elif tag == "v" or (tag == "t" and not self.phonetic):
            self.reading = True
        elif tag == "f":
            self.formula = self.in_formula = True
        elif tag == "rPh":
            self.phonetic = True
        elif tag == "row":
            said = attrs.get("r", "")
            self.number = int(said) if said.isdecimal() else self.number + 1
            self.row, self.column = Row(self.number), -1

    def _start_cell(self, attrs: dict[str, str]) -> None:
        letters = attrs.get("r", "").rstrip("0123456789")
        self.column = (
            column_index(letters) if letters.isalpha() and letters.isascii() and letters.isupper() else self.column + 1
        )
        self.kind, self.style = attrs.get("t", "n"), attrs.get("s", "")
        self.formula, self.pieces, self.formula_pieces = False, [], []

    def text(self, words: str) -> None:
        if self.reading and len(self.pieces) < 50:  # one piece is up to 8 KB
            self.pieces.append(words)
        elif self.in_formula and len(self.formula_pieces) < 50:
            self.formula_pieces.append(words)

    def end(self, name: str) -> None:
        tag = local(name)
        if tag in ("v", "t"):
            self.reading = False
        elif tag == "f":
            self.in_formula = False
        elif tag == "rPh":
            self.phonetic = False
        elif tag == "c":
            self._end_cell()
        elif tag == "row" and self.row.cells:
            self.ready.append(self.row)

    def _end_cell(self) -> None:
        if 0 <= self.column < MOST_COLUMNS:
            value = self._value("".join(self.pieces)[:MOST_LETTERS])
            if value is None and self.formula:
                value = MissingFormula("=" + "".join(self.formula_pieces)[:200])
            if value is not None and value != "":
                self.row.cells[self.column] = value
            if self.formula:
                self.row.formulas.add(self.column)

    def _value(self, raw: str) -> Any:
        if self.kind == "s":
            return self._shared(raw)
        if self.kind in ("inlineStr", "str"):
            return _ESCAPE.sub(_unescape, raw)[:MOST_LETTERS] or None
        if not raw:
            return None
        if self.kind == "b":
            return raw == "1"
        if self.kind == "e":
            return BadCell(raw)
        if self.kind == "d":
            return raw.partition("T")[0]
        return self._number(raw)

    def _shared(self, raw: str) -> str | None:
        at = int(raw) if raw.isdecimal() else -1
        if 0 <= at < len(self.book.strings):
            return _ESCAPE.sub(_unescape, self.book.strings[at][:MOST_LETTERS])
        return None

    def _number(self, raw: str) -> Any:
        try:
            value = float(raw)
        except ValueError:
            return raw
        if self.style.isdecimal() and int(self.style) in self.book.date_styles:
            day = from_serial(value, self.book.epoch_1904)
            return day if day else Shown(value, raw)
        return Shown(value, raw)


def _unescape(match: re.Match[str]) -> str:
    sign = chr(int(match[1], 16))
    return "" if sign < " " and sign not in "\n\t" else sign


def read_rows(book: Workbook, sheet: Sheet) -> Iterator[Row]:
    """Every row that holds something. Values: str, Shown (a number), date, bool, BadCell, MissingFormula."""
    with book.archive.open(sheet.part) as stream:
        tall = merged(stream)
    reader = _Reader(book)
    made = parser()
    made.StartElementHandler, made.EndElementHandler, made.CharacterDataHandler = reader.start, reader.end, reader.text
    carried: dict[int, tuple[int, Any]] = {}  # column → (last row, value)
    with book.archive.open(sheet.part) as stream:
        for position in feed(made, stream):
            book.position = position
            for row in reader.ready:
                if tall:
                    _fill(row, tall, carried)
                yield row
            reader.ready.clear()


def _fill(row: Row, tall: dict[tuple[int, int], int], carried: dict[int, tuple[int, Any]]) -> None:
    """Give the lower rows of a merged cell its value."""
    for column, (last, value) in list(carried.items()):
        if row.number > last:
            del carried[column]
        else:
            row.cells.setdefault(column, value)
    for column, value in row.cells.items():
        last = tall.get((row.number, column), 0)
        if last:
            carried[column] = (last, value)

"""A register read from a workbook row by row, each row by its verb: previewed first, harmless when read again (issue 4 line 9).

Sheets are known by their titles and columns by their headings, in any order. An import adds and corrects, it never
removes. What is not taken is named by sheet, row, column, value and reason.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from guanjia.tenancy.errors import Refused

from .cells import CellError, printable, text
from .dates import day
from .workbook import Workbook

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from guanjia.estates.models import Estate
    from guanjia.people.reach import Reach

MOST = 20_000  # rows of a sheet
SHOWN = 500  # refusals kept with the job
CREATED, CHANGED, UNCHANGED = "created", "changed", "unchanged"


class WrongCell(Refused):
    """A row is not taken because of what stands in one of its columns."""

    def __init__(self, column: str, sentence: object) -> None:
        super().__init__(sentence, code="wrong_cell")
        self.column = column


class Said(dict[str, str]):
    """A row as words: heading → what stands there, "" where nothing does."""

    def __missing__(self, column: str) -> str:
        return ""

    def must(self, column: str) -> str:
        if not self[column]:
            raise WrongCell(column, _("没有填写。"))
        return self[column]

    def day(self, column: str) -> date | None:
        try:
            return day(self[column]) if self[column] else None
        except CellError as wrong:
            raise WrongCell(column, wrong.reason) from None

    def whole(self, column: str) -> int | None:
        if not self[column]:
            return None
        if not self[column].isdecimal() or len(self[column]) > 9:
            raise WrongCell(column, _("应为整数，请核对。"))
        return int(self[column])

    def one_of(self, column: str, choices: Any, default: str = "") -> str:
        """The value whose label (or key) stands there; `default` where nothing does."""
        if not self[column]:
            return default
        known = {words: value for value, label in choices for words in (str(value), str(label))}
        with translation.override(settings.LANGUAGE_CODE):  # a file written in Chinese is read in any language
            known |= {str(label): value for value, label in choices}
        if self[column] not in known:
            listed = "、".join(str(label) for _value, label in choices)
            raise WrongCell(column, _("不认识的内容，可填：%(choices)s。") % {"choices": listed[:200]})
        return known[self[column]]

    def yes(self, column: str) -> bool:
        return self[column].lower() in ("是", "yes", "y", "1", "✓", "√")


class _Preview(Exception):
    """Rolls the work back."""


class Reader:
    """One file at one estate, for one person. `takes()` says which verb reads which sheet."""

    SHEETS: ClassVar[dict[str, list[str]]] = {}

    def __init__(self, estate: Estate, reach: Reach, at: datetime) -> None:
        self.estate, self.reach, self.at = estate, reach, at
        self.counts: dict[str, dict[str, int]] = {}
        self.refused: list[dict[str, Any]] = []

    def takes(self) -> dict[str, Callable[[Said], str]]:
        raise NotImplementedError

    def look_ahead(self, sheet: str, rows: list[Said]) -> None:
        """What a sheet says as a whole, before its first row is taken."""

    def read(self, path: Path, progress: Callable[..., None], *, dry: bool = False) -> dict[str, Any]:
        """All rows in one transaction, each in a savepoint. `dry` does the same work and rolls it back."""
        try:
            with transaction.atomic():
                self._read(path, progress)
                if dry:
                    raise _Preview
        except _Preview:
            pass
        sums = {what: sum(row[what] for row in self.counts.values()) for what in (CREATED, CHANGED, UNCHANGED)}
        sheets = [{"title": title, **counts} for title, counts in self.counts.items()]
        return {**sums, "sheets": sheets, "refused": self.refused[:SHOWN], "refusals": len(self.refused), "dry": dry}

    def _read(self, path: Path, progress: Callable[..., None]) -> None:
        takes = self.takes()
        with Workbook.open(path) as book:
            known = {sheet.name.strip(): sheet for sheet in book.sheets}
            if not set(known) & set(takes):
                raise Refused(_("没有认得的工作表，要叫：%(sheets)s。") % {"sheets": "、".join(takes)}, code="no_sheet")
            for title, take in takes.items():  # in our order: a zone before its posts
                if title in known:
                    self._sheet(title, self._rows(book, known[title]), take, progress)

    def _rows(self, book: Workbook, sheet: Any) -> list[tuple[int, Said]]:
        heads: dict[int, str] = {}
        found: list[tuple[int, Said]] = []
        for row in book.rows(sheet):
            if not heads:
                heads = {column: str(value).strip() for column, value in row.cells.items()}
                continue
            if len(found) >= MOST:
                raise Refused(_("行数太多，请拆成几个文件。"), code="too_many")
            said, wrong = Said(), ""
            for column, value in row.cells.items():
                try:
                    said[heads.get(column, "")] = self.words(value)
                except CellError as slip:
                    wrong = heads.get(column, "")
                    self._refuse(sheet.name, row.number, wrong, printable(value), slip.reason)
            if any(said.values()) and not wrong:
                found.append((row.number, said))
        return found

    def words(self, value: Any) -> str:
        """A cell as words; CellError for one that cannot be read."""
        return text(value)

    def _sheet(self, title: str, rows: list[tuple[int, Said]], take: Any, progress: Callable[..., None]) -> None:
        counts: dict[str, int] = defaultdict(int, {CREATED: 0, CHANGED: 0, UNCHANGED: 0})
        self.counts[title] = counts
        self.look_ahead(title, [said for _number, said in rows])
        for done, (number, said) in enumerate(rows):
            progress(done, len(rows), title)
            try:
                with transaction.atomic():
                    counts[take(said)] += 1
            except WrongCell as wrong:
                self._refuse(title, number, wrong.column, said[wrong.column], str(wrong))
            except Refused as wrong:
                self._refuse(title, number, "", next(iter(said.values())), str(wrong))
            except (CellError, ValueError, DataError, IntegrityError) as slip:
                reason = slip.reason if isinstance(slip, CellError) else _("这一行填得不对。")
                self._refuse(title, number, "", next(iter(said.values())), reason)

    def _refuse(self, sheet: str, row: int, column: str, value: str, reason: str) -> None:
        said = {"sheet": sheet, "row": row, "column": column, "value": value[:80], "reason": reason}
        self.refused.append(said)

"""A week's roster from a workbook: a name a row, a column a day; rows that cannot be read are named with their reason (STF-17).

Columns are known by their headings: 姓名, and a date (an Excel date or 2026-03-09) or a weekday of the week asked for.
An empty cell leaves the day as it stands.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import xlsxwriter
from django.utils.translation import gettext as _

from guanjia.duties.forms import colleagues
from guanjia.duties.models import Roster
from guanjia.rulebooks.shifts import shifts_book, title_of
from guanjia.tenancy.errors import Refused

from .cells import CellError, text
from .dates import day
from .workbook import Workbook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from guanjia.duties.rostering import Cell
    from guanjia.estates.models import Estate

MOST = 5_000  # rows
NAME = "姓名"
WEEK = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


class RefusedRow(NamedTuple):
    number: int  # as Excel shows it
    name: str
    reason: str


def read(path: Path, estate: Estate, monday: date) -> tuple[list[Cell], list[RefusedRow]]:
    """(cells, rows refused) of the first visible sheet. Refused as a whole where the headings are not there."""
    reader = _Reader(estate)
    with Workbook.open(path) as book:
        sheet = next((each for each in book.sheets if not each.hidden), None)
        rows = book.rows(sheet) if sheet else iter(())
        days = _headings(rows, monday)
        for count, row in enumerate(rows):
            if count >= MOST:
                raise Refused(_("行数太多，请拆成几个文件。"), code="too_many")
            reader.row(row, days)
    return reader.cells, reader.refused


def _headings(rows: Iterator[Any], monday: date) -> dict[int, date | None]:
    """Column → its day, None for the name's; of the first row that has both."""
    for row in rows:
        found = {column: said for column, value in row.cells.items() if (said := _heading(value, monday)) is not False}
        if None in found.values() and len(found) > 1:
            return found  # type: ignore[return-value]  # no False is left
        if row.number > 10:
            break
    raise Refused(_("没有找到表头：要有“姓名”，和日期或周一到周日。"), code="no_headings")


def _heading(value: Any, monday: date) -> date | bool | None:
    """The day a heading names, None for the name's column, False for any other."""
    try:
        if isinstance(value, datetime):
            return value.date()
        said = text(value)
        if said in (NAME, _(NAME)):
            return None
        for number, words in enumerate(WEEK):
            if said in (words, _(words), words.replace("周", "星期")):
                return monday + timedelta(days=number)
        return day(value) or False
    except CellError:
        return False


class _Reader:
    def __init__(self, estate: Estate) -> None:
        people = list(colleagues(estate).values_list("name", "pk"))
        twice = Counter(name for name, _pk in people)
        self.people = {name: pk for name, pk in people if twice[name] == 1}
        self.twice = {name for name, count in twice.items() if count > 1}
        shifts = shifts_book().shifts
        self.shifts = {words: key for key, entry in shifts.items() for words in (key, entry.title, title_of(key))}
        self.cells: list[Cell] = []
        self.refused: list[RefusedRow] = []
        self.seen: set[int] = set()

    def row(self, row: Any, days: dict[int, date | None]) -> None:
        """All of a row or nothing of it."""
        name = ""
        try:
            said = {column: text(value) for column, value in row.cells.items() if column in days}
            name = next((said.get(column, "") for column, at in days.items() if at is None), "")
            if not any(said.values()):
                return
            person = self._person(name)
            made = [
                (person, at, self._shift(words)) for column, words in said.items() if words and (at := days[column])
            ]
        except (Refused, CellError) as slip:
            self.refused.append(RefusedRow(row.number, name[:40], str(slip)))
            return
        self.seen.add(person)
        self.cells += made

    def _person(self, name: str) -> int:
        if name in self.twice:
            raise Refused(_("有几位同事叫这个名字，请在页面上排。"))
        if name not in self.people:
            raise Refused(_("在职的同事里没有这个人。") if name else _("没有写姓名。"))
        if self.people[name] in self.seen:
            raise Refused(_("这个人前面已有一行。"))
        return self.people[name]

    def _shift(self, words: str) -> str:
        if words not in self.shifts:
            raise Refused(_("没有这个班次：%(shifts)s") % {"shifts": words[:20]})
        return self.shifts[words]


def write(target: IO[bytes], estate: Estate, monday: date) -> None:
    """The week as it stands, to be filled in and sent back; shifts are chosen from a list."""
    days = [monday + timedelta(days=number) for number in range(7)]
    rows = Roster.objects.at_estate(estate).filter(day__in=days).values_list("person_id", "day", "shift")
    known = {(person, at): shift for person, at, shift in rows}
    with xlsxwriter.Workbook(
        target, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    ) as book:
        sheet, head = (
            book.add_worksheet(),
            book.add_format({"bold": True, "bg_color": "#E8F0EF", "num_format": "yyyy-mm-dd"}),
        )
        sheet.write_string(0, 0, _(NAME), head)
        sheet.set_column(0, 7, 13)
        for column, at in enumerate(days, 1):
            sheet.write_datetime(0, column, datetime(at.year, at.month, at.day), head)  # noqa: DTZ001 – a calendar day
        people = list(colleagues(estate))
        for line, person in enumerate(people, 1):
            sheet.write_string(line, 0, person.name)
            for column, at in enumerate(days, 1):
                if shift := known.get((person.pk, at)):
                    sheet.write_string(line, column, title_of(shift))
        titles = [title_of(key) for key in shifts_book().shifts]
        sheet.data_validation(1, 1, max(len(people), 1), 7, {"validate": "list", "source": titles})
        sheet.freeze_panes(1, 1)

"""The whole workbook onto the stage: sheets recognised, then read in the order in which they depend on each other."""

from __future__ import annotations

from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.billing.models import Fee
from guanjia.estates.models import Building, Entrance
from guanjia.events.sentences import listed
from guanjia.households.models import Household

from .container import Unusable, most_units
from .headings import LOOK_WITHIN, Found, recognise
from .layouts import LAYOUTS
from .readers import buildings, fees, flat, owners, parking, rooms
from .readers.base import Known, View
from .workbook import Sheet, Workbook

if TYPE_CHECKING:
    from collections.abc import Callable

    from guanjia.estates.models import Estate

    from .refusals import Log
    from .stage import Stage

READERS = {
    "buildings": buildings.read,
    "owners": owners.read,
    "fees": fees.read,
    "rooms": rooms.read,
    "parking": parking.read,
    "flat": flat.read,
}
ORDER = ("buildings", "flat", "owners", "fees", "rooms", "parking")
ROWS_A_UNIT = 3  # people and parking may be three times as many as units


def find_sheets(book: Workbook) -> list[tuple[Sheet, Found]]:
    """The visible sheets we know, in reading order. Raises Unusable, naming what was looked for, when there is none."""
    found = []
    for sheet in book.sheets:
        if not sheet.hidden and (layout := recognise(islice(book.rows(sheet), LOOK_WITHIN))):
            found.append((sheet, layout))
    if not found:
        titles = listed(column.title for column in LAYOUTS[-1].columns[:6])
        sheets = listed(sheet.name for sheet in book.sheets[:8])
        sentence = _("没有找到认识的表头（看了：%(sheets)s）。请下载模板对照，至少要有：%(titles)s。")
        raise Unusable(sentence % {"sheets": sheets, "titles": titles}, code="no_headings")
    return sorted(found, key=lambda pair: ORDER.index(pair[1].layout.key))


def read_workbook(path: Path, estate: Estate, stage: Stage, log: Log, progress: Callable[[float], None]) -> None:
    """Read every known sheet; `progress` is told the share read so far, 0–1. Must run in the estate's scope."""
    known = load_known(estate)
    with Workbook.open(path) as book:
        sheets = find_sheets(book)
        taken = {sheet.part for sheet, _found in sheets}
        log.ignored = [sheet.name for sheet in book.sheets if sheet.part not in taken]
        total = sum(book.size(sheet) for sheet, _found in sheets) or 1
        before = 0
        for sheet, found in sheets:
            _read_sheet(
                book,
                sheet,
                found,
                known,
                stage,
                log,
                partial(_share, progress, before, total),
            )
            before += book.size(sheet)
            for number, floors in stage.derived_buildings.items():
                known.buildings[number] = max(known.buildings.get(number, 0), floors)
            known.entrances |= {
                key: top for key, (top, _lift) in stage.derived_entrances.items() if key not in known.entrances
            }


def _share(progress: Callable[[float], None], before: int, total: int, position: int) -> None:
    progress((before + position) / total)


def _read_sheet(
    book: Workbook, sheet: Sheet, found: Found, known: Known, stage: Stage, log: Log, progress: Callable[[int], None]
) -> None:
    read = READERS[found.layout.key]
    most = most_units() * (ROWS_A_UNIT if found.layout.key in ("owners", "parking") else 1)
    rows = 0
    for row in book.rows(sheet):
        if row.number <= found.row:
            continue
        view = View(sheet.name, found, row, log)
        if view.empty:
            continue
        rows += 1
        if rows > most:
            sentence = _("工作表「%(sheet)s」超过 %(most)d 行，请拆成几个文件分别导入。")
            raise Unusable(sentence % {"sheet": sheet.name, "most": most}, code="too_many_rows")
        if row.formulas:
            log.formulas[sheet.name] += 1
        read(view, known, stage)
        if rows % 500 == 0:
            progress(book.position)


def load_known(estate: Estate) -> Known:
    """What rows may point at already."""
    return Known(
        today=clock.today(estate),
        buildings=dict(Building.objects.at_estate(estate).values_list("number", "floors")),
        entrances={
            (building, number): floors
            for building, number, floors in Entrance.objects.at_estate(estate).values_list(
                "building__number", "number", "floors"
            )
        },
        households=set(Household.objects.at_estate(estate).values_list("number", flat=True).iterator()),
        fees=set(Fee.objects.at_estate(estate).values_list("number", flat=True)),
    )

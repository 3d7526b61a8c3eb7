"""The refused rows as a workbook of their own: as they were, with the reasons beside, to be mended and sent again."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.utils.translation import gettext as _

from guanjia.events.sentences import labelled, listed

from .cells import BadCell, number_text
from .reading import find_sheets
from .workbook import Workbook

if TYPE_CHECKING:
    from .refusals import Log

# Headings of the added columns; no layout knows them, so a mended file is read without them.
MARK, REASON, LINE = "拒收列", "拒收原因", "原行号"


def write_refused(source: Path, target: Path, log: Log) -> None:
    """Write `target`.xlsx: every sheet's headings and the rows of `log`, in their order. Nothing becomes a formula."""
    reasons: dict[tuple[str, int], list[tuple[str, str]]] = defaultdict(list)
    for refusal in log.refusals:
        reasons[refusal.sheet, refusal.row].append((refusal.column, refusal.reason))
    book = xlsxwriter.Workbook(
        target,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    bold, red = (
        book.add_format({"bold": True, "bg_color": "#E7EFEE"}),
        book.add_format({"font_color": "#B42318", "text_wrap": True}),
    )
    with Workbook.open(source) as old:
        for sheet, found in find_sheets(old):
            if not any(name == sheet.name for name, _row in reasons):
                continue
            page = book.add_worksheet(sheet.name[:31])
            columns = sorted(found.titles)
            for place, words in enumerate([*(found.titles[index] for index in columns), MARK, REASON, LINE]):
                page.write_string(0, place, words, bold)
            page.set_column(0, len(columns), 14)
            page.set_column(len(columns) + 1, len(columns) + 1, 60)
            line = 0
            for row in old.rows(sheet):
                if said := reasons.get((sheet.name, row.number)):
                    line += 1
                    _write_row(page, line, [row.cells.get(index) for index in columns])
                    page.write_string(
                        line, len(columns), listed(dict.fromkeys(column for column, _reason in said)), red
                    )
                    page.write_string(
                        line, len(columns) + 1, "\n".join(labelled(column, reason) for column, reason in said)[:2000], red
                    )
                    page.write_number(line, len(columns) + 2, row.number)
    if not book.worksheets():
        book.add_worksheet(_("没有拒收"))
    book.close()


def _write_row(page: Any, line: int, values: list[Any]) -> None:
    for place, value in enumerate(values):
        if value is None:
            continue
        if isinstance(value, BadCell):
            page.write_string(line, place, value.sign)
        elif isinstance(value, date):
            page.write_string(line, place, value.isoformat())
        elif isinstance(value, bool):
            page.write_boolean(line, place, value)
        elif isinstance(value, float) and abs(value) < 1e11:
            page.write_number(line, place, value)
        else:
            page.write_string(line, place, number_text(value) if isinstance(value, float) else str(value))

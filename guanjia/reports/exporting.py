"""制度执行 as an Excel file: one row a clause, as the page shows them."""

from __future__ import annotations

import tempfile
from typing import IO, TYPE_CHECKING, Any

import xlsxwriter
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from .reading import Line, ProofQuery

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet may take for a formula


def workbook(query: ProofQuery) -> IO[bytes]:
    """The file, open at its beginning."""
    rows = [_cells(book.title, line) for book, lines, bare in query.groups() for line in (*lines, *bare)]
    heads = [
        (_("制度"), 18), (_("条款"), 10), (_("标题"), 28), (_("状态"), 8), (_("应做"), 8), (_("做到"), 8), (_("没做到"), 8),
        (_("谁没做到"), 30), (_("依据"), 24), (_("内容"), 60),
    ]  # fmt: skip
    return sheet_of(_("制度执行"), heads, rows)


def _cells(book: str, line: Line) -> list[Any]:
    row, entry = line.row, line.clause.entry
    who = "、".join(f"{name} {n}" for name, n in line.who)
    return [
        _(book), line.clause.id, line.title, line.word, row.total.due, row.total.kept, row.total.breached, who,
        "; ".join(entry.source), _(entry.text) if entry.text else "",
    ]  # fmt: skip


def sheet_of(title: str, heads: list[tuple[str, int]], rows: list[list[Any]]) -> IO[bytes]:
    """A workbook of one sheet: numbers as numbers, everything else as text that can never run."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 — the answer closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, head = book.add_worksheet(title[:31]), book.add_format({"bold": True, "bg_color": "#E8F0EF", "bottom": 1})
    quoted = book.add_format({"quote_prefix": True})
    sheet.freeze_panes(1, 0)
    for column, (words, width) in enumerate(heads):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, words, head)
    for number, cells in enumerate(rows, 1):
        for column, value in enumerate(cells):
            if isinstance(value, int | float):
                sheet.write_number(number, column, value)
            elif value:
                sheet.write_string(number, column, str(value)[:32767], quoted if str(value).startswith(DANGEROUS) else None)
    book.close()
    file.seek(0)
    return file

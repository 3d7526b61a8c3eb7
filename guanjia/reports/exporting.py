"""制度执行 as an Excel file: one row a clause, as the page shows them."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia.tenancy.workbooks import book_of

if TYPE_CHECKING:
    from .reading import Line, ProofQuery



def workbook(query: ProofQuery) -> IO[bytes]:
    """The file, open at its beginning."""
    rows = [_cells(book.title, line) for book, lines, bare in query.groups() for line in (*lines, *bare)]
    heads = [
        (_("制度"), 18), (_("条款"), 10), (_("标题"), 28), (_("状态"), 8), (_("应做"), 8), (_("做到"), 8), (_("没做到"), 8),
        (_("谁没做到"), 30), (_("依据"), 24), (_("内容"), 60),
    ]  # fmt: skip
    return book_of([(_("制度执行"), heads, rows)])


def _cells(book: str, line: Line) -> list[Any]:
    row, entry = line.row, line.clause.entry
    who = "、".join(f"{name} {n}" for name, n in line.who)
    return [
        _(book), line.clause.id, line.title, line.word, row.total.due, row.total.kept, row.total.breached, who,
        "; ".join(entry.source), _(entry.text) if entry.text else "",
    ]  # fmt: skip

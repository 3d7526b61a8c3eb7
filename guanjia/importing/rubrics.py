"""A rubric from a workbook: 编号, 类别, 项目, 分值, 扣分下限, 扣分上限, 检查点; rows that cannot be read are named (QLT-54)."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia.quality.rubric_rows import COLUMNS, cells, read
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.workbooks import book_of

from .cells import BadCell, CellError, text
from .workbook import Workbook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_ROWS = 500
NEEDED = {"key", "title", "points", "low", "high", "checks"}


def rows_of(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """(row, {column: text}) of the first sheet, by its headings. Refused when the headings are not there."""
    with Workbook.open(path) as book:
        heads: dict[int, str] = {}
        for count, row in enumerate(book.rows(book.sheets[0])):
            found = {index: _words(value) for index, value in row.cells.items()}
            if not heads:
                heads = {index: key for index, said in found.items() for key, title in COLUMNS.items() if said == title}
                if lacking := NEEDED - set(heads.values()):
                    titles = "、".join(COLUMNS[key] for key in COLUMNS if key in lacking)
                    raise Refused(_("第一行缺少表头：%(titles)s。") % {"titles": titles}, code="no_headings")
                continue
            if count > MOST_ROWS:
                raise Refused(_("行太多，一份细则最多 %(most)s 行。") % {"most": MOST_ROWS}, code="too_big")
            said = {key: found.get(index, "") for index, key in heads.items()}
            if any(said.values()):
                yield row.number, said


def _words(value: Any) -> str:
    try:
        return text(value)
    except CellError:
        return value.sign if isinstance(value, BadCell) else str(value).strip()


def preview(path: Path, head: dict[str, str]) -> tuple[dict[str, Any], list[tuple[int, str, str]]]:
    """The rubric as it would be kept, and the rows that are refused."""
    return read(rows_of(path), head)


def sheet(rubric: dict[str, Any]) -> IO[bytes]:
    """A rubric as a workbook that can be brought in again."""
    return book_of([(rubric["title"], list(COLUMNS.values()), [cells(item) for item in rubric["items"]])])

"""The card register from a workbook, by its headings: 卡号, 房号, 持卡人. A row that cannot be read is named with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia.gate.exporting import HEADS
from guanjia.gate.homes import household_of
from guanjia.gate.models import Card
from guanjia.staffing.finding import unit_for
from guanjia.tenancy.errors import NotAllowed, Refused

from .cells import CellError, text
from .roster import RefusedRow
from .workbook import Workbook

if TYPE_CHECKING:
    from pathlib import Path

MOST = 5_000  # rows


def read(path: Path, *, by: Any) -> tuple[int, list[RefusedRow]]:
    """(how many cards were entered, rows refused). A number that is known already is left as it is."""
    kept, refused = 0, []
    with Workbook.open(path) as book:
        sheet = next((each for each in book.sheets if not each.hidden), None)
        heads: dict[int, str] = {}
        for number, row in enumerate(book.rows(sheet) if sheet else ()):
            if number > MOST:
                raise Refused(_("行数太多，请拆成几个文件。"), code="too_many")
            try:
                cells = {column: text(value).removesuffix(".0") for column, value in row.cells.items()}
                if not heads:
                    heads = _heads(cells)
                    continue
                said = {name: cells.get(column, "").strip() for column, name in heads.items()}
                if any(said.values()):
                    kept += _keep(said, by)
            except (Refused, NotAllowed, CellError) as slip:
                if not heads:
                    raise slip if isinstance(slip, Refused) else Refused(str(slip), code="no_headings") from None
                words = _("不是您的片区。") if isinstance(slip, NotAllowed) else str(slip)
                refused.append(RefusedRow(row.number, cells.get(next(iter(heads)), "")[:40], words))
    if not heads:
        raise Refused(_("第一行要有“卡号、房号、持卡人”。"), code="no_headings")
    return kept, refused


def _heads(cells: dict[int, str]) -> dict[int, str]:
    heads = {column: name for column, said in cells.items() for name in HEADS if said in (name, _(name))}
    if set(HEADS) - set(heads.values()):
        raise Refused(_("第一行要有“卡号、房号、持卡人”。"), code="no_headings")
    return heads


def _keep(said: dict[str, str], by: Any) -> int:
    """1 for a card that was entered, 0 for one that is known."""
    if Card.objects.at_estate(by.estate).filter(number=said["卡号"].upper()).exists():
        return 0
    unit = unit_for(by.estate, said["房号"]) if said["房号"] else None
    if unit is None:
        raise Refused(_("没有找到这个房号。"))
    Card.objects.issue(unit, household_of(unit), said["持卡人"], said["卡号"], by=by)
    return 1

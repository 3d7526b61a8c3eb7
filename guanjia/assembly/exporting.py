"""The roll as a workbook: every unit with area and owner, whether it voted and how; never what."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from guanjia.tenancy.workbooks import book_of

if TYPE_CHECKING:
    from .models import Assembly


def roll_book(row: Assembly) -> IO[bytes]:
    given = {one.unit_id: one for one in row.ballots.all()}
    heads = [_("房号"), _("面积（平方米）"), _("业主"), _("是否投票"), _("方式"), _("时间")]
    cells = []
    for line in row.roll.select_related("unit", "household").order_by("unit__building__order", "unit__code"):
        ballot = given.get(line.unit_id)
        owner = line.household.name if line.household else _("建设单位") if line.owner == "builder" else _("没有登记业主")
        cells.append([line.unit.code, line.area, owner, _("已投") if ballot else _("未投"), ballot.get_way_display() if ballot else "", ballot.at if ballot else None])
    return book_of([(_("表决名册"), heads, cells)], ZoneInfo(row.estate.time_zone))

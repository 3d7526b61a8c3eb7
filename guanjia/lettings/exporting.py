"""Spaces with who has them, and the contracts, as a workbook; the first sheet is read again (guanjia/importing/lines.py, contracts.py)."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from guanjia import clock
from guanjia.tenancy.workbooks import book_of

from .models import Lease, Space

if TYPE_CHECKING:
    from guanjia.people.reach import Reach

HEADS = ("类别", "编号", "图纸编号", "位置", gettext_noop("面积"), "月租金")
LEASE_HEADS = ("类别", gettext_noop("位置编号"), "租期从", "租期到", "月租金", "承租房号", "车牌")
MOST = 20_000


def register(reach: Reach, *, only_leases: bool = False) -> IO[bytes]:
    """What the reader may see, as it stands today; the contracts alone are read again as they are."""
    today = clock.today(reach.estate)
    leases = Lease.objects.visible_to(reach).select_related("space", "unit", "household").order_by("-first")[:MOST]
    holds: dict[int, Any] = {row.space_id: row for row in leases if row.first <= today <= row.last}
    rows = []
    for space in Space.objects.visible_to(reach).order_by("kind", "code")[:MOST]:
        held = holds.get(space.pk)
        rows.append([
            space.get_kind_display(), space.code, space.plan, space.where, f"{space.area}", f"{space.price}",
            held.unit.code if held else "", held.household.name if held else "", f"{held.last}" if held else "", space.retired_why,
        ])  # fmt: skip
    lines = [
        [row.space.get_kind_display(), row.space.code, f"{row.first}", f"{row.last}", f"{row.price}", row.unit.code, row.plate, row.household.name, row.number, row.ended_why]
        for row in leases
    ]  # fmt: skip
    heads = [*(_(head) for head in HEADS), _("承租房号"), _("承租人"), _("租期到"), _("停用原因")]
    more = [*(_(head) for head in LEASE_HEADS), _("承租人"), _("合同编号"), _("提前结束原因")]
    contracts = (_("租赁合同"), more, lines)
    return book_of([contracts] if only_leases else [(_("租赁位置"), heads, rows), contracts])

"""Service orders as a workbook (F-92)."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from guanjia.people.models import Person
from guanjia.tenancy.workbooks import book_of

if TYPE_CHECKING:
    from datetime import datetime

MOST = 20_000


def orders_book(estate: Any, rows: Any) -> IO[bytes]:
    """What the reader may see, newest first; times are the estate's."""
    zone = ZoneInfo(estate.time_zone)

    def at(moment: datetime | None) -> str:
        return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M") if moment else ""

    orders = list(rows.select_related("unit", "household", "supplier").order_by("-ordered_at")[:MOST])
    names = dict(Person.objects.filter(pk__in={row.worker_id for row in orders if row.worker_id}).values_list("pk", "name"))
    heads = [_("编号"), _("房号"), _("住户"), _("服务"), _("要求"), _("状态"), _("预约时间"), _("承诺时间"), _("办理人"), _("完成时间"), _("按承诺"), _("收费（元）"), _("星级"), _("评价")]
    lines = [
        [row.number, row.unit.code, row.household.name, row.title, "；".join([*(f"{a}：{b}" for a, b in row.asked), row.words]).strip("；"), row.get_stage_display(),
         at(row.ordered_at), at(row.due_at), row.supplier.name if row.supplier else names.get(row.worker_id or 0, ""), at(row.done_at),
         "" if row.kept_promise is None else _("是") if row.kept_promise else _("否"), f"{row.amount:.2f}" if row.amount is not None else "", row.stars or "", row.rating]
        for row in orders
    ]  # fmt: skip
    return book_of([(_("特约服务单"), heads, lines)])

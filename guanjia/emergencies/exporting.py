"""The register of emergencies and drills, the hazards and the fires as workbooks (F-87, F-89, QLT-60)."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from guanjia.people.models import Person
from guanjia.tenancy.workbooks import book_of

if TYPE_CHECKING:
    from datetime import datetime

MOST = 5000


def _times(estate: Any) -> Any:
    zone = ZoneInfo(estate.time_zone)

    def at(moment: datetime | None) -> str:
        return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M") if moment else ""

    return at


def counted(rows: Any) -> Any:
    """Emergencies with how many tasks were done in time and how many homes were hit."""
    return rows.select_related("building", "unit", "started_by", "down_by").annotate(
        tasks=Count("orders", distinct=True), in_time=Count("orders", filter=Q(orders__done_at__lte=F("orders__due_at")), distinct=True), hit=Count("homes", distinct=True)
    )  # fmt: skip


def register(estate: Any, rows: Any) -> IO[bytes]:
    at = _times(estate)
    heads = [_("编号"), _("事件"), _("地点"), _("启动时间"), _("启动人"), _("解除时间"), _("解除人"), _("处置情况"), _("任务"), _("按时完成"), _("受影响住户"), _("申报给"), _("申报时间"), _("状态")]
    lines = [
        [row.number, row.title, row.where, at(row.started_at), row.started_by.name, at(row.down_at), row.down_by.name if row.down_by else "", row.down_words, row.tasks, row.in_time,
         row.hit, row.declared_to, at(row.declared_at), _("误报") if row.false_alarm else row.get_stage_display()]
        for row in counted(rows).order_by("-started_at")[:MOST]
    ]  # fmt: skip
    return book_of([(_("突发事件登记"), heads, lines)])


def hazards(estate: Any, rows: Any) -> IO[bytes]:
    at = _times(estate)
    found = list(rows.select_related("building").order_by("-found_at")[:MOST])
    ids = {pk for row in found for pk in (row.found_by_id, row.responsible_id, row.cleared_by_id) if pk}
    names = dict(Person.objects.filter(pk__in=ids).values_list("pk", "name"))
    heads = [_("隐患"), _("严重程度"), _("位置"), _("发现人"), _("发现时间"), _("应消除时间"), _("措施"), _("责任人"), _("消除时间"), _("消除人"), _("消除情况")]
    lines = [
        [row.words, row.severity_title, row.place, names.get(row.found_by_id, ""), at(row.found_at), at(row.due_at), row.measure, names.get(row.responsible_id or 0, ""),
         at(row.cleared_at), names.get(row.cleared_by_id or 0, ""), row.cleared_words]
        for row in found
    ]  # fmt: skip
    return book_of([(_("隐患登记"), heads, lines)])


def fires(estate: Any, rows: Any) -> IO[bytes]:
    at = _times(estate)
    found = rows.select_related("building", "unit", "by", "settled_by", "struck_by", "emergency", "ticket").order_by("-happened_at", "-pk")[:MOST]
    heads = [_("编号"), _("火情"), _("起火时间"), _("位置"), _("谁发现的"), _("登记人"), _("登记时间"), _("起火原因"), _("怎样查明的"), _("损失（元）"), _("伤亡人数"), _("查明时间"), _("应急"), _("报事"),
             _("作废的原因")]  # fmt: skip
    lines = [
        [row.number, row.words, at(row.happened_at), row.place, row.reporter, row.by.name, at(row.at), row.cause_title, row.cause_words, float(row.loss) if row.loss is not None else "", row.hurt,
         at(row.settled_at), row.emergency.number if row.emergency else "", row.ticket.number if row.ticket else "", row.struck_why]
        for row in found
    ]  # fmt: skip
    return book_of([(_("火情登记"), heads, lines)])

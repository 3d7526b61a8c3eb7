"""业主群: what was said there, and whether it was answered in 3 minutes, fed back in 30, closed in a day (COM-10, COM-11, CF-39)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from guanjia.clocks.models import Clock
from guanjia.duties.models import Task
from guanjia.tickets.kinds import OPEN, Channel
from guanjia.tickets.models import Ticket

if TYPE_CHECKING:
    from datetime import datetime

SPAN = timedelta(days=30)
SHOWN = 60
KINDS = ("sla_group_respond", "sla_group_feedback", "sla_group_close")
EVENING = "com_group_hour"


class Line(NamedTuple):
    """One of the three clocks over the last month."""

    label: str
    kept: int
    judged: int


def _labels() -> dict[str, str]:
    return dict(zip(KINDS, (_("3 分钟响应"), _("30 分钟反馈"), _("24 小时闭环")), strict=True))


def messages(reach: Any, now: datetime) -> Any:
    """Of the last month, within reach."""
    return Ticket.objects.visible_to(reach).filter(channel=Channel.GROUP, reported_at__gte=now - SPAN)


def measured(reach: Any, now: datetime) -> list[Line]:
    """How many of those that were stopped or have fallen due were in time; what was given up is not counted."""
    rows = Clock.objects.at_estate(reach.estate).filter(ticket__in=messages(reach, now).values("pk"), kind__in=KINDS).exclude(outcome__in=("superseded", "cancelled"))
    judged = Q(stopped_at__isnull=False) | Q(due_at__lt=now)
    found: dict[str, Any] = {row["kind"]: row for row in rows.order_by().values("kind").annotate(judged=Count("pk", filter=judged), kept=Count("pk", filter=Q(stopped_at__lte=F("due_at"))))}
    return [Line(label, found.get(kind, {}).get("kept", 0), found.get(kind, {}).get("judged", 0)) for kind, label in _labels().items()]


def listed(reach: Any, now: datetime) -> list[tuple[Ticket, list[tuple[str, str]], str]]:
    """Open ones first: (ticket, its clocks as (words, tone), what comes next: reply, feedback or nothing)."""
    rows = list(messages(reach, now).select_related("unit", "place").order_by("-reported_at")[:SHOWN])
    rows.sort(key=lambda row: row.stage not in OPEN or row.stage == "fed_back")
    clocks: dict[tuple[int, str], Clock] = {}
    for clock in Clock.objects.at_estate(reach.estate).filter(ticket__in=[row.pk for row in rows], kind__in=KINDS).exclude(outcome__in=("superseded", "cancelled")).order_by("pk"):
        clocks[clock.ticket_id, clock.kind] = clock
    return [(row, [_told(clocks[row.pk, kind], label, now) for kind, label in _labels().items() if (row.pk, kind) in clocks], _next(row, clocks)) for row in rows]


def _told(clock: Clock, label: str, now: datetime) -> tuple[str, str]:
    if clock.stopped_at:
        return label, "good" if clock.stopped_at <= clock.due_at else "bad"
    return label, "bad" if clock.due_at < now else "soon"


def _next(row: Ticket, clocks: dict[tuple[int, str], Clock]) -> str:
    if row.stage not in OPEN:
        return ""
    for kind, verb in (("sla_group_respond", "reply"), ("sla_group_feedback", "feedback")):
        clock = clocks.get((row.pk, kind))
        if clock is not None and clock.stopped_at is None:
            return verb
    return ""


def evening(reach: Any, now: datetime) -> Any:
    """This evening's task of the group hour, within reach."""
    rows = Task.objects.at_estate(reach.estate).visible_to(reach).open().filter(key=EVENING, missed_at__isnull=True, opens_at__lte=now + timedelta(hours=18))
    return rows.select_related("duty", "zone").order_by("due_at")[:4]

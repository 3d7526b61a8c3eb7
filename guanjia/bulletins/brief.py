"""对客日报: the day before in a few lines for owners, typed ahead to be edited; put out, it is the duty of the day done (COM-12)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from guanjia.duties.coverage import walked
from guanjia.duties.models import Task
from guanjia.estates.models import Building
from guanjia.people.models import Person
from guanjia.people.reach import reach_of
from guanjia.tenancy.errors import Refused
from guanjia.tickets.kinds import Stage
from guanjia.tickets.models import Ticket

if TYPE_CHECKING:
    from .models import Bulletin

KIND, DUTY = "daily", "com_bulletin"
SOON = 2  # days ahead


def title_of(estate: Any, now: datetime) -> str:
    today = now.astimezone(ZoneInfo(estate.time_zone))
    return _("%(month)s 月 %(day)s 日服务日报") % {"month": today.month, "day": today.day}


def words_of(estate: Any, now: datetime) -> str:
    """Yesterday's reports and rounds, what is still in hand, what is out: counts only, nobody's name. Four statements."""
    tz = ZoneInfo(estate.time_zone)
    midnight = datetime.combine(now.astimezone(tz).date(), time(), tz)
    since, day = midnight - timedelta(days=1), (midnight - timedelta(days=1)).date()
    real = Ticket.objects.at_estate(estate).exclude(stage__in=(Stage.MERGED, Stage.CANCELLED))
    told: dict[str, Any] = real.aggregate(
        came=Count("pk", filter=Q(reported_at__gte=since, reported_at__lt=midnight)), done=Count("pk", filter=Q(done_at__gte=since, done_at__lt=midnight)),
        left=Count("pk", filter=Q(done_at__isnull=True, closed_at__isnull=True)),
    )  # fmt: skip
    tasks: dict[str, Any] = Task.objects.at_estate(estate).filter(due_at__gte=since, due_at__lt=midnight, waived_at__isnull=True).aggregate(
        all=Count("pk"), done=Count("pk", filter=Q(done_at__isnull=False))
    )  # fmt: skip
    seen, buildings = len(walked(estate, day, day)), Building.objects.at_estate(estate).count()
    lines = [
        _("各位邻居早上好，%(day)s 的服务情况：") % {"day": f"{day.month} 月 {day.day} 日"},
        _("· 收到报事 %(came)s 件，办完 %(done)s 件，还有 %(left)s 件在办。") % told,
        _("· 巡查楼栋 %(seen)s / %(all)s 栋，日常工作完成 %(done)s / %(due)s 项。") % {"seen": seen, "all": buildings, "done": tasks["done"], "due": tasks["all"]},
        *_notices(estate, now, midnight + timedelta(days=SOON)), _("· 温馨提示："),
    ]  # fmt: skip
    return "\n".join(lines)


def _notices(estate: Any, now: datetime, until: datetime) -> list[str]:
    """What residents should know of today and tomorrow: outages that are out or about to be."""
    from .models import Bulletin
    from .models.bulletin import State

    rows = Bulletin.objects.at_estate(estate).filter(kind="outage", state__in=(State.OUT, State.APPROVED), starts_at__lt=until, ends_at__gt=now)
    return [_("· 通知：%(title)s") % {"title": row.title} for row in rows.order_by("starts_at")[:5]]


def fulfil(row: Bulletin, at: datetime) -> int:
    """The daily bulletin is out: the day's duty is done at the zones it is for, by whoever wrote it. How many tasks."""
    if row.kind != KIND:
        return 0
    writer = reach_of(Person.objects.get(pk=row.writer_id), row.estate, at)
    tasks = Task.objects.at_estate(row.estate_id).open().filter(key=DUTY, opens_at__lte=at, missed_at__isnull=True).select_related("duty")
    done = 0
    for task in tasks.filter(zone__in=row.zones) if row.zones or row.buildings else tasks:
        try:
            task.finish(by=writer, answers={"words": row.words[:1000], "where": _("住户手机和公告栏")}, at=at)
            done += 1
        except Refused:
            continue
    return done

"""The control room's big screen: what is open, late and due now. Counts and places only, nobody's name (design §7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.billing.arrears import rates
from guanjia.duties.coverage import walked
from guanjia.estates.models import Building
from guanjia.tickets.categories import categories
from guanjia.tickets.models import Ticket

if TYPE_CHECKING:
    from decimal import Decimal

    from guanjia.estates.models import Estate

NEWEST = 6
COUNTS = """
SELECT count(*) FILTER (WHERE t.klass = 'urgent'), count(*), count(*) FILTER (WHERE t.due_at < %(now)s),
  (SELECT count(*) FROM tickets_ticket d WHERE d.estate_id = %(estate)s AND d.done_at >= %(midnight)s)
FROM tickets_ticket t WHERE t.estate_id = %(estate)s AND t.done_at IS NULL AND t.closed_at IS NULL
"""
TASKS = """
SELECT count(*), count(*) FILTER (WHERE k.done_at IS NOT NULL), count(*) FILTER (WHERE k.done_at IS NULL AND k.due_at < %(now)s)
FROM duties_task k WHERE k.estate_id = %(estate)s AND k.due_at >= %(midnight)s AND k.due_at < %(midnight)s + interval '1 day' AND k.waived_at IS NULL
"""


@dataclass
class Line:
    at: datetime
    kind: str
    words: str
    place: str
    urgent: bool
    late: bool


@dataclass
class Wall:
    urgent: int
    open: int
    late: int
    done: int
    tasks: int
    tasks_done: int
    tasks_late: int
    patrolled: int
    buildings: int
    collection: Decimal | None
    waiting: list[Line]
    newest: list[Line]

    @property
    def tasks_share(self) -> int:
        return self.tasks_done * 100 // self.tasks if self.tasks else 0

    @property
    def patrol_share(self) -> int:
        return self.patrolled * 100 // self.buildings if self.buildings else 0


def wall(estate: Estate, now: datetime) -> Wall:
    """A handful of indexed statements: it is asked again and again."""
    day = clock.today(estate, now)
    named: dict[str, Any] = {"estate": estate.pk, "now": now, "midnight": datetime.combine(day, time(), ZoneInfo(estate.time_zone))}
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, named)
        urgent, open_now, late, done = cursor.fetchone()
        cursor.execute(TASKS, named)
        tasks, tasks_done, tasks_late = cursor.fetchone()
    whole = next(iter(rates(estate, day)), None)
    rows = Ticket.objects.at_estate(estate).select_related("unit__building", "place")
    waiting = rows.open().filter(done_at__isnull=True, due_at__isnull=False).order_by("due_at")[:NEWEST]
    newest = rows.filter(reported_at__gte=now - timedelta(days=2)).order_by("-reported_at")[:NEWEST]
    return Wall(
        urgent, open_now, late, done, tasks, tasks_done, tasks_late, len(walked(estate, day, day)), Building.objects.at_estate(estate).count(),
        whole.total if whole else None, [_line(row, row.due_at, now) for row in waiting], [_line(row, row.reported_at, now) for row in newest],
    )  # fmt: skip


def _line(row: Ticket, at: Any, now: datetime) -> Line:
    """What sort of thing, and the building: never words, room or name."""
    known = categories()
    sort = _(known[row.category].title) if row.category in known else row.get_kind_display()
    place = str(row.unit.building) if row.unit else str(row.place) if row.place else ""
    return Line(at, sort, row.get_stage_display(), place, row.klass == "urgent", bool(row.due_at and row.due_at < now and not row.done_at))

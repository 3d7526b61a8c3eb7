"""The control room's big screen: what is open, late and due now, who patrols, how many are at work. Counts and places only, nobody's name (design §7)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext as _

from guanjia.billing.arrears import rates
from guanjia.clocks.models import Clock
from guanjia.duties.coverage import walked
from guanjia.duties.models import Task
from guanjia.estates.models import Building
from guanjia.people.roles import title_of
from guanjia.rulebooks.form_book import covering
from guanjia.staffing.models import Attendance
from guanjia.staffing.turns import on_shift
from guanjia.tickets.categories import categories
from guanjia.tickets.counting import REAL
from guanjia.tickets.models import Ticket

if TYPE_CHECKING:
    from decimal import Decimal

    from guanjia.estates.models import Estate

SHOWN = 5
COUNTS = f"""
SELECT count(*) FILTER (WHERE t.klass = 'urgent'), count(*), count(*) FILTER (WHERE t.due_at < %(now)s),
  (SELECT count(*) FROM tickets_ticket t WHERE t.estate_id = %(estate)s AND t.done_at >= %(midnight)s AND {REAL}),
  (SELECT count(*) FROM tickets_ticket t WHERE t.estate_id = %(estate)s AND t.reported_at >= %(midnight)s AND {REAL})
FROM tickets_ticket t WHERE t.estate_id = %(estate)s AND t.done_at IS NULL AND t.closed_at IS NULL
"""
TASKS = """
SELECT count(*), count(*) FILTER (WHERE k.done_at IS NOT NULL), count(*) FILTER (WHERE k.done_at IS NULL AND k.due_at < %(now)s)
FROM duties_task k WHERE k.estate_id = %(estate)s AND k.due_at >= %(midnight)s AND k.due_at < %(midnight)s + interval '1 day' AND k.waived_at IS NULL
"""


@dataclass
class Line:
    """`due` counts down or up in the browser; `at` is when it came."""

    at: datetime
    kind: str
    words: str
    place: str
    due: datetime | None = None
    urgent: bool = False
    late: bool = False


@dataclass
class Wall:
    urgent: int
    open: int
    late: int
    done: int
    reported: int
    tasks: int
    tasks_done: int
    tasks_late: int
    patrolled: int
    buildings: int
    collection: Decimal | None
    waiting: list[Line]
    patrols: list[Line]
    newest: list[Line]
    posts: list[tuple[str, int, int]]  # post, clocked in, on shift

    @property
    def tasks_share(self) -> int:
        return self.tasks_done * 100 // self.tasks if self.tasks else 0

    @property
    def patrol_share(self) -> int:
        return self.patrolled * 100 // self.buildings if self.buildings else 0

    @property
    def at_work(self) -> int:
        return sum(here for _post, here, _due in self.posts)

    @property
    def on_shift(self) -> int:
        return sum(due for _post, _here, due in self.posts)


def wall(estate: Estate, now: datetime) -> Wall:
    """A dozen indexed statements: it is asked again and again."""
    tz = ZoneInfo(estate.time_zone)
    day = now.astimezone(tz).date()
    named: dict[str, Any] = {"estate": estate.pk, "now": now, "midnight": datetime.combine(day, time(), tz)}
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, named)
        urgent, open_now, late, done, reported = cursor.fetchone()
        cursor.execute(TASKS, named)
        tasks, tasks_done, tasks_late = cursor.fetchone()
    whole = next(iter(rates(estate, day)), None)
    rows = Ticket.objects.at_estate(estate).select_related("unit__building", "place").filter(reported_at__gte=now - timedelta(days=2))
    return Wall(
        urgent, open_now, late, done, reported, tasks, tasks_done, tasks_late, len(walked(estate, day, day)), Building.objects.at_estate(estate).count(),
        whole.total if whole else None, _clocks(estate, now), _patrols(estate, now), [_line(row, row.reported_at) for row in rows.order_by("-reported_at")[:SHOWN]], _posts(estate, now),
    )  # fmt: skip


def _line(row: Ticket, at: datetime, due: datetime | None = None, words: str = "") -> Line:
    """What sort of thing, and the building: never what was said, room or name."""
    known = categories()
    sort = _(known[row.category].title) if row.category in known else row.get_kind_display()
    place = str(row.unit.building) if row.unit else str(row.place) if row.place else ""
    return Line(at, sort, words or row.get_stage_display(), place, due, row.klass == "urgent")


def _clocks(estate: Estate, now: datetime) -> list[Line]:
    """Of every open report the running clock that is due first; urgent ones on top, then by time."""
    rows = Clock.objects.at_estate(estate).filter(stopped_at__isnull=True, paused_at__isnull=True, ticket__done_at__isnull=True, ticket__closed_at__isnull=True)
    first = rows.select_related("ticket__unit__building", "ticket__place").order_by("ticket_id", "due_at").distinct("ticket_id")
    found = sorted(first, key=lambda one: (one.ticket.klass != "urgent", one.due_at))[:SHOWN]
    lines = [_line(one.ticket, one.started_at, one.due_at, one.title) for one in found]
    for line in lines:
        line.late = bool(line.due and line.due < now)
    return lines


def _patrols(estate: Estate, now: datetime) -> list[Line]:
    """Rounds whose time it is, those due first."""
    rows = Task.objects.at_estate(estate).open().filter(duty__form__in=covering(), opens_at__lte=now, missed_at__isnull=True)
    rows = rows.filter(due_at__gt=now - timedelta(hours=12)).select_related("duty", "zone", "building").order_by("due_at", "pk")[:SHOWN]
    return [Line(row.opens_at, row.title, "", str(row.building or row.zone or ""), row.due_at, late=row.due_at < now) for row in rows]


def _posts(estate: Estate, now: datetime) -> list[tuple[str, int, int]]:
    """How many of each post clocked in, of those whose shift it is; the largest first."""
    due = on_shift(estate, now)
    here = set(Attendance.objects.at_estate(estate).filter(in_at__lte=now, ends_at__gt=now, out_at__isnull=True).values_list("person_id", flat=True))
    counts, came = Counter(due.values()), Counter(role for person, role in due.items() if person in here)
    return [(title_of(role), came[role], count) for role, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]

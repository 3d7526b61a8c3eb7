"""入住统计: how many households moved in and out, week by week and zone by zone; passed on as the duty mov_stats (MOV-02)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.duties.models import Task
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.duties.models import Record
    from guanjia.estates.models import Estate

DUTY = "mov_stats"
COUNT = """
WITH weeks AS (SELECT generate_series(%(first)s::date, %(last)s::date, interval '7 days')::date AS monday),
happened AS (
    SELECT h.done_on AS day, h.direction, u.zone_id FROM moves_handover h JOIN estates_unit u ON u.estate_id = h.estate_id AND u.id = h.unit_id
    WHERE h.estate_id = %(estate)s AND h.done_on >= %(first)s::date AND (%(zones)s::bigint[] IS NULL OR u.zone_id = ANY(%(zones)s))
)
SELECT w.monday, coalesce(z.name, ''), count(h.day) FILTER (WHERE h.direction = 'in')::int, count(h.day) FILTER (WHERE h.direction = 'out')::int
FROM weeks w LEFT JOIN happened h ON h.day >= w.monday AND h.day < w.monday + 7
LEFT JOIN estates_zone z ON z.estate_id = %(estate)s AND z.id = h.zone_id
GROUP BY 1, 2 ORDER BY 1 DESC, 2
"""


class Week(NamedTuple):
    monday: date
    zone: str
    came: int
    went: int


def weeks(estate: Estate, today: date, count: int = 12, zones: Any = None) -> list[Week]:
    """The last `count` weeks, the present one first; a week without any stands as one row of noughts."""
    monday = today - timedelta(days=today.weekday())
    values = {"estate": estate.pk, "first": monday - timedelta(weeks=count - 1), "last": monday, "zones": zones}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, values)
        return [Week(*row) for row in cursor.fetchall()]


def zones_of(reach: Any) -> list[int] | None:
    """Which zones a reader counts; None: the estate's."""
    return list(reach.zones) if reach.sees == "zone" else None


def task_of(reach: Any, at: datetime) -> Task | None:
    """The week's count that is open to the reader now, the nearest first."""
    rows = Task.objects.at_estate(reach.estate).filter(key=DUTY).workable(at).visible_to(reach)
    return rows.select_related("duty", "zone").order_by("due_at").first()


def pass_on(words: str = "", *, by: Any, at: datetime | None = None) -> Record:
    """Finish the duty with the register's own figures of its zone; supervisor and manager are told."""
    at = at or clock.now()
    task = task_of(by, at)
    if task is None:
        raise Refused(_("现在没有要上报的入住统计。"), code="no_task")
    rows = [row for row in weeks(by.estate, clock.today(by.estate, at), 1, [task.zone_id] if task.zone_id else None)]
    came, went = sum(row.came for row in rows), sum(row.went for row in rows)
    said = _("%(zone)s本周入住 %(came)s 户，迁出 %(went)s 户") % {"zone": task.zone.name if task.zone else "", "came": came, "went": went}
    record = task.finish(by=by, answers={"summary": f"{said}。{words.strip()}"[:500], "sent_to": _("主管、项目经理")}, at=at)
    Event.objects.record(Action.MOVES_COUNTED, record, by=by, at=at, words=said, came=came, went=went)
    return record

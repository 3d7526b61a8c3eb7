"""Planned visits, promises and what a key customer's plan has next, on 今日 among reports and tasks (HSE-17, HSE-20)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.urls import reverse

from guanjia import clock
from guanjia.tickets.agenda import Entry

if TYPE_CHECKING:
    from guanjia.people.reach import Reach

# The next thing for each key customer that somebody looks after: what the newest act said.
KEYS = """
    SELECT k.id, k.household_id, k.plan, a.next_on FROM care_keycustomer k
    JOIN LATERAL (SELECT next_on FROM care_careact a WHERE a.estate_id = k.estate_id AND a.key_customer_id = k.id ORDER BY a.at DESC, a.id DESC LIMIT 1) a ON true
    WHERE k.estate_id = %(e)s AND k.person_id = %(p)s AND k.ended_at IS NULL AND a.next_on <= %(today)s
"""
# One's own, due by the end of today.
MINE = f"""
SELECT 'visit', v.id, v.household_id, v.planned_on AS day, v.why, h.name, coalesce(u.code, '') FROM care_visit v
    JOIN households_household h ON h.estate_id = v.estate_id AND h.id = v.household_id LEFT JOIN estates_unit u ON u.estate_id = v.estate_id AND u.id = v.unit_id
    WHERE v.estate_id = %(e)s AND v.person_id = %(p)s AND v.outcome = '' AND v.planned_on <= %(today)s
UNION ALL
SELECT 'promise', m.id, m.household_id, m.due_on, m.words, h.name, '' FROM care_promise m
    JOIN households_household h ON h.estate_id = m.estate_id AND h.id = m.household_id
    WHERE m.estate_id = %(e)s AND m.follower_id = %(p)s AND m.kept_at IS NULL AND m.due_on <= %(today)s
UNION ALL
SELECT 'key', n.id, n.household_id, n.next_on, n.plan, h.name, '' FROM ({KEYS}) n JOIN households_household h ON h.estate_id = %(e)s AND h.id = n.household_id
ORDER BY day, 2 LIMIT %(n)s
"""
COUNT = f"""
SELECT count(*), count(*) FILTER (WHERE day < %(today)s) FROM (
    SELECT planned_on AS day FROM care_visit WHERE estate_id = %(e)s AND person_id = %(p)s AND outcome = '' AND planned_on <= %(today)s
    UNION ALL SELECT due_on FROM care_promise WHERE estate_id = %(e)s AND follower_id = %(p)s AND kept_at IS NULL AND due_on <= %(today)s
    UNION ALL SELECT next_on FROM ({KEYS}) keys
) AS due
"""


NOUNS = {"visit": "record", "promise": "result", "key": "care"}  # what is done about a line


@dataclass(frozen=True)
class Line:
    kind: str  # visit, promise, key
    pk: int
    household_id: int
    day: date
    words: str
    name: str
    room: str
    due_at: datetime
    url: str
    home: str


class Care:
    """The source that care registers (guanjia/tickets/agenda.py)."""

    def pressing(self, reach: Reach, show: str, now: datetime, most: int) -> list[Entry]:
        if show == "unassigned":
            return []
        lines = self._lines(reach, now, most)
        return [self._entry(line) for line in lines if show != "late" or line.due_at < now]

    def worked(self, reach: Reach, show: str, now: datetime, most: int) -> list[Entry]:
        return [self._entry(line) for line in self._lines(reach, now, most)] if show == "todo" else []

    def counts(self, reach: Reach, now: datetime) -> dict[str, int]:
        if not reach.may("visit.make"):
            return {}
        with connection.cursor() as cursor:
            cursor.execute(COUNT, {"e": reach.estate.pk, "p": reach.person_id, "today": clock.today(reach.estate, now)})
            count, late = cursor.fetchone()
        return {"open": count, "late": late, "mine": count}

    def here(self, reach: Reach, spot: Any) -> list[Entry]:
        return []

    def _lines(self, reach: Reach, now: datetime, most: int) -> list[Line]:
        if not reach.may("visit.make"):
            return []
        with connection.cursor() as cursor:
            cursor.execute(
                MINE, {"e": reach.estate.pk, "p": reach.person_id, "today": clock.today(reach.estate, now), "n": most}
            )
            rows = cursor.fetchall()
        zone, code = ZoneInfo(reach.estate.time_zone), reach.estate.code
        return [
            Line(
                kind, pk, home, day, words, name, room, datetime.combine(day + timedelta(1), time(), zone),
                reverse("care:act", args=[code, kind, pk, NOUNS[kind]]), reverse("care:home", args=[code, home]),
            )
            for kind, pk, home, day, words, name, room in rows
        ]  # fmt: skip

    def _entry(self, line: Line) -> Entry:
        return Entry("care/parts/agenda_line.html", "care/parts/agenda_card.html", line, line.due_at)

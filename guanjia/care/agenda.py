"""Planned visits and promises on 今日, among reports and tasks, in due order (HSE-17)."""

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

# One's own, due by the end of today.
MINE = """
SELECT 'visit', v.id, v.household_id, v.planned_on AS day, v.why, h.name, coalesce(u.code, '') FROM care_visit v
    JOIN households_household h ON h.estate_id = v.estate_id AND h.id = v.household_id LEFT JOIN estates_unit u ON u.estate_id = v.estate_id AND u.id = v.unit_id
    WHERE v.estate_id = %(e)s AND v.person_id = %(p)s AND v.outcome = '' AND v.planned_on <= %(today)s
UNION ALL
SELECT 'promise', m.id, m.household_id, m.due_on, m.words, h.name, '' FROM care_promise m
    JOIN households_household h ON h.estate_id = m.estate_id AND h.id = m.household_id
    WHERE m.estate_id = %(e)s AND m.follower_id = %(p)s AND m.kept_at IS NULL AND m.due_on <= %(today)s
ORDER BY day, 2 LIMIT %(n)s
"""
COUNT = """
SELECT count(*), count(*) FILTER (WHERE day < %(today)s) FROM (
    SELECT planned_on AS day FROM care_visit WHERE estate_id = %(e)s AND person_id = %(p)s AND outcome = '' AND planned_on <= %(today)s
    UNION ALL SELECT due_on FROM care_promise WHERE estate_id = %(e)s AND follower_id = %(p)s AND kept_at IS NULL AND due_on <= %(today)s
) AS due
"""


@dataclass(frozen=True)
class Line:
    kind: str  # visit, promise
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
            Line(*row, datetime.combine(row[3] + timedelta(1), time(), zone),
                 reverse("care:act", args=[code, row[0], row[1], "record" if row[0] == "visit" else "result"]), reverse("care:home", args=[code, row[2]]))
            for row in rows
        ]  # fmt: skip

    def _entry(self, line: Line) -> Entry:
        return Entry("care/parts/agenda_line.html", "care/parts/agenda_card.html", line, line.due_at)

"""The rows behind each indicator, for any number of estates at once.

A source selects (estate_id, zone_id, person_id, part, whole, noun, row_id, at) from the CTEs of `GROUND`. Figures are sums of
those rows and a page's list shows the same rows, so a figure cannot say something else than what stands behind it. Formulas
that other nouns own are taken from them: money from billing, coverage from care, patrols and tasks from duties.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.billing.arrears import LINES, MONEY_CODES, TOTAL_DUE, TOTAL_PAID
from guanjia.billing.chart import RECEIVABLE
from guanjia.clocks import counting as clocks
from guanjia.duties import counting as duties
from guanjia.duties.coverage import WALKED
from guanjia.people.responsibility import HELD_ESTATES, held_by
from guanjia.rulebooks.form_book import covering
from guanjia.tickets import counting as tickets

from .assessed import FIRES, HOUSEHOLDS, INSPECTED, KNOWLEDGE, REVISIT, STAFF, SURVEYED, check_values, checked, surveyed

if TYPE_CHECKING:
    from collections.abc import Sequence

MONTH = """m AS (
    SELECT e.id AS estate_id, %(first)s::date::timestamp AT TIME ZONE e.time_zone AS begins,
        least((%(first)s::date + interval '1 month') AT TIME ZONE e.time_zone, %(now)s::timestamptz) AS ends
    FROM estates_estate e WHERE e.id = ANY(%(estates)s)
)"""
HELD = f"held AS ({HELD_ESTATES})"  # who answered for each zone on the month's last day
STEWARD = "LEFT JOIN held h ON h.estate_id = {0}.estate_id AND h.zone_id = {0}.zone_id"


def _limits(which: str) -> str:
    return f"""
SELECT t.estate_id, t.zone_id, t.steward_id AS person_id, coalesce({clocks.KEPT}, false)::int AS part, 1 AS whole, 'ticket' AS noun, t.id AS row_id, c.due_at AS at
FROM m JOIN clocks_clock c ON c.estate_id = m.estate_id AND c.due_at >= m.begins AND c.due_at < m.ends AND {clocks.COUNTED}
JOIN tickets_ticket t ON t.estate_id = c.estate_id AND t.id = c.ticket_id
WHERE c.kind {which} 'sla_classify'
"""


# Tickets done in the month, or taken up again in it.
ENDED = f"""
FROM m JOIN tickets_ticket t ON t.estate_id = m.estate_id AND {tickets.REAL}
LEFT JOIN (
    SELECT DISTINCT o.estate_id, o.ticket_id FROM m JOIN tickets_reopening o ON o.estate_id = m.estate_id AND o.at >= m.begins AND o.at < m.ends
) again ON again.estate_id = t.estate_id AND again.ticket_id = t.id
"""
IN_MONTH = "(t.done_at >= m.begins AND t.done_at < m.ends OR again.ticket_id IS NOT NULL)"
REOPEN = f"""
SELECT t.estate_id, t.zone_id, t.steward_id AS person_id, (again.ticket_id IS NOT NULL)::int AS part, 1 AS whole, 'ticket' AS noun, t.id AS row_id, t.done_at AS at
{ENDED} WHERE {IN_MONTH}
"""
FIRST_FIX = f"""
SELECT t.estate_id, t.zone_id, w.who AS person_id, (again.ticket_id IS NULL AND t.reopened = 0 AND coalesce(w.orders, 0) <= 1)::int AS part, 1 AS whole,
    'ticket' AS noun, t.id AS row_id, t.done_at AS at
{ENDED}
LEFT JOIN LATERAL (
    SELECT count(*) AS orders, (array_agg(x.worker_id ORDER BY x.ended_at DESC))[1] AS who FROM tickets_workorder x
    WHERE x.estate_id = t.estate_id AND x.ticket_id = t.id AND x.stage = 'finished' AND x.helps_id IS NULL
) w ON true
WHERE t.kind = 'repair' AND {IN_MONTH}
"""
COMPLAINTS = f"""
SELECT t.estate_id, t.zone_id, NULL::bigint AS person_id, 1 AS part, 0 AS whole, 'ticket' AS noun, t.id AS row_id, t.reported_at AS at
FROM m JOIN tickets_ticket t ON t.estate_id = m.estate_id AND {tickets.COMPLAINT} AND t.reported_at >= m.begins AND t.reported_at < m.ends
{tickets.VERDICT} WHERE {tickets.VALID}
UNION ALL {HOUSEHOLDS}
"""
PATROLS = f"""
SELECT b.estate_id, b.zone_id, h.person_id, count(w.day) AS part, %(last)s::date - %(first)s::date + 1 AS whole, 'building' AS noun, b.id AS row_id, NULL::timestamptz AS at
FROM estates_building b LEFT JOIN ({WALKED}) w ON w.estate_id = b.estate_id AND w.building_id = b.id {STEWARD.format("b")}
WHERE b.estate_id = ANY(%(estates)s) GROUP BY b.estate_id, b.zone_id, h.person_id, b.id
"""
TASKS = f"""
SELECT k.estate_id, k.zone_id, coalesce(k.done_by_id, k.person_id) AS person_id, coalesce({duties.KEPT}, false)::int AS part, 1 AS whole,
    'task' AS noun, k.id AS row_id, k.due_at AS at
FROM m JOIN duties_task k ON k.estate_id = m.estate_id AND k.due_at >= m.begins AND k.due_at < m.ends AND {duties.DUE}
"""
SAMPLED = """
SELECT k.estate_id, k.zone_id, r.by_id AS person_id, (NOT s.stands)::int AS part, 1 AS whole, 'record' AS noun, r.id AS row_id, s.judged_at AS at
FROM m JOIN duties_suspicion s ON s.estate_id = m.estate_id AND s.judged_at >= m.begins AND s.judged_at < m.ends
JOIN duties_record r ON r.estate_id = s.estate_id AND r.id = s.record_id JOIN duties_task k ON k.estate_id = r.estate_id AND k.id = r.task_id
"""
COLLECTION = f"""
SELECT u.estate_id, u.zone_id, h.person_id, {TOTAL_PAID} AS part, {TOTAL_DUE} AS whole, 'unit' AS noun, u.id AS row_id, NULL::timestamptz AS at
FROM lines s JOIN billing_billline l ON l.estate_id = s.estate_id AND l.id = s.line_id
JOIN estates_unit u ON u.estate_id = l.estate_id AND u.id = l.unit_id {STEWARD.format("u")}
"""
VISITS = """
SELECT v.estate_id, v.zone_id, v.person_id, (v.made_at IS NOT NULL)::int AS part, 1 AS whole, 'visit' AS noun, v.id AS row_id, v.made_at AS at
FROM care_visit v WHERE v.estate_id = ANY(%(estates)s) AND v.is_planned AND v.planned_on BETWEEN %(first)s::date AND %(last)s::date AND v.outcome <> 'called_off'
"""
RATED = "FROM m JOIN tickets_rating r ON r.estate_id = m.estate_id AND r.at >= m.begins AND r.at < m.ends JOIN tickets_ticket t ON t.estate_id = r.estate_id AND t.id = r.ticket_id"


def _coverage(metric: str) -> str:
    """Kept by care day by day: the last day of the month that has figures."""
    return f"""
SELECT c.estate_id, c.zone_id, h.person_id, c.part, c.whole, '' AS noun, NULL::bigint AS row_id, NULL::timestamptz AS at FROM (
    SELECT estate_id, max(day) AS day FROM care_coveragefigure WHERE estate_id = ANY(%(estates)s) AND day BETWEEN %(first)s::date AND %(last)s::date GROUP BY 1
) d JOIN care_coveragefigure c USING (estate_id, day) {STEWARD.format("c")} WHERE c.metric = '{metric}'
"""


# What people said, one line a way of asking; each yields satisfied (1) or not (0) once, by the formulas of the page 满意度 (guanjia/surveys/board.py).
CALLED = (
    "SELECT t.estate_id, t.zone_id, t.steward_id, (c.outcome = 'satisfied')::int, 1, 'ticket', t.id, c.at FROM m JOIN tickets_confirmation c ON c.estate_id = m.estate_id"
    " AND c.at >= m.begins AND c.at < m.ends AND c.outcome <> 'not_reached' JOIN tickets_ticket t ON t.estate_id = c.estate_id AND t.id = c.ticket_id"
)
MARKED = f"SELECT t.estate_id, t.zone_id, t.steward_id AS person_id, ({{}} >= %(satisfied)s)::int AS part, 1 AS whole, 'ticket' AS noun, t.id AS row_id, r.at {RATED}"
ANSWERS = [MARKED.format("least(r.speed, r.result, r.attitude)"), CALLED, SURVEYED]
SOLVED = [MARKED.format("r.result"), CALLED, surveyed("household", "solved")]
# source → its SQL, and which CTEs of the ground it stands on
SOURCES: dict[str, tuple[str, tuple[str, ...]]] = {
    "response": (_limits("="), (MONTH,)), "on_time": (_limits("<>"), (MONTH,)), "solving": (" UNION ALL ".join(SOLVED), (MONTH,)), "first_fix": (FIRST_FIX, (MONTH,)),
    "reopen": (REOPEN, (MONTH,)), "complaints": (COMPLAINTS, (MONTH,)), "patrols": (PATROLS, (HELD,)), "tasks": (TASKS, (MONTH,)), "sampled": (SAMPLED, (MONTH,)),
    "collection": (COLLECTION, (HELD, LINES)), "familiarity": (_coverage("familiarity"), (HELD,)), "contact": (_coverage("contact"), (HELD,)),
    "satisfaction": (" UNION ALL ".join(ANSWERS), (MONTH,)), "visits": (VISITS, ()), "surveyed": (SURVEYED, (MONTH,)), "staff": (STAFF, (MONTH,)),
    "knowledge": (KNOWLEDGE, (MONTH,)), "inspected": (INSPECTED, (MONTH,)), "revisit": (REVISIT, (MONTH,)), "fires": (FIRES, (MONTH,)),
    "equipment": (checked("equipment"), (MONTH,)), "cleaning": (checked("cleaning"), (MONTH,)),
}  # fmt: skip


def rows_of(source: str) -> str:
    """`rows` and everything it stands on, to follow WITH."""
    statement, ground = SOURCES[source]
    return ", ".join((*ground, f"rows AS ({statement})"))


def values(estates: Sequence[Any], month: date, now: datetime) -> dict[str, Any]:
    """What the statements name. `last` is the month's last day, or today where the month still runs."""
    from .book import book

    last = min((month + timedelta(days=32)).replace(day=1) - timedelta(days=1), max(clock.today(one, now) for one in estates))
    return {
        "estates": [one.pk for one in estates], "first": month, "last": max(last, month), "now": now, "on": last, "day": last, "year": month.replace(month=1),
        "since": month, "until": last, "forms": covering(), "receivable": RECEIVABLE, "money": MONEY_CODES, "satisfied": book().satisfied_from, **check_values(book().checks), **held_by(),
    }  # fmt: skip

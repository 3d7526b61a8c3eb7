"""What inspections, surveys, exams and records of checks say of a month: sources beside those of `sources.py` (QLT-20, QLT-57, QLT-60, QLT-67, TRN-05)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guanjia.tickets import counting as tickets

if TYPE_CHECKING:
    from collections.abc import Mapping

# The zone somebody works for, where an exam says only who: the first of the posts they held on the month's last day.
THEIRS = """LEFT JOIN LATERAL (
    SELECT p.zone_id FROM people_post p WHERE p.estate_id = {0}.estate_id AND p.person_id = {0}.person_id AND p.during @> %(last)s::date ORDER BY p.zone_id NULLS LAST LIMIT 1
) z ON true"""
# Of an exam the best paper of everybody, once it is marked; of questions at posts everybody asked. Points of a hundred.
KNOWLEDGE = f"""
SELECT x.estate_id, z.zone_id, x.person_id, x.got AS part, 100 AS whole, 'exam' AS noun, x.exam_id AS row_id, x.marked_at AS at FROM (
    SELECT DISTINCT ON (a.estate_id, a.exam_id, a.person_id) a.estate_id, a.exam_id, a.person_id, a.marked_at, round(a.score * 100 / w.worth, 2) AS got
    FROM m JOIN training_attempt a ON a.estate_id = m.estate_id AND a.marked_at >= m.begins AND a.marked_at < m.ends AND a.score IS NOT NULL
    CROSS JOIN LATERAL (SELECT sum(q.worth) AS worth FROM training_answer q WHERE q.estate_id = a.estate_id AND q.attempt_id = a.id) w
    WHERE w.worth > 0 ORDER BY a.estate_id, a.exam_id, a.person_id, a.score DESC, a.id
) x {THEIRS.format("x")}
UNION ALL
SELECT i.estate_id, i.zone_id, NULL, s.score, 100, 'inspection', i.id, i.finished_at
FROM m JOIN quality_inspection i ON i.estate_id = m.estate_id AND i.finished_at >= m.begins AND i.finished_at < m.ends AND i.method = 'questions'
JOIN quality_sample s ON s.estate_id = i.estate_id AND s.inspection_id = i.id
"""
# Scored by rubric, announced or not; an unannounced one counts once it is shown to the estate.
INSPECTED = """
SELECT i.estate_id, i.zone_id, NULL::bigint AS person_id, i.score AS part, 100 AS whole, 'inspection' AS noun, i.id AS row_id, i.finished_at AS at
FROM m JOIN quality_inspection i ON i.estate_id = m.estate_id AND i.finished_at >= m.begins AND i.finished_at < m.ends
WHERE i.method = 'open' OR i.method = 'covert' AND i.opened_at IS NOT NULL
"""


def surveyed(audience: str, core: str = "overall") -> str:
    """The overall (or another core) question of the rounds that were closed in the month; a zone with few answers is in none (docs/surveys.md)."""
    return f"""
SELECT r.estate_id, r.zone_id, NULL::bigint AS person_id, ((r.answers ->> (q.one ->> 'name'))::int >= %(satisfied)s)::int AS part, 1 AS whole,
    'poll' AS noun, p.id AS row_id, p.closed_at AS at
FROM m JOIN surveys_poll p ON p.estate_id = m.estate_id AND p.closed_at >= m.begins AND p.closed_at < m.ends AND p.audience = '{audience}'
JOIN surveys_pollversion v ON v.estate_id = p.estate_id AND v.id = p.version_id
CROSS JOIN LATERAL (SELECT one FROM jsonb_array_elements(v.questions) one WHERE one ->> 'core' = '{core}' LIMIT 1) q
JOIN surveys_response r ON r.estate_id = p.estate_id AND r.poll_id = p.id AND r.answers ? (q.one ->> 'name')
"""


SURVEYED, STAFF = surveyed("household"), surveyed("staff")
REVISIT = f"""
SELECT t.estate_id, t.zone_id, t.steward_id AS person_id, (coalesce(t.confirmed_at, t.followed_up_at) IS NOT NULL)::int AS part, 1 AS whole,
    'ticket' AS noun, t.id AS row_id, t.done_at AS at
FROM m JOIN tickets_ticket t ON t.estate_id = m.estate_id AND t.done_at >= m.begins AND t.done_at < m.ends AND {tickets.REAL} AND NOT t.anonymous
"""
# Households at the month's end; what is counted per hundred of them stands on top.
HOUSEHOLDS = """
SELECT o.estate_id, u.zone_id, NULL, 0, 1, '', NULL, NULL FROM (
    SELECT estate_id, household_id, min(unit_id) AS unit_id FROM households_occupancy
    WHERE estate_id = ANY(%(estates)s) AND during @> %(last)s::date GROUP BY 1, 2
) o JOIN estates_unit u ON u.estate_id = o.estate_id AND u.id = o.unit_id
"""
FIRES = f"""
SELECT f.estate_id, f.zone_id, NULL::bigint AS person_id, 1 AS part, 0 AS whole, 'fire' AS noun, f.id AS row_id, f.happened_at AS at
FROM m JOIN emergencies_fire f ON f.estate_id = m.estate_id AND f.struck_at IS NULL AND f.happened_at >= m.begins AND f.happened_at < m.ends
UNION ALL {HOUSEHOLDS}
"""


def checked(name: str) -> str:
    """Points of forms that were looked at in the month (`checks` of indicators.yaml): good ÷ good and bad. Struck records do not count."""
    return f"""
SELECT r.estate_id, k.zone_id, NULL::bigint AS person_id, (r.answers -> c.item ->> 'value' = 'ok')::int AS part, 1 AS whole, 'record' AS noun, r.id AS row_id, r.done_at AS at
FROM m JOIN duties_record r ON r.estate_id = m.estate_id AND r.done_at >= m.begins AND r.done_at < m.ends AND NOT r.beside
JOIN unnest(%({name}_forms)s::text[], %({name}_items)s::text[]) c (form, item) ON c.form = r.form AND r.answers -> c.item ->> 'value' IN ('ok', 'bad')
JOIN duties_task k ON k.estate_id = r.estate_id AND k.id = r.task_id
WHERE NOT EXISTS (SELECT 1 FROM duties_suspicion s WHERE s.estate_id = r.estate_id AND s.record_id = r.id AND s.stands)
"""


def check_values(checks: Mapping[str, Mapping[str, list[str]]]) -> dict[str, list[str]]:
    """What `checked` names: form and item of each point, beside each other."""
    found: dict[str, list[str]] = {}
    for name, forms in checks.items():
        pairs = [(form, item) for form, items in forms.items() for item in items]
        found |= {f"{name}_forms": [form for form, _item in pairs], f"{name}_items": [item for _form, item in pairs]}
    return found

"""Tasks whose subject no longer asks for them: a vacant unit was let, a renovation ended, a household changed its tier.

What had not opened is deleted, as laying anew does; what had opened, or somebody took over, is waived by the house with
the reason. Missed tasks stay: they were due while it still held. One look an estate, with every generation.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext_lazy

from guanjia.events.actions import Action
from guanjia.events.sentences import kept

from .making import SUBJECTS
from .missing import titles

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate

WHY = {
    "vacant_unit": gettext_lazy("房屋不再空置"),
    "renovation": gettext_lazy("装修已经结束"),
    "household": gettext_lazy("住户已迁出，或不再属于这一类"),
    "staff": gettext_lazy("人员已不在这个岗位"),
}
GONE = gettext_lazy("对象已经撤销")

# Whoever is asked about themselves holds the post on the task's day, or today for an earlier one; shift and leave say nothing.
HOLDS = """
    SELECT FROM people_post AS post JOIN people_person AS person ON person.id = post.person_id AND person.is_active
    WHERE post.estate_id = %(estate)s AND post.role = duty.narrowed AND post.person_id = task.subject_id
        AND post.during @> greatest(task.day, %(today)s::date)
"""
FIND = f"""
WITH subject (scope, sort, kind, id, zone_id, building_id, unit_id, place_id, household_id, person, turn) AS MATERIALIZED (
    SELECT ''::text, ''::text, ''::text, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::int WHERE false
    UNION ALL {{subjects}}
)
SELECT task.id, duty.scope, task.opens_at > %(now)s AND task.moved_at IS NULL
    AND NOT EXISTS (SELECT FROM duties_record AS record WHERE record.estate_id = task.estate_id AND record.task_id = task.id)
FROM duties_task AS task
JOIN duties_duty AS duty ON duty.estate_id = task.estate_id AND duty.id = task.duty_id
WHERE task.estate_id = %(estate)s AND task.done_at IS NULL AND task.waived_at IS NULL AND task.missed_at IS NULL
    AND duty.scope <> ALL('{{{{estate,event}}}}')
    AND CASE WHEN duty.scope = 'staff' THEN NOT EXISTS ({HOLDS}) ELSE NOT EXISTS (
        SELECT FROM subject WHERE subject.scope = duty.scope AND subject.kind = task.subject_kind AND subject.id = task.subject_id
            AND (duty.narrowed = '' OR duty.narrowed = ANY(string_to_array(subject.sort, ' ')))) END
"""
DROP = """
DELETE FROM duties_task
WHERE estate_id = %(estate)s AND id = ANY(%(ids)s) AND done_at IS NULL AND waived_at IS NULL AND moved_at IS NULL
"""
# The row lock decides: what was done meanwhile is seen by the second look at the condition.
WAIVE = """
WITH idle AS (
    UPDATE duties_task SET waived_at = %(now)s
    WHERE estate_id = %(estate)s AND id = ANY(%(ids)s) AND done_at IS NULL AND waived_at IS NULL AND missed_at IS NULL
    RETURNING id, estate_id, duty_id, key, slot, person_id
), said AS (
    SELECT idle.*, coalesce(%(why)s::jsonb ->> duty.scope, %(gone)s) AS why
    FROM idle JOIN duties_duty AS duty ON duty.estate_id = idle.estate_id AND duty.id = idle.duty_id
), kept AS (
    INSERT INTO duties_waiver (estate_id, task_id, by_id, why, at) SELECT estate_id, id, NULL, why, %(now)s FROM said
)
INSERT INTO events_event (estate_id, action, actor_id, actor_name, subject_type, subject_id, particulars, at)
SELECT estate_id, %(action)s, NULL, '', 'task', id, jsonb_build_object(
    'task', coalesce(%(titles)s::jsonb ->> key, key), 'key', key, 'slot', slot, 'worker_id', person_id, 'why', why), %(now)s
FROM said
"""


def withdraw(estate: Estate, now: datetime, today: Any) -> tuple[int, int]:
    """(tasks deleted, tasks waived by the house). The estate's row of memory is held by the caller."""
    values: dict[str, Any] = {"estate": estate.pk, "now": now, "today": today}
    asked = " UNION ALL ".join(
        f"({said})" for scope, said in SUBJECTS.items() if scope not in ("estate", "event", "staff")
    )
    with connection.cursor() as cursor:
        cursor.execute(FIND.format(subjects=asked), values)
        rows = cursor.fetchall()
        fresh, opened = [row[0] for row in rows if row[2]], [row[0] for row in rows if not row[2]]
        if fresh:
            cursor.execute(DROP, values | {"ids": fresh})
        if opened:
            cursor.execute(WAIVE, values | _words(estate) | {"ids": opened})
    return len(fresh), len(opened)


def _words(estate: Estate) -> dict[str, Any]:
    """In the house's language, as events keep them."""
    return {
        "action": str(Action.TASK_WAIVED.value), "gone": kept(GONE),
        "why": json.dumps({scope: kept(words) for scope, words in WHY.items()}, ensure_ascii=False),
        "titles": json.dumps(titles(estate.company_id), ensure_ascii=False),
    }  # fmt: skip

"""What was not done in time: said once, dated when it fell due, and told as a digest (decision 8).

One statement an estate. Whoever should have done it hears of theirs at once; managers and supervisors once a day, in
the morning, together with what nobody answers for.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import connection

from guanjia.estates.models import Estate
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.people.models import Person
from guanjia.rulebooks.own import known_books
from guanjia.tenancy.scope import ALL, estate_scope

from .models import Enactment, Task
from .models.task import OPEN

if TYPE_CHECKING:
    from datetime import datetime

MORNING = 8  # the hour of the daily digest
NAMED = 5  # duties that a digest names

# The row lock decides: a record that was being filed meanwhile is seen by the second look at the condition.
MISS = """
WITH late AS (
    UPDATE duties_task SET missed_at = %(now)s
    WHERE estate_id = %(estate)s AND done_at IS NULL AND waived_at IS NULL AND missed_at IS NULL AND due_at < %(now)s
    RETURNING id, estate_id, key, slot, person_id, due_at
), told AS (
    INSERT INTO events_event (estate_id, action, actor_id, actor_name, subject_type, subject_id, particulars, at)
    SELECT estate_id, %(action)s, NULL, '', 'task', id,
        jsonb_build_object('task', coalesce(%(titles)s::jsonb ->> key, key), 'key', key, 'slot', slot, 'worker_id', person_id), due_at
    FROM late
)
SELECT person_id, key, count(*) FROM late GROUP BY person_id, key
"""


def miss(now: datetime, estate: Estate | None = None) -> int:
    """Say of every open task past its time that it was missed. Returns how many; each is counted once for all time."""
    count = 0
    for each in [estate] if estate else _estates(now):
        with estate_scope(each):
            count += _miss(each, now)
    return count


def _estates(now: datetime) -> list[Estate]:
    with estate_scope(ALL):
        rows = Task.objects.filter(OPEN, missed_at__isnull=True, due_at__lt=now).values_list("estate_id", flat=True)
        return list(Estate.objects.filter(pk__in=set(rows.distinct())).order_by("pk"))


def titles(company_id: int) -> dict[str, str]:
    """Key of a duty → its title in the house's language."""
    found: dict[str, str] = {}
    for book in known_books(company_id):
        for key, entry in book.duties.items():
            found.setdefault(key, entry.title)
    return found


def _miss(estate: Estate, now: datetime) -> int:
    names = titles(estate.company_id)
    values: dict[str, Any] = {
        "action": str(Action.TASK_MISSED.value),
        "now": now,
        "estate": estate.pk,
        "titles": json.dumps(names, ensure_ascii=False),
    }
    with connection.cursor() as cursor:
        cursor.execute(MISS, values)
        rows = cursor.fetchall()
    people: dict[int, Counter[str]] = defaultdict(Counter)
    for person, key, count in rows:
        if person is not None:
            people[person][names.get(key, key)] += count
    known = dict(Person.objects.filter(pk__in=people).values_list("pk", "name"))
    about = SimpleNamespace(noun="estate", pk=estate.pk, estate_id=estate.pk)
    for person, counted in sorted(people.items()):
        said: dict[str, Any] = {
            "person": known.get(person, ""),
            "worker_id": person,
            "count": counted.total(),
            "tasks": named(counted),
        }
        Event.objects.record(Action.TASKS_MISSED, about, by=None, at=now, **said)
    return sum(count for _person, _key, count in rows)


def named(counted: Counter[str]) -> str:
    """`片区巡视 ×12、…`: the most frequent first."""
    said = [f"{title} ×{count}" if count > 1 else title for title, count in counted.most_common(NAMED)]
    return "、".join(said) + ("…" if len(counted) > NAMED else "")


def sum_up(now: datetime, estate: Estate) -> bool:
    """Once a day, from eight in the morning: what was missed since the last time, and what nobody answers for."""
    here = now.astimezone(ZoneInfo(estate.time_zone))
    state = Enactment.objects.at_estate(estate).first()
    if here.hour < MORNING or state is None or state.told_on == here.date():
        return False
    state = Enactment.objects.held(estate)
    if state.told_on == here.date():
        return False
    state.keep(told_on=here.date())
    tasks = Task.objects.at_estate(estate)
    missed = tasks.filter(missed_at__gt=now - timedelta(days=1), missed_at__lte=now)
    alone = tasks.open().filter(person__isnull=True, missed_at__isnull=True, opens_at__lte=now + timedelta(days=1))
    counted = _counted(alone, estate) + _counted(missed, estate)
    if not counted:
        return False
    about = SimpleNamespace(noun="estate", pk=estate.pk, estate_id=estate.pk)
    first = named(_counted(alone, estate) or counted)
    Event.objects.record(
        Action.TASKS_SUMMED_UP, about, by=None, at=now, missed=missed.count(), unassigned=alone.count(), tasks=first
    )
    return True


def _counted(rows: Any, estate: Estate) -> Counter[str]:
    from django.db.models import Count

    names = titles(estate.company_id)
    grouped = rows.order_by().values_list("key").annotate(count=Count("pk"))
    return Counter({names.get(key, key): count for key, count in grouped})

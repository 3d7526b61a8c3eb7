"""A post changes hands: tasks made ahead go to whoever answers now, in one statement and one event (decision 8).

What is done, missed, begun or taken over by somebody stays; so does what has opened while its person is still one of
those who answer for it.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.people.models import Person
from guanjia.people.roles import fallbacks, roles, stand_ins, title_of
from guanjia.rulebooks.shifts import shifts_book

from .cadence import Shift
from .crew import Crew, Turn
from .models import Enactment, Task

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate
    from guanjia.people.models import Post

MOVE = """
UPDATE duties_task AS task SET person_id = moved.person
FROM unnest(%(ids)s::bigint[], %(people)s::bigint[]) AS moved (id, person)
WHERE task.estate_id = %(estate)s AND task.id = moved.id
    AND task.done_at IS NULL AND task.waived_at IS NULL AND task.moved_at IS NULL
"""
COLUMNS = (
    "pk",
    "duty_id",
    "role",
    "zone_id",
    "day",
    "slot",
    "shift",
    "opens_at",
    "due_at",
    "person_id",
    "subject_kind",
    "subject_id",
)


def post_changed(post: Post, *, by: Any, at: datetime) -> int:
    """Registered with guanjia/people/posting.py: a post was given or ended."""
    return reassign(post.estate, post.role, post.zone_id, by=by, at=at)


def reassign(estate: Estate, role: str, zone: int | None = None, *, by: Any, at: datetime, keep: bool = False) -> int:
    """Give out anew what the post answers for: its zone's tasks and those of no zone, all of them for an estate-wide one.

    Also of the roles that fall to it. With `keep` a task that nobody else answers for stays with its person. Returns how
    many moved. Waits for a generation that is under way, which may still have the old crew.
    """
    state = Enactment.objects.at_estate(estate).select_for_update().first()
    if state is None:
        return 0
    state.keep(swept_on=None)  # whoever is new has their own tasks after the next generation
    rows = _open(estate, role, zone)
    if not rows:
        return 0
    moved = [
        (task.pk, taker) for task, taker in _takers(estate, rows, at) if taker != task.person_id and (taker or not keep)
    ]
    if not moved:
        return 0
    ids, people = (list(column) for column in zip(*moved, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(MOVE, {"estate": estate.pk, "ids": ids, "people": people})
    _tell(estate, role, people, by, at)
    return len(moved)


def _open(estate: Estate, role: str, zone: int | None) -> list[Any]:
    answers = [key for key in roles() if role in (key, *stand_ins(key), *fallbacks(key))]
    rows = (
        Task.objects.at_estate(estate)
        .open()
        .filter(missed_at__isnull=True, moved_at__isnull=True, records__isnull=True, role__in=answers)
    )
    rows = rows.exclude(subject_kind="person", duty__narrowed=F("role"))  # their own, whoever else holds the post
    if zone is not None:
        rows = rows.filter(Q(zone_id=zone) | Q(zone_id__isnull=True))
    return list(rows.order_by("pk").values_list(*COLUMNS, named=True))


def _takers(estate: Estate, rows: list[Any], at: datetime) -> list[tuple[Any, int | None]]:
    """(task, who answers for it now)."""
    tz, today = ZoneInfo(estate.time_zone), clock.today(estate, at)
    turns = [_turn(task, tz, today) for task in rows]
    crew = Crew(estate, min(turn.shift_day or turn.day for turn in turns), max(turn.due for turn in turns))
    found = []
    for task, turn in zip(rows, turns, strict=True):
        people = crew.people(task.role, task.zone_id, turn)
        number = task.duty_id if task.subject_kind == "event" or not task.subject_id else task.subject_id
        stays = task.opens_at <= at and task.person_id in people
        found.append((task, task.person_id if stays else people[number % len(people)] if people else None))
    return found


def _turn(task: Any, tz: ZoneInfo, today: date) -> Turn:
    """As generation has it, but for today's post where the task is of an earlier day."""
    due = (task.due_at - timedelta(seconds=1)).astimezone(tz).date()
    return Turn(max(task.day, today), max(due, today), task.shift, _shift_day(task))


def _shift_day(task: Any) -> date | None:
    """When the shift began that a slot falls into: `2026-11-22/night:start` or, after midnight, `2026-11-22T02:00`."""
    if not task.shift:
        return None
    _day, hourly, time = task.slot.partition("T")
    entry = shifts_book().shifts.get(task.shift)
    if not hourly or entry is None:
        return date.fromisoformat(task.slot[:10])
    hour, minute = time.split(":")
    began: date | None = Shift(task.shift, *entry.span).begins(task.day, int(hour) * 60 + int(minute))
    return began or task.day


def _tell(estate: Estate, role: str, people: list[int | None], by: Any, at: datetime) -> None:
    takers = Counter(people)
    only = next(iter(takers)) if len(takers) == 1 else None
    names = (
        Person.objects.filter(pk__in=[each for each in takers if each]).order_by("pk").values_list("name", flat=True)
    )
    Event.objects.record(
        Action.TASKS_REASSIGNED, SimpleNamespace(noun="estate", pk=estate.pk, estate_id=estate.pk), by=by, at=at,
        role=title_of(role), count=len(people), worker_id=only, workers="、".join(names) or kept(gettext_lazy("（暂无人）")), told=only is not None,
    )  # fmt: skip

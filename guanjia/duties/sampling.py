"""The supervisor looks again: a sample of last month's vacant-house checks, and every defect they found (VAC-07, VAC-04)."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from guanjia import clock
from guanjia.people.models import Post
from guanjia.people.roles import Role, fallbacks
from guanjia.rulebooks.parameters import parameter

from .models import Duty, Finding, Record, Task
from .vacancy import FORM

if TYPE_CHECKING:
    from guanjia.estates.models import Estate, Unit

KEY = "vac_sample"  # of the tasks; their duty is the inspection that they repeat


def lots(estate: Estate, month: date, at: datetime) -> list[Record]:
    """n % of a month's checks, one at least, the same however often they are drawn.

    A lot is a digest of the record's own id and the month: nobody can foresee it, nobody draws again until it suits.
    """
    rows = _of_month(estate, month).select_related("task__unit")
    drawn = sorted(rows, key=lambda row: hashlib.sha256(f"{month}:{row.client_id}".encode()).digest())
    return drawn[: -(-len(drawn) * parameter(estate, "duties.sample", at) // 100)]


def draw(estate: Estate, at: datetime | None = None) -> int:
    """Make this month's tasks to look again, unless they are made; returns how many. Harmless to run any moment."""
    at = at or clock.now()
    this = clock.today(estate, at).replace(day=1)
    if Task.objects.at_estate(estate).filter(key=KEY, day=this).exists():
        return 0
    duty = (
        Duty.objects.at_estate(estate)
        .filter(form=FORM, during__contains=clock.today(estate, at))
        .order_by("pk")
        .first()
    )
    if duty is None:
        return 0
    last = (this - timedelta(days=1)).replace(day=1)
    units: dict[Any, Any] = {row.task.unit_id: row.task.unit for row in lots(estate, last, at)} | _with_defects(
        estate, last
    )
    supervisor = _supervisor(estate, at)
    tasks = [_task(estate, duty, unit, this, at, supervisor) for unit in units.values()]
    made = Task.objects.bulk_create(tasks, ignore_conflicts=True)
    return len(made)


def _of_month(estate: Estate, month: date) -> Any:
    rows = (
        Record.objects.at_estate(estate)
        .filter(form=FORM, beside=False, task__unit__isnull=False)
        .exclude(task__key=KEY)
    )
    return rows.filter(task__day__gte=month, task__day__lt=_next(month)).counted()


def _with_defects(estate: Estate, month: date) -> dict[Any, Any]:
    """Units whose defects of that month nobody has seen mended."""
    rows = Finding.objects.at_estate(estate).filter(
        mended_at__isnull=True, record__in=_of_month(estate, month).values("pk")
    )
    return {row.record.task.unit_id: row.record.task.unit for row in rows.select_related("record__task__unit")}


def _task(estate: Estate, duty: Duty, unit: Unit, month: date, at: datetime, person_id: int | None) -> Task:
    end = datetime.combine(_next(month), time(), ZoneInfo(estate.time_zone))
    return Task(
        estate=estate, duty=duty, key=KEY, slot=f"{month}", day=month, subject_kind="unit", subject_id=unit.pk, unit=unit, zone_id=unit.zone_id,
        opens_at=at, due_at=end, role=Role.SUPERVISOR, person_id=person_id, made_at=at,
    )  # fmt: skip


def _supervisor(estate: Estate, at: datetime) -> int | None:
    """Whoever holds the post, or who does its work where nobody does."""
    held = Post.objects.at_estate(estate).held_on(clock.today(estate, at))
    for role in (Role.SUPERVISOR, *fallbacks(Role.SUPERVISOR)):
        if (post := held.filter(role=role).order_by("pk").first()) is not None:
            return int(post.person_id)
    return None


def _next(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)

"""Vacant houses: the register, when each was last looked at and is due next, its defects, the monthly count (VAC-01..08)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from guanjia import clock
from guanjia.estates.models import Unit, UnitState
from guanjia.households.models import Occupancy

from .models import Finding, Record, Task

if TYPE_CHECKING:
    from collections.abc import Iterable

    from guanjia.people.reach import Reach

EMPTY = (UnitState.VACANT, UnitState.UNSOLD)
FORM = "vacant_unit_check"


@dataclass
class House:
    """A vacant unit in the register (空置房清册)."""

    unit: Unit
    owner: str = ""
    custodian: str = ""
    last: Record | None = None
    next: Task | None = None
    defects: list[Finding] = field(default_factory=list)

    def is_late(self, now: datetime) -> bool:
        return self.next is not None and self.next.due_at < now


def empty_units(reach: Reach) -> Any:
    rows = Unit.objects.at_estate(reach.estate).filter(state__in=EMPTY)
    return rows.filter(zone_id__in=reach.zones) if reach.sees == "zone" else rows


def houses(reach: Reach, units: Iterable[Unit]) -> list[House]:
    """Each with its last check, its next task and open defects: five statements, however many there are."""
    found = {unit.pk: House(unit) for unit in units}
    estate, keys = reach.estate, list(found)
    day = clock.today(estate)
    for unit_id, name in (
        Occupancy.objects.at_estate(estate)
        .filter(unit_id__in=keys, during__contains=day)
        .values_list("unit_id", "household__name")
    ):
        found[unit_id].owner = name
    records = (
        Record.objects.at_estate(estate)
        .filter(form=FORM, beside=False, task__unit_id__in=keys)
        .counted()
        .select_related("task", "by")
    )
    for row in records.order_by("task__unit_id", "-done_at").distinct("task__unit_id"):
        found[row.task.unit_id].last = row
        found[row.task.unit_id].custodian = row.by.name  # until this month's task says who it is now
    tasks = Task.objects.at_estate(estate).open().filter(unit_id__in=keys, duty__form=FORM).select_related("person")
    for task in tasks.order_by("unit_id", "due_at").distinct("unit_id"):
        found[task.unit_id].next = task
        found[task.unit_id].custodian = task.person.name if task.person else ""
    for finding in (
        Finding.objects.at_estate(estate)
        .filter(subject_kind="unit", subject_id__in=keys, mended_at__isnull=True)
        .select_related("record", "ticket")
    ):
        found[finding.subject_id].defects.append(finding)
    return list(found.values())


def counted(reach: Reach) -> list[Any]:
    """VAC-06: vacant, unsold and being decorated, zone by zone."""
    rows = Unit.objects.at_estate(reach.estate)
    rows = rows.filter(zone_id__in=reach.zones) if reach.sees == "zone" else rows
    states = {
        state: Count("pk", filter=Q(state=state))
        for state in (UnitState.VACANT, UnitState.UNSOLD, UnitState.RENOVATING)
    }
    return list(rows.order_by("zone__code").values("zone__name").annotate(all=Count("pk"), **states))


def figures(task: Task) -> dict[str, int]:
    """What the count's form begins with: the homes as they stand, of the task's zone or all (VAC-06)."""
    rows = Unit.objects.at_estate(task.estate_id)
    rows = rows.filter(zone_id=task.zone_id) if task.zone_id else rows
    found = dict(
        rows.filter(state__in=(*EMPTY, UnitState.RENOVATING)).order_by().values_list("state").annotate(n=Count("pk"))
    )
    return {
        state.value: found.get(state.value, 0) for state in (UnitState.VACANT, UnitState.UNSOLD, UnitState.RENOVATING)
    }


def months(reach: Reach, until: date, count: int = 6) -> list[Any]:
    """For each of the last months: tasks due, done, defects found (VAC-01, VAC-06)."""
    first = until.replace(day=1)
    for _ in range(count - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    tasks = Task.objects.at_estate(reach.estate).visible_to(reach).filter(duty__form=FORM, day__gte=first)
    rows = tasks.order_by("day__year", "day__month").values("day__year", "day__month")
    return list(rows.annotate(
        due=Count("pk", filter=Q(waived_at__isnull=True), distinct=True), done=Count("pk", filter=Q(done_at__isnull=False), distinct=True),
        defects=Count("records__findings", distinct=True),
    ))  # fmt: skip

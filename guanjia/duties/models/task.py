"""One time that a duty has to be done at one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q

from guanjia.events.models import Event
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey

from .assignable import Assignable
from .duty import Duty
from .finishable import Finishable

if TYPE_CHECKING:
    from datetime import datetime

OPEN = Q(done_at__isnull=True, waived_at__isnull=True)


class TaskQuerySet(EstateQuerySet):
    def open(self) -> TaskQuerySet:
        """Neither done nor waived; perhaps missed, which still may be done late."""
        return self.filter(OPEN)

    def workable(self, at: datetime) -> TaskQuerySet:
        """Open for work at an instant: begun and not missed."""
        return self.open().filter(opens_at__lte=at, missed_at__isnull=True)

    def about(self, subject: Any) -> TaskQuerySet:
        """Those that an event of this row set off (EVENT:…)."""
        return self.at_estate(subject.estate_id).filter(subject_kind="event", subject_id__in=Event.objects.about(subject).order_by().values("pk"))

    def settle_about(self, subject: Any, words: str, *, by: Any, at: datetime) -> None:
        """What an event of this row asked for was done by a verb of its own: the record says so in words, late where it is late.

        Whoever may do the verb takes the task over with it. Only for forms that ask nothing but words."""
        for task in self.about(subject).open().filter(opens_at__lte=at).select_related("duty", "estate").order_by("pk"):
            if task.person_id != by.person_id:
                task._write(person_id=by.person_id, moved_at=at)
            task.finish(by=by, answers={"words": words}, at=at)

    def visible_to(self, reach: Any) -> TaskQuerySet:
        """Their own, their zones', or all of the estate's."""
        if reach.sees == "estate":
            return self
        mine = Q(person_id=reach.person_id)
        return self.filter(mine | Q(zone_id__in=reach.zones) if reach.sees == "zone" else mine)


class Task(Assignable, Finishable, EstateOwned):
    """`subject_kind`, `subject_id` name what it is about by value; the links beside them are those a page reads.

    Late is `due_at < now` or `done_at > due_at`; `missed_at` is when the house said so, its event is dated `due_at`.
    """

    noun = "task"
    duty = EstateForeignKey(Duty, models.RESTRICT, related_name="tasks")
    key = models.CharField(max_length=60)  # the duty's
    slot = models.CharField(max_length=60)  # 2026-11-22T06:00
    day = models.DateField()  # business date it belongs to
    subject_kind = models.CharField(
        max_length=12
    )  # estate, zone, building, entrance, place, unit, household, person, event
    subject_id = models.BigIntegerField(default=0)
    zone = EstateForeignKey("estates.Zone", models.RESTRICT, null=True, blank=True, related_name="tasks")
    building = EstateForeignKey("estates.Building", models.RESTRICT, null=True, blank=True, related_name="tasks")
    unit = EstateForeignKey("estates.Unit", models.RESTRICT, null=True, blank=True, related_name="tasks")
    place = EstateForeignKey("estates.Place", models.RESTRICT, null=True, blank=True, related_name="tasks")
    household = EstateForeignKey("households.Household", models.RESTRICT, null=True, blank=True, related_name="tasks")
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    role = models.CharField(max_length=40)  # whose it is by the rule
    person = PersonKey(null=True, db_index=False)  # who answered for it when it was made, or took it over
    shift = models.CharField(max_length=12, blank=True)  # whose shift it falls into, when the work is done in shifts
    moved_at = models.DateTimeField(
        null=True
    )  # when somebody gave it to another person; a new rule then leaves it alone
    made_at = models.DateTimeField()
    late_made = models.BooleanField(default=False)  # made after its window had opened (downtime, a new rule)
    done_at = models.DateTimeField(null=True)  # when the work was finished, by its record
    done_by = PersonKey(null=True)
    waived_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["estate", "person", "due_at"], condition=OPEN, name="task_open_person"),
            models.Index(fields=["estate", "zone", "due_at"], condition=OPEN, name="task_open_zone"),
            models.Index(fields=["estate", "due_at"], condition=OPEN, name="task_open_due"),
            models.Index(fields=["estate", "key", "day"], name="task_key_day"),
            models.Index(fields=["estate", "subject_kind", "subject_id", "key", "day"], name="task_subject"),
            models.Index(fields=["due_at"], condition=OPEN & Q(missed_at__isnull=True), name="task_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["estate", "key", "slot", "subject_kind", "subject_id"], name="task_once"),
            models.CheckConstraint(condition=Q(due_at__gt=F("opens_at")), name="task_window"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(waived_at__isnull=True), name="task_done_or_waived"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="task_done_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.slot}"

    @property
    def title(self) -> str:
        return self.duty.title

    def is_late(self, now: datetime) -> bool:
        return not self.waived_at and (self.done_at or now) > self.due_at

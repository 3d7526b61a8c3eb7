"""应急预案: the book's plan with what this estate adds, version by version; everybody reads the newest (EMG-04, EMG-06, EMG-23, F-71)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.people.models import Post
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

from ..book import emergency_book, kind_title

if TYPE_CHECKING:
    from datetime import datetime


class PlanQuerySet(EstateQuerySet["Plan"]):
    def newest(self, estate: Any) -> dict[str, Plan]:
        """Kind → the version in force."""
        rows = self.at_estate(estate).order_by("kind", "-number").distinct("kind")
        return {row.kind: row for row in rows}

    def issue(self, kind: str, words: str, *, by: Any, at: datetime | None = None) -> Plan:
        """A new version: the tasks as the book has them now, and where things are at this estate. Everybody reads it anew."""
        at = at or clock.now()
        by.must("emergency.review")
        entry = emergency_book().kinds.get(kind)
        if entry is None:
            raise Refused(_("没有这种预案。"), code="no_such_kind")
        if len(words.strip()) < 4:
            raise Refused(_("请写明集合点、阀门、配电室等本小区的要点。"), code="words_missing")
        with refusing_clashes(), estate_scope(by.estate):
            last = self.at_estate(by.estate).filter(kind=kind).order_by("-number").first()
            tasks = [{"key": task.key, "role": task.role, "title": task.title, "minutes": task.minutes} for task in entry.tasks]
            row = self.create(
                estate=by.estate, kind=kind, number=last.number + 1 if last else 1, book_version=entry.version, words=words.strip()[:2000], tasks=tasks,
                issued_by_id=by.person_id, issued_at=at,
            )  # fmt: skip
            people = sorted(set(Post.objects.at_estate(by.estate).held_on(clock.today(by.estate, at)).values_list("person_id", flat=True)))
            Event.objects.record(Action.EMERGENCY_PLAN_ISSUED, row, by=by, at=at, kind=entry.title, number=row.number, worker_ids=people)
        return row


class Plan(EstateOwned):
    noun = "emergency_plan"
    kind = models.CharField(max_length=12)
    number = models.PositiveSmallIntegerField()  # version of this estate
    book_version = models.PositiveSmallIntegerField()  # of rulebooks/emergencies.yaml
    words = models.TextField()  # where things are here: assembly point, valves, rooms
    tasks = models.JSONField()  # as the book had them: key, role, title, minutes
    issued_by = PersonKey()
    issued_at = models.DateTimeField()

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "kind", "number"], name="emergency_plan_number")]

    def __str__(self) -> str:
        return _("%(kind)s预案第 %(number)s 版") % {"kind": kind_title(self.kind), "number": self.number}

    @verb
    def acknowledge(self, *, by: Any, at: datetime | None = None) -> bool:
        """Read and understood, once for each version; said again it changes nothing."""
        at = at or clock.now()
        if not by.is_staff:
            raise Refused(_("只有员工确认预案。"), code="not_staff")
        rows = PlanReading.objects.insert_new([PlanReading(estate_id=self.estate_id, plan=self, person_id=by.person_id, at=at)])
        if rows:
            Event.objects.record(Action.EMERGENCY_PLAN_READ, self, by=by, at=at, told=False, kind=emergency_book().kinds[self.kind].title, number=self.number)
        return bool(rows)


class PlanReading(EstateOwned):
    noun = "plan_reading"
    plan = EstateForeignKey(Plan, models.CASCADE, related_name="readings")
    person = PersonKey()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "plan", "person"], name="plan_reading_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.at:%F}"

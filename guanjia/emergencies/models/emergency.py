"""突发事件: started with one tap, tasks given at once, logged, stood down, looked after, reported, archived (EMG-01..11, EMG-20, EMG-26, F-71, F-87)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.people.models import Person
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope

from .. import drilling
from ..audience import is_for
from ..book import emergency_book, kind_title
from ..watch import Watch
from .aftercare import Aftercare
from .commandable import Commandable
from .log import AreaNotice, LogEntry
from .order import Order
from .plan import Plan

if TYPE_CHECKING:
    from datetime import datetime

AGAIN = timedelta(minutes=2)  # a second tap by the same person within it says nothing new


class Stage(models.TextChoices):
    LIVE = "live", gettext_lazy("处置中")
    DOWN = "down", gettext_lazy("善后中")
    ARCHIVED = "archived", gettext_lazy("已归档")


LIVE = Q(stage="live")


class EmergencyQuerySet(EstateQuerySet["Emergency"]):
    def visible_to(self, reach: Any) -> EmergencyQuerySet:
        """Every colleague sees all of them; residents those they were told of."""
        rows = self.at_estate(reach.estate)
        if reach.is_staff:
            return rows
        told = AreaNotice.objects.at_estate(reach.estate).filter(is_for(reach))
        return rows.filter(pk__in=told.values("emergency_id"))

    def live(self) -> EmergencyQuerySet:
        return self.filter(LIVE)

    def start(
        self, kind: str, *, by: Any, building: Any = None, unit: Any = None, place: str = "", words: str = "", drill: bool = False, task: Any = None, at: datetime | None = None,
    ) -> Emergency:  # fmt: skip
        """Every colleague may (EMG-09). What runs already at that place is joined, so a double tap is harmless; drills are a commander's.

        `task` is the duty's task that the evaluated drill will do. Refused `wrong_task`, `task_taken`.
        """
        at = at or clock.now()
        if not by.is_staff:
            raise NotAllowed("emergency.start")
        if drill:
            by.must("emergency.command")
        if kind not in emergency_book().kinds:
            raise Refused(_("请选择是什么事。"), code="no_such_kind")
        if task is not None:
            drilling.must_ask_for(task, drill, by)
        building = building or (unit.building if unit else None)
        with estate_scope(by.estate):
            same = self.at_estate(by.estate).live().filter(kind=kind, building=building, drill=drill)
            if running := same.select_for_update(of=("self",)).first():
                return running._join(place, words, by=by, at=at)
            row = self.model(
                estate=by.estate, kind=kind, drill=drill, building=building, unit=unit, place=place.strip()[:80], words=words.strip()[:300], started_by_id=by.person_id, started_at=at,
                task=task,
            )  # fmt: skip
            try:
                with transaction.atomic():
                    row.save(force_insert=True)
            except IntegrityError:  # two at the same moment: the other was faster
                if (faster := same.first()) is None:
                    raise drilling.taken() from None
                return faster._join(place, words, by=by, at=at)
            row._begin(by, at)
        return row


class Emergency(Commandable, Aftercare, EstateOwned):
    noun = "emergency"
    kind = models.CharField(max_length=12)  # of emergencies.yaml
    drill = models.BooleanField(default=False)
    task = EstateForeignKey("duties.Task", models.RESTRICT, null=True, related_name="drills")  # of the duty that asks for this drill
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.LIVE)
    building = EstateForeignKey("estates.Building", models.RESTRICT, null=True, related_name="+")
    unit = EstateForeignKey("estates.Unit", models.RESTRICT, null=True, related_name="+")
    place = models.CharField(max_length=80, blank=True)  # where exactly, in words
    words = models.CharField(max_length=300, blank=True)
    plan = EstateForeignKey(Plan, models.RESTRICT, null=True, related_name="+")  # the version in force at the start
    started_by = PersonKey()
    started_at = models.DateTimeField()
    down_at = models.DateTimeField(null=True)
    down_by = PersonKey(null=True)
    down_words = models.CharField(max_length=300, blank=True)
    false_alarm = models.BooleanField(default=False)
    visits_due_at = models.DateTimeField(null=True)
    report_due_at = models.DateTimeField(null=True)
    told = models.PositiveSmallIntegerField(default=0)  # how far up a late report was told
    declared_at = models.DateTimeField(null=True)  # 申报 (REQ-25, F-87)
    declared_by = PersonKey(null=True)
    declared_to = models.CharField(max_length=80, blank=True)
    declared_words = models.CharField(max_length=300, blank=True)
    archived_at = models.DateTimeField(null=True)

    objects = EmergencyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "stage", "-started_at"], name="emergency_stage")]
        constraints = [
            models.UniqueConstraint(fields=["estate", "kind", "building", "drill"], condition=LIVE, nulls_distinct=False, name="emergency_one_live"),
            models.UniqueConstraint(fields=["estate", "task"], condition=Q(false_alarm=False), name="drill_one_task"),
            models.CheckConstraint(condition=Q(task__isnull=True) | Q(drill=True), name="emergency_task_drill"),
            models.CheckConstraint(condition=LIVE | Q(down_at__isnull=False, down_by__isnull=False), name="emergency_down_by"),
            models.CheckConstraint(condition=~Q(stage="archived") | Q(archived_at__isnull=False), name="emergency_archived_at"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.where}"

    @property
    def number(self) -> str:
        return f"{'YL' if self.drill else 'YJ'}-{self.pk:05d}"

    @property
    def title(self) -> str:
        return _("演练：%(kind)s") % {"kind": kind_title(self.kind)} if self.drill else kind_title(self.kind)

    @property
    def entry(self) -> Any:
        return emergency_book().kinds.get(self.kind)

    @property
    def where(self) -> str:
        """The home or building, and the words: 3 栋 一楼大厅."""
        near = self.unit.code if self.unit else _("%(number)s 栋") % {"number": self.building.number} if self.building else ""
        return " ".join(part for part in (near, self.place) if part) or _("全小区")

    @property
    def zone_id(self) -> int | None:
        return self.unit.zone_id if self.unit else self.building.zone_id if self.building else None

    def _begin(self, by: Any, at: datetime) -> None:
        """The plan in force, its tasks to whom they belong now, everybody told at once, whatever the hour."""
        self.plan = Plan.objects.newest(self.estate_id).get(self.kind)
        self.save(update_fields=["plan"])
        tasks = self.plan.tasks if self.plan else [{"key": task.key, "role": task.role, "title": task.title, "minutes": task.minutes} for task in self.entry.tasks]
        watch, made = Watch(self.estate, at), []
        for task in tasks:
            found, within = watch.who(task["role"], self.zone_id), timedelta(minutes=task["minutes"])
            made.append(Order(
                estate_id=self.estate_id, emergency=self, key=task["key"], role=task["role"], title=task["title"], people=list(found.people), on_duty=found.on_duty,
                within=within, due_at=at + within,
            ))  # fmt: skip
        Order.objects.bulk_create(made)
        LogEntry.objects.write(self, "start", " ".join(part for part in (self.title, self.where, self.words) if part), by=by, at=at)
        people = sorted({person for order in made for person in order.people})
        self.tell(Action.EMERGENCY_STARTED, by=by, at=at, worker_ids=people, words=self.words, gaps=sum(not order.people for order in made))

    def _join(self, place: str, words: str, *, by: Any, at: datetime) -> Emergency:
        """Somebody else saw it as well, perhaps from elsewhere; the same person's second tap says nothing."""
        known = (self.place, self.words)
        said = " ".join(word for word in (place.strip(), words.strip()) if word and word not in known)
        if said or not (by.person_id == self.started_by_id and at - self.started_at < AGAIN):
            LogEntry.objects.write(self, "note", _("也来报警 %(words)s") % {"words": said}, by=by, at=at)
            self.tell(Action.EMERGENCY_JOINED, by=by, at=at, told=False, words=said[:120])
        return self

    def tell(self, action: Action, *, by: Any, at: datetime, **said: Any) -> None:
        """Particulars are in the house's language, whatever the actor reads."""
        with translation.override(settings.LANGUAGE_CODE):
            said = {"kind": self.title, "where": self.where, **said}
        Event.objects.record(action, self, by=by, at=at, number=self.number, **said)

    def names(self) -> dict[int, str]:
        """Everybody a task was given to."""
        ids = {person for people in self.orders.values_list("people", flat=True) for person in people}
        return dict(Person.objects.filter(pk__in=ids).values_list("pk", "name"))

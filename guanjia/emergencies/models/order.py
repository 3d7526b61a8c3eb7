"""应急任务: one task of the plan, given to the people on duty of its post, with its minutes (EMG-01, EMG-09, EMG-10, EMG-11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.people.models import Person
from guanjia.people.roles import title_of
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.verbs import verb

from .log import LogEntry

if TYPE_CHECKING:
    from datetime import datetime

OPEN = Q(done_at__isnull=True, dropped_at__isnull=True)


class OrderQuerySet(EstateQuerySet["Order"]):
    def open(self) -> OrderQuerySet:
        return self.filter(OPEN)

    def given_to(self, person_id: int) -> OrderQuerySet:
        return self.filter(people__contains=[person_id])


class Order(EstateOwned):
    """Given to everybody of the nearest on duty; done once, by one of them. `within` is kept as the plan had it at the start."""

    noun = "emergency_order"
    emergency = EstateForeignKey("emergencies.Emergency", models.RESTRICT, related_name="orders")
    key = models.CharField(max_length=20)
    role = models.CharField(max_length=30)
    title = models.CharField(max_length=120)
    people = ArrayField(models.BigIntegerField(), default=list)
    on_duty = models.BooleanField()  # False: nobody was in their shift, so they were called in; or nobody holds the post
    within = models.DurationField()
    due_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    taken_by = PersonKey(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = PersonKey(null=True)
    words = models.CharField(max_length=300, blank=True)
    dropped_at = models.DateTimeField(null=True)  # no longer needed: the emergency ended first
    told = models.PositiveSmallIntegerField(default=0)  # how far up its lateness was told (ladder.py)

    objects = OrderQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=OPEN, name="emergency_order_due"),
            models.Index(fields=["estate", "emergency", "due_at"], name="emergency_order_of"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["estate", "emergency", "key"], name="emergency_order_once"),
            models.CheckConstraint(condition=Q(done_at__isnull=True) | Q(done_by__isnull=False, dropped_at__isnull=True), name="emergency_order_done_by"),
            models.CheckConstraint(condition=Q(taken_at__isnull=True) | Q(taken_by__isnull=False), name="emergency_order_taken_by"),
        ]

    def __str__(self) -> str:
        return _(self.title)

    @property
    def post(self) -> str:
        return title_of(self.role)

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.dropped_at is None

    def may_act(self, reach: Any) -> bool:
        return reach.person_id in self.people or self.role in reach.roles or reach.may("emergency.command")

    def _must_act(self, by: Any) -> None:
        if not self.may_act(by):
            raise NotAllowed("emergency.command")

    @verb
    def take(self, *, by: Any, at: datetime | None = None) -> None:
        """“On my way”: by one of those it was given to; the first counts, a second word is harmless."""
        at = at or clock.now()
        self._must_act(by)
        if type(self).objects.at_estate(self.estate_id).open().filter(pk=self.pk, taken_at__isnull=True).update(taken_at=at, taken_by=by.person_id):
            self.refresh_from_db()
            LogEntry.objects.write(self.emergency, "task", _("收到：%(title)s") % {"title": _(self.title)}, by=by, at=at)
            self.emergency.tell(Action.EMERGENCY_ORDER_TAKEN, by=by, at=at, told=False, title=self.title)

    @verb
    def finish(self, words: str = "", *, by: Any, photo: Any = None, at: datetime | None = None) -> None:
        """Done. Twice is told once; after the stand-down there is nothing to do any more."""
        at = at or clock.now()
        self._must_act(by)
        rows = type(self).objects.at_estate(self.estate_id).open().filter(pk=self.pk, emergency__stage="live")
        taken = {"taken_at": Coalesce(F("taken_at"), Value(at)), "taken_by": Coalesce(F("taken_by"), Value(by.person_id))}
        if not rows.update(done_at=at, done_by=by.person_id, words=words.strip()[:300], **taken):
            raise Refused(_("这项任务已经完成或已经解除。"), code="already_done")
        self.refresh_from_db()
        said = _("完成：%(title)s %(words)s") % {"title": _(self.title), "words": self.words}
        LogEntry.objects.write(self.emergency, "task", said, by=by, at=at, photo=photo)
        self.emergency.tell(Action.EMERGENCY_ORDER_DONE, by=by, at=at, told=False, title=self.title, words=self.words[:120])

    @verb
    def give(self, person: Person, *, by: Any, at: datetime | None = None) -> None:
        """To somebody else as well: who commands sends whom they have (EMG-02)."""
        at = at or clock.now()
        by.must("emergency.command")
        row = type(self).objects.at_estate(self.estate_id).select_for_update().get(pk=self.pk)
        if not row.is_open:
            raise Refused(_("这项任务已经完成或已经解除。"), code="already_done")
        if person.pk in row.people:
            raise Refused(_("已经派给这个人。"), code="already_given")
        self.people = [*row.people, person.pk]
        self.save(update_fields=["people"])
        LogEntry.objects.write(self.emergency, "task", _("加派%(name)s：%(title)s") % {"name": person.name, "title": _(self.title)}, by=by, at=at)
        self.emergency.tell(Action.EMERGENCY_ORDER_GIVEN, by=by, at=at, title=self.title, person=person.name, worker_id=person.pk)

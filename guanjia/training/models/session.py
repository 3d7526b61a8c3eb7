"""培训场次: planned for people, signed in to, held, evaluated; who was absent is asked to a make-up (TRN-02..13, QLT-31)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.duties.models import Task
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope

from ..audience import holders
from ..book import training_book
from .attendee import Attendee
from .holdable import Holdable
from .outline import OutlineItem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that looks like another


class SessionQuerySet(EstateQuerySet["Session"]):
    def visible_to(self, reach: Any) -> SessionQuerySet:
        """All for whoever manages trainings; else those one trains at, is asked to or came to."""
        rows = self.at_estate(reach.estate)
        if reach.may("training.manage"):
            return rows
        theirs = Attendee.objects.at_estate(reach.estate).filter(person=reach.person_id)
        return rows.filter(models.Q(trainer=reach.person_id) | models.Q(pk__in=theirs.values("session_id")))

    def plan(
        self, title: str, course: str, starts_at: datetime, ends_at: datetime, *, by: Any, trainer: Any, place: str = "",
        groups: Iterable[str] = (), words: str = "", task: Task | None = None, item: OutlineItem | None = None, at: datetime | None = None,
    ) -> Session:  # fmt: skip
        """A training with everybody of its groups asked to it. Refused when it ends before it begins."""
        by.must("training.manage")
        groups, at = sorted(set(groups)), at or clock.now()
        book = training_book()
        if not title.strip() or course not in book.courses or set(groups) - set(book.groups):
            raise Refused(_("请写明主题、类别和对象。"), code="incomplete")
        if ends_at <= starts_at:
            raise Refused(_("结束时间要在开始之后。"), code="ends_first")
        with estate_scope(by.estate):
            _must_be_free(by.estate, task)
            people = holders(by.estate, groups, clock.today(by.estate, starts_at))
            made = self.create(
                estate=by.estate, title=title.strip()[:80], course=course, starts_at=starts_at, ends_at=ends_at, place=place.strip()[:80],
                trainer=trainer, groups=groups, words=words.strip()[:2000], task=task, item=item, code=get_random_string(6, LETTERS),
                by_id=by.person_id, at=at,
            )  # fmt: skip
            made.ask([person.pk for person in people], by=by, at=at)
        return made


def _must_be_free(estate: Any, task: Task | None) -> None:
    if task is None:
        return
    row = Task.objects.at_estate(estate).select_for_update().get(pk=task.pk)
    if row.done_at or row.waived_at or Session.objects.at_estate(estate).filter(task=task, called_off_at__isnull=True).exists():
        raise Refused(_("这项培训任务已经安排或完成。"), code="already_planned")


class Session(Holdable, EstateOwned):
    """A training on a day, with its code for signing in. `held_at` closes it; `evaluated_at` says what it was worth."""

    noun = "training"
    title = models.CharField(max_length=80)
    course = models.CharField(max_length=20)  # key of training.yaml
    groups = models.JSONField(default=list)  # post groups it is for; none: everybody
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=80, blank=True)
    trainer = PersonKey()
    words = models.CharField(max_length=2000, blank=True)  # what is taught
    code = models.CharField(max_length=6)  # shown at the session, typed or scanned to sign in
    task = EstateForeignKey(Task, models.RESTRICT, null=True, related_name="trainings")  # the duty's slot it answers
    item = EstateForeignKey(OutlineItem, models.RESTRICT, null=True, related_name="sessions")
    makes_up = EstateForeignKey("training.Session", models.RESTRICT, null=True, related_name="make_ups")
    by = PersonKey()
    at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)
    held_by = PersonKey(null=True)
    summary = models.CharField(max_length=2000, blank=True)  # the written record of what was taught (QLT-11)
    evaluated_at = models.DateTimeField(null=True)
    evaluated_by = PersonKey(null=True)
    effect = models.PositiveSmallIntegerField(null=True)  # 1 (none) to 5 (all of it is practised)
    effect_words = models.CharField(max_length=500, blank=True)
    called_off_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "-starts_at"], name="training_session_day")]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="training_session_ends"),
            models.CheckConstraint(condition=models.Q(held_at__isnull=True) | models.Q(called_off_at__isnull=True), name="training_held_or_off"),
            models.CheckConstraint(condition=models.Q(effect__isnull=True) | models.Q(effect__gte=1, effect__lte=5), name="training_effect"),
            models.UniqueConstraint(
                fields=["estate", "task"], condition=models.Q(called_off_at__isnull=True, task__isnull=False, makes_up__isnull=True), name="training_task_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state(self) -> str:
        """off, evaluated, held or open."""
        marks = (("off", self.called_off_at), ("evaluated", self.evaluated_at), ("held", self.held_at))
        return next((name for name, at in marks if at), "open")

    def runs(self, by: Any) -> bool:
        """Whether somebody may act for it: who manages trainings, and its trainer."""
        return by.may("training.manage") or by.person_id == self.trainer_id

    def must_run(self, by: Any) -> None:
        if by.person_id != self.trainer_id:
            by.must("training.manage")

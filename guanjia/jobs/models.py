"""Long work is a row (design decision 10): the page finds it again and shows a bar."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

from .registry import personal

if TYPE_CHECKING:
    from datetime import datetime

SILENT = timedelta(seconds=45)  # a runner that gave no sign for so long is gone
TRIES = 3


class JobQuerySet(EstateQuerySet["Job"]):
    def ask(self, kind: str, *, estate: Any, by: Any = None, key: str = "", source: Any = None, at: datetime | None = None, **arguments: Any) -> Job:
        """Ask for long work. The same key is the same job; it is queued with this transaction, or not at all."""
        from .tasks import run

        with estate_scope(estate):
            known = self.at_estate(estate).filter(kind=kind, key=key).first() if key else None
            if known:
                if known.state == self.model.State.FAILED:  # asked again: it may try again
                    self.at_estate(estate).filter(pk=known.pk).update(state=self.model.State.WAITING, tries=0, error="", ended_at=None)
                    run.defer(estate_id=estate.pk, job_id=known.pk)
                return known
            job = self.model(estate=estate, kind=kind, key=key, by_id=by.person_id if by else None, arguments=arguments, asked_at=at or clock.now())
            if source is not None:
                job.source_file.save(f"{estate.pk}/{source.name}", source, save=False)
            job.save(force_insert=True)
            run.defer(estate_id=estate.pk, job_id=job.pk)
            return job

    def visible_to(self, reach: Any) -> JobQuerySet:
        """One's own jobs; who may import sees the others of the estate as well, but for what is personal (design §7)."""
        rows, mine = self.at_estate(reach.estate), Q(by_id=reach.person_id)
        return rows.filter(mine | ~Q(kind__in=personal)) if reach.may("estate.import") else rows.filter(mine)


class Job(EstateOwned):
    """Import, export, demo history, … with its progress, counts and files."""

    class State(models.TextChoices):
        WAITING = "waiting", _("排队中")
        RUNNING = "running", _("进行中")
        ASKING = "asking", _("待确认")  # a preview waits for a person's yes
        DONE = "done", _("已完成")
        FAILED = "failed", _("失败")
        CANCELLED = "cancelled", _("已取消")

    noun = "job"
    kind = models.CharField(max_length=30)  # the name the runner registered, e.g. estate_import
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    by = PersonKey("people.Person", null=True)
    key = models.CharField(max_length=64, blank=True)  # idempotency: the same request is the same job
    arguments = models.JSONField(default=dict)
    step = models.CharField(max_length=80, blank=True)  # what is being done, for people
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    source_file = models.FileField(upload_to="jobs/", blank=True)
    result_file = models.FileField(upload_to="jobs/", blank=True)
    error = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)  # last sign of life: a silent runner is taken over
    ended_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "-asked_at"], name="job_recent")]
        constraints = [
            models.UniqueConstraint(fields=["estate", "kind", "key"], condition=~models.Q(key=""), name="job_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED, self.State.CANCELLED)

    @verb
    def start(self, at: datetime) -> bool:
        """Take it up; False when another runner has it, it is over, or it failed its runner too often."""
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk)
        free = models.Q(state=self.State.WAITING) | models.Q(state=self.State.RUNNING, beat_at__lt=at - SILENT)
        if rows.filter(free, tries__gte=TRIES).update(state=self.State.FAILED, ended_at=at, error=str(_("多次中断，请重新发起。"))):
            return False
        return bool(rows.filter(free).update(state=self.State.RUNNING, started_at=at, beat_at=at, tries=models.F("tries") + 1))

    @verb
    def remember(self, **so_far: Any) -> None:
        """Said in the transaction that did a part: a runner that takes over finds it in `result` and goes on from there."""
        self.result = {**self.result, **so_far}
        self.save(update_fields=["result"])

    @verb
    def finish(self, result: dict[str, Any], at: datetime, state: str = State.DONE) -> None:
        """Done, or (`asking`) waiting for a person's yes; the runner's last word."""
        self.state, self.result, self.ended_at = state, result, at
        self.save(update_fields=["state", "result", "ended_at", "result_file"])

    @verb
    def fail(self, sentence: str, at: datetime) -> None:
        self.state, self.error, self.ended_at = self.State.FAILED, sentence[:500], at
        self.save(update_fields=["state", "error", "ended_at"])

    @verb
    def agree(self, *, by: Any, **arguments: Any) -> None:
        """The yes a preview waited for: the job goes on with these arguments added. A second yes changes nothing."""
        from .tasks import run

        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, state=self.State.ASKING)
        if not rows.update(state=self.State.WAITING, arguments={**self.arguments, **arguments}, tries=0, done=0, total=0, step="", ended_at=None):
            raise Refused(_("这项任务已经开始或结束。"), code="already_started")
        run.defer(estate_id=self.estate_id, job_id=self.pk)

    @verb
    def cancel(self, *, by: Any, at: datetime | None = None) -> None:
        """Before it runs, or instead of saying yes."""
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, state__in=[self.State.WAITING, self.State.ASKING])
        if not rows.update(state=self.State.CANCELLED, ended_at=at or clock.now()):
            raise Refused(_("这项任务已经开始或结束。"), code="already_started")

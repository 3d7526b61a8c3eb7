"""A report that a duty asks for: its figures fill themselves, its words are somebody's, its sign-off somebody else's (RPT-01 … RPT-29)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.duties.models import Task
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.verbs import verb

from ..figures import figures_of
from ..periods import period_of
from ..prefill import survey_words

if TYPE_CHECKING:
    from datetime import datetime

FORMS = ("report", "analysis", "plan", "meeting", "survey", "task_sheet")  # of duties whose record is a report


class ReportQuerySet(EstateQuerySet["Report"]):
    def of(self, task: Task, *, by: Any, at: datetime | None = None) -> Report:
        """The report of a task, with its figures; a new one is kept when it is first written. Figures of a draft are as of now."""
        at = at or clock.now()
        known = self.at_estate(task.estate_id).filter(task=task).first()
        if known and known.submitted_at:
            return known
        begins, ends = period_of(task)
        found = figures_of(task.key, task.estate, begins, ends, task.zone_id)
        if known is None:
            return Report(estate_id=task.estate_id, task=task, key=task.key, begins=begins, ends=ends, figures=found, begun_at=at, author_id=by.person_id, words=survey_words(task))
        known.figures = found
        return known


class Report(EstateOwned):
    """One a task. A draft until it is handed in; then its figures and words stand; signed by somebody else, or sent back."""

    noun = "report"
    task = EstateForeignKey(Task, models.RESTRICT, related_name="reports")
    key = models.CharField(max_length=60)  # the duty's
    begins = models.DateField()
    ends = models.DateField()  # the first day it no longer tells of
    figures = models.JSONField(default=list)
    words = models.JSONField(default=dict)  # item of its form → words
    author = PersonKey()
    begun_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    signed_by = PersonKey(null=True)
    signed_at = models.DateTimeField(null=True)
    returned_by = PersonKey(null=True)
    returned_at = models.DateTimeField(null=True)
    returned_why = models.CharField(max_length=300, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "key", "-begins"], name="report_key")]
        constraints = [
            models.UniqueConstraint(fields=["estate", "task"], name="report_once"),
            models.CheckConstraint(condition=Q(signed_at__isnull=True) | Q(submitted_at__isnull=False), name="report_signed_after"),
            models.CheckConstraint(condition=Q(ends__gt=models.F("begins")), name="report_period"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.begins}"

    @property
    def state(self) -> str:
        if self.signed_at:
            return "signed"
        if self.submitted_at:
            return "submitted"
        return "returned" if self.returned_at else "draft"

    @verb
    def write(self, words: dict[str, str], *, by: Any) -> None:
        """Keep a draft."""
        self._must_be_draft(by)
        self.words, self.author_id = words, by.person_id
        self._keep("words", "author", "figures")

    @verb
    def submit(self, words: dict[str, str], *, by: Any, at: datetime | None = None) -> None:
        """Hand it in: the task is done by its record; figures and words stand from now on.

        Raises Unanswered with what is missing, Refused when somebody was faster. Sent back, it is handed in again; its task
        was done the first time.
        """
        at = at or clock.now()
        self._must_be_draft(by)
        if not self.task.done_at:
            self.task.finish(by=by, answers=words, client_id=uuid.uuid4(), at=at)
        self.words, self.author_id, self.submitted_at, self.returned_at = words, by.person_id, at, None
        self._keep("words", "author", "figures", "submitted_at", "returned_at")
        Event.objects.record(Action.REPORT_SUBMITTED, self, by=by, at=at, title=self.task.source_title, period=self.period)

    @verb
    def sign(self, *, by: Any, at: datetime | None = None) -> None:
        """Somebody who reads reports, and did not write this one, signs it off."""
        self._must_wait_for_a_signature(by)
        self.signed_at, self.signed_by_id = at or clock.now(), by.person_id
        self.save(update_fields=["signed_at", "signed_by"])
        Event.objects.record(Action.REPORT_SIGNED, self, by=by, at=self.signed_at, title=self.task.source_title, period=self.period)

    @verb
    def send_back(self, why: str, *, by: Any, at: datetime | None = None) -> None:
        """Its author writes it again."""
        self._must_wait_for_a_signature(by)
        if not why.strip():
            raise Refused(_("退回请写明原因。"), code="why_missing")
        self.returned_at, self.returned_by_id, self.returned_why, self.submitted_at = at or clock.now(), by.person_id, why.strip()[:300], None
        self.save(update_fields=["returned_at", "returned_by", "returned_why", "submitted_at"])
        Event.objects.record(Action.REPORT_RETURNED, self, by=by, at=self.returned_at, title=self.task.source_title, period=self.period, why=why.strip(), worker_id=self.author_id)

    def _keep(self, *columns: str) -> None:
        """Write what changed; a report that nobody had written yet as a whole."""
        self.save(update_fields=columns) if self.pk else self.save(force_insert=True)

    def _lock(self) -> None:
        """Read how it stands again, so that of two who act at once the second one is told."""
        columns = ("author_id", "submitted_at", "signed_at", "returned_at")
        row = Report.objects.at_estate(self.estate_id).select_for_update().filter(pk=self.pk).values(*columns).first()
        for name, value in (row or {}).items():
            setattr(self, name, value)

    def _must_be_draft(self, by: Any) -> None:
        if not by.is_staff or not Task.objects.at_estate(self.estate_id).visible_to(by).filter(pk=self.task_id).exists():
            raise NotAllowed("staff")
        self._lock()
        if self.submitted_at:
            raise Refused(_("报告已经上交，不能再改。"), code="submitted")

    def _must_wait_for_a_signature(self, by: Any) -> None:
        by.must("report.read")
        self._lock()
        if not self.submitted_at or self.signed_at:
            raise Refused(_("这份报告不在等签。"), code="not_waiting")
        if by.person_id == self.author_id:
            raise Refused(_("自己写的报告由别人签。"), code="own_report")

    @property
    def period(self) -> str:
        from datetime import timedelta

        return f"{self.begins} — {self.ends - timedelta(days=1)}"

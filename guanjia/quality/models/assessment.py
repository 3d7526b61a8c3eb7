"""综合考评: inspections combined by weight, a band, and the money that follows as a proposal somebody else approves (QLT-20..25)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.verbs import verb

from ..combining import combined
from ..grading import grading
from ..money import lines_of
from ..rubric_book import rubrics_book

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from .inspection import Inspection


class AssessmentQuerySet(EstateQuerySet["Assessment"]):
    def visible_to(self, reach: Any) -> AssessmentQuerySet:
        """Who plans and who decides see proposals; the estate sees what was decided."""
        rows = self.at_estate(reach.estate)
        if reach.may("quality.plan") or reach.may("quality.award"):
            return rows
        return rows.filter(decided_at__isnull=False) if reach.may("quality.read") else rows.none()

    def combine(
        self, title: str, inspections: Iterable[Inspection], *, by: Any, campaign: Any = None, at: datetime | None = None
    ) -> Assessment:  # fmt: skip
        """The whole score of finished inspections, by the weights of the day; with it the proposal of who gets what."""
        row = self.model(estate=by.estate, title=title.strip()[:80], campaign=campaign, made_at=at or clock.now(), made_by_id=by.person_id)
        return row._combine(list(inspections), by)


class Assessment(EstateOwned):
    """Its numbers are fixed when it is made; a corrected inspection asks for a new one."""

    noun = "assessment"
    title = models.CharField(max_length=80)
    campaign = EstateForeignKey("quality.Campaign", models.RESTRICT, null=True, related_name="assessments")
    parts = models.JSONField(default=list)  # [{group, title, weight, score, inspections: [{id, title, score, result}]}]
    score = models.DecimalField(max_digits=5, decimal_places=2)  # raw
    counted = models.DecimalField(max_digits=5, decimal_places=2)  # as it was put into a band (CF-27)
    rule = models.CharField(max_length=10)  # of rounding
    band = models.CharField(max_length=10)
    made_at = models.DateTimeField()
    made_by = PersonKey()
    decided_at = models.DateTimeField(null=True)
    decided_by = PersonKey(null=True)
    granted = models.BooleanField(default=False)
    words = models.CharField(max_length=300, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "-made_at"], name="assessment_recent")]
        constraints = [
            models.CheckConstraint(condition=Q(score__range=(Decimal(0), Decimal(100))), name="assessment_score"),
            models.CheckConstraint(condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("made_by")), name="assessment_by_another"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def grade(self) -> Any:
        return rubrics_book().bands[self.band]

    @property
    def grade_title(self) -> str:
        return _(self.grade.title)

    @verb
    def _combine(self, inspections: list[Inspection], by: Any) -> Assessment:
        by.must("quality.plan")
        if not self.title:
            raise Refused(_("请写名称。"), code="incomplete")
        self.score, self.parts = combined(self.estate, inspections, self.made_at)
        bands = grading(self.estate, self.made_at)
        self.counted, self.rule, self.band = bands.graded(self.score), bands.rule, bands.band(self.score)
        self.save(force_insert=True)
        Payout.objects.bulk_create(Payout(estate_id=self.estate_id, assessment=self, **line) for line in lines_of(self, self.made_at))
        self._tell(Action.ASSESSMENT_MADE, by, self.made_at)
        return self

    @verb
    def decide(self, granted: bool, words: str, *, by: Any, at: datetime | None = None) -> None:
        """Once, by somebody else than who made it and than whom it pays."""
        at = at or clock.now()
        by.must("quality.award")
        if by.person_id == self.made_by_id or Payout.objects.at_estate(self.estate_id).filter(assessment=self, person_id=by.person_id).exists():
            raise Refused(_("不能审批自己的事。"), code="own_matter")
        if not granted and not words.strip():
            raise Refused(_("不同意时请写明原因。"), code="why_missing")
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, decided_at__isnull=True)
        if not rows.update(decided_at=at, decided_by_id=by.person_id, granted=granted, words=words.strip()[:300]):
            raise Refused(_("已经审批过了。"), code="already_decided")
        self.refresh_from_db()
        self._tell(Action.ASSESSMENT_GRANTED if granted else Action.ASSESSMENT_REFUSED, by, at, why=words.strip(), worker_id=self.made_by_id)

    def _tell(self, action: Action, by: Any, at: datetime, **said: Any) -> None:
        band = kept(_(self.grade.title))
        Event.objects.record(action, self, by=by, at=at, title=self.title, score=str(self.score), band=band, **said)


class Payout(EstateOwned):
    """What the table says for one person, or for the team. Yuan; a proposal until its assessment is decided."""

    class Kind(models.TextChoices):
        REWARD = "reward", gettext_lazy("奖励")
        FINE = "fine", gettext_lazy("扣减绩效")
        TEAM = "team", gettext_lazy("团队奖")

    assessment = EstateForeignKey(Assessment, models.CASCADE, related_name="payouts")
    person = PersonKey(null=True)  # none: the team, to be shared as the company decides (CF-29)
    post = models.CharField(max_length=60)  # held on that day
    kind = models.CharField(max_length=6, choices=Kind.choices)
    amount = models.DecimalField(max_digits=10, decimal_places=2)

    objects = EstateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "assessment", "person"], name="payout_once"),
            models.CheckConstraint(condition=Q(amount__gt=Decimal(0)), name="payout_amount"),
        ]
        indexes = [models.Index(fields=["estate", "assessment"], name="payout_assessment")]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"

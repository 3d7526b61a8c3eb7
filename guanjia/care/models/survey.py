"""首月摸底: every household known within the month, by visits and an online questionnaire (HSE-01, CF-36)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.households.models import Household
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import date, datetime


class SurveyQuerySet(EstateQuerySet):
    def live(self) -> SurveyQuerySet:
        return self.filter(ended_at__isnull=True)

    def begin(
        self,
        estate: Any,
        begins_on: date,
        *,
        by: Any,
        per_day: int,
        online: int,
        months: int,
        per_steward: bool,
        at: datetime | None = None,
    ) -> Survey:
        survey = Survey(
            estate=estate, begins_on=begins_on, per_day=per_day, online=online, months=months, per_steward=per_steward
        )
        return survey._begin(by=by, at=at)


class Survey(EstateOwned):
    """One round. The figures it was planned with stay with it, whatever the parameters say later."""

    noun = "survey"
    begins_on = models.DateField()
    months = models.PositiveSmallIntegerField()
    per_day = models.PositiveSmallIntegerField()  # visits a day, by one steward or by all together
    per_steward = models.BooleanField(default=True)
    online = models.PositiveSmallIntegerField()  # per cent of households that the questionnaire is to reach
    made_by = PersonKey()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate"], condition=Q(ended_at__isnull=True), name="survey_one_at_a_time"),
            models.CheckConstraint(condition=Q(online__lte=100, per_day__gt=0, months__gt=0), name="survey_figures"),
        ]

    def __str__(self) -> str:
        return f"{self.begins_on}"

    @verb
    def _begin(self, *, by: Any, at: datetime | None = None) -> Survey:
        by.must("survey.plan")
        at = at or clock.now()
        if type(self).objects.at_estate(self.estate_id).live().exists():
            raise Refused(_("上一轮摸底还没有结束。"), code="running")
        self.made_by_id, self.made_at = by.person_id, at
        self.save(force_insert=True)
        Event.objects.record(Action.SURVEY_BEGUN, self, by=by, at=at, told=False, day=self.begins_on.isoformat())
        return self

    @verb
    def assign(self, *, by: Any, at: datetime | None = None) -> int:
        """Give every household that has neither answered nor been met a day and its steward. Returns how many visits were planned."""
        from ..survey import assign

        by.must("survey.plan")
        at = at or clock.now()
        count = assign(self, at)
        Event.objects.record(Action.SURVEY_ASSIGNED, self, by=by, at=at, told=False, count=count)
        return count

    @verb
    def end(self, *, by: Any, at: datetime | None = None) -> None:
        from .visit import Visit

        by.must("survey.plan")
        at = at or clock.now()
        if self.ended_at:
            raise Refused(_("这一轮摸底已经结束。"), code="ended")
        self.ended_at = at
        self.save(update_fields=["ended_at"])
        Visit.objects.at_estate(self.estate_id).open().filter(survey=self).update(
            outcome=Visit.Outcome.CALLED_OFF, made_at=at, made_by_id=by.person_id
        )
        Event.objects.record(Action.SURVEY_ENDED, self, by=by, at=at, told=False)


class AnswerQuerySet(EstateQuerySet):
    def give(self, household: Household, said: dict[str, Any], *, by: Any, at: datetime | None = None) -> Answer:
        """The questionnaire as a resident filled it in, or staff for them at the door; answered again, the newest counts."""
        return Answer(estate_id=household.estate_id, household=household, said=said)._give(by=by, at=at)


class Answer(EstateOwned):
    """线上问卷: what a household said of itself."""

    noun = "answer"
    household = EstateForeignKey(Household, models.CASCADE, related_name="answers")
    survey = EstateForeignKey(Survey, models.RESTRICT, null=True, related_name="answers")
    said = models.JSONField(default=dict)
    by = PersonKey()
    at = models.DateTimeField()

    objects = AnswerQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "household", "-at"], name="answer_household")]

    def __str__(self) -> str:
        return f"{self.household_id} {self.at:%F}"

    @verb
    def _give(self, *, by: Any, at: datetime | None = None) -> Answer:
        if by.is_staff:
            by.must("visit.make")
        elif self.household_id not in by.households:
            raise Refused(_("只能由本户填写。"), code="not_yours")
        self.survey = Survey.objects.at_estate(self.estate_id).live().first()
        self.by_id, self.at = by.person_id, at or clock.now()
        self.save(force_insert=True)
        slot, way, wish = (str(self.said.get(name, ""))[:300] for name in ("slot", "way", "wish"))
        changes = {name: value for name, value in (("slot", slot), ("way", way), ("preferences", wish)) if value}
        if changes:
            Household.objects.filter(estate=self.estate_id, pk=self.household_id).update(**changes)
        Event.objects.record(Action.SURVEY_ANSWERED, self.household, by=by, at=self.at, told=False)
        return self

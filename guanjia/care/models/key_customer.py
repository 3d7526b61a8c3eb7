"""重点客户: the list, the plan to repair or keep the relation, and what was done (HSE-20, HSE-21, F-05). 客户动态 (HSE-26)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.households.models import Household
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.verbs import verb

from ..reach import unit_of

if TYPE_CHECKING:
    from datetime import date, datetime


class KeyCustomerQuerySet(EstateQuerySet):
    def live(self) -> KeyCustomerQuerySet:
        return self.filter(ended_at__isnull=True)

    def put_down(
        self, household: Household, why: str, plan: str, goal: str = "", *, by: Any, at: datetime | None = None
    ) -> KeyCustomer:
        """On the list with a plan; the plan of one who is on it already is written anew."""
        known = self.at_estate(household.estate_id).live().filter(household=household).first()
        return (known or KeyCustomer(estate_id=household.estate_id, household=household)).keep(
            why, plan, goal, by=by, at=at
        )


class KeyCustomer(EstateOwned):
    noun = "key_customer"
    household = EstateForeignKey(Household, models.CASCADE, related_name="key_customers")
    why = models.CharField(max_length=300)
    plan = models.TextField()
    goal = models.CharField(max_length=200, blank=True)  # of their satisfaction
    person = PersonKey()  # who keeps the relation
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_words = models.CharField(max_length=300, blank=True)

    objects = KeyCustomerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "household"], condition=Q(ended_at__isnull=True), name="key_customer_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.household_id}"

    @verb
    def keep(self, why: str, plan: str, goal: str, *, by: Any, at: datetime | None = None) -> KeyCustomer:
        by.must("household.tier")
        at = at or clock.now()
        self.why, self.plan, self.goal = why.strip(), plan.strip(), goal.strip()
        if self.pk is None:
            self.person_id, self.begun_at = by.person_id, at
        self.save()
        Household.objects.filter(estate=self.estate_id, pk=self.household_id).update(is_key=True)
        Event.objects.record(Action.KEY_CUSTOMER_KEPT, self.household, by=by, at=at, told=False, why=self.why)
        return self

    @verb
    def act(self, words: str, *, by: Any, plan_for: date | None = None, at: datetime | None = None) -> CareAct:
        """Something was done for the relation; `plan_for` is when the next thing is due."""
        by.must("visit.make")
        at = at or clock.now()
        act = CareAct.objects.create(
            estate_id=self.estate_id,
            key_customer=self,
            words=words.strip()[:500],
            by_id=by.person_id,
            at=at,
            next_on=plan_for,
        )
        Event.objects.record(Action.RELATION_CARED, self.household, by=by, at=at, told=False, words=act.words)
        return act

    @verb
    def end(self, words: str, *, by: Any, at: datetime | None = None) -> None:
        by.must("household.tier")
        at = at or clock.now()
        if self.ended_at:
            raise Refused(_now("已经不在重点客户名单上。"), code="ended")
        self.ended_at, self.end_words = at, words.strip()[:300]
        self.save(update_fields=["ended_at", "end_words"])
        Household.objects.filter(estate=self.estate_id, pk=self.household_id).update(is_key=False)
        Event.objects.record(Action.KEY_CUSTOMER_ENDED, self.household, by=by, at=at, told=False, why=self.end_words)


class CareAct(EstateOwned):
    """One act of repair or keeping."""

    noun = "care_act"
    key_customer = EstateForeignKey(KeyCustomer, models.CASCADE, related_name="acts")
    words = models.CharField(max_length=500)
    next_on = models.DateField(null=True)
    by = PersonKey()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["estate", "key_customer", "-at"], name="care_act_of")]

    def __str__(self) -> str:
        return self.words


class MovementQuerySet(EstateQuerySet):
    def note(self, household: Household, kind: str, words: str, *, by: Any, at: datetime | None = None) -> Movement:
        return Movement(estate_id=household.estate_id, household=household, kind=kind, words=words.strip()[:500]).tell(
            by=by, at=at
        )


class Movement(EstateOwned):
    """客户动态: what moves a household, told upwards at once, with what came back (HSE-26)."""

    class Kind(models.TextChoices):
        SUGGESTION = "suggestion", _("建议")
        GRIEVANCE = "grievance", _("不满或投诉倾向")
        AWAY = "away", _("外出或搬动")
        EVENT = "event", _("家中大事")
        OTHER = "other", _("其他动态")

    noun = "movement"
    household = EstateForeignKey(Household, models.CASCADE, related_name="movements")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    words = models.CharField(max_length=500)
    by = PersonKey()
    at = models.DateTimeField()
    feedback = models.CharField(max_length=500, blank=True)
    answered_by = PersonKey(null=True)
    answered_at = models.DateTimeField(null=True)

    objects = MovementQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "household", "-at"], name="movement_household")]

    def __str__(self) -> str:
        return self.words

    @verb
    def tell(self, *, by: Any, at: datetime | None = None) -> Movement:
        by.must("visit.make")
        self.by_id, self.at = by.person_id, at or clock.now()
        self.save(force_insert=True)
        unit = unit_of(self.household)  # the event stays when the person is forgotten: it names the home, nobody
        where = unit.code if unit else self.household.number
        Event.objects.record(Action.MOVEMENT_NOTED, self.household, by=by, at=self.at, where=where, words=self.words)
        return self

    @verb
    def answer(self, feedback: str, *, by: Any, at: datetime | None = None) -> None:
        """What comes of it; whoever noted it hears."""
        by.must("visit.make")
        at = at or clock.now()
        self.feedback, self.answered_by_id, self.answered_at = feedback.strip()[:500], by.person_id, at
        self.save(update_fields=["feedback", "answered_by", "answered_at"])
        Event.objects.record(
            Action.MOVEMENT_ANSWERED, self.household, by=by, at=at, worker_id=self.by_id, words=self.feedback
        )

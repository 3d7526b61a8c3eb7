"""及时奖惩: an instant reward or penalty, proposed by the steward and decided by the manager (STF-07)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.people.models import Person
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

from .team import must_be_field

if TYPE_CHECKING:
    from datetime import datetime


class AwardQuerySet(EstateQuerySet["Award"]):
    def visible_to(self, reach: Any) -> AwardQuerySet:
        """All for who decides; others those they proposed, and their own once granted."""
        rows = self.at_estate(reach.estate)
        if reach.may("award.decide"):
            return rows
        return rows.filter(models.Q(asked_by_id=reach.person_id) | models.Q(person_id=reach.person_id, granted=True))

    def propose(
        self, person: Person, kind: str, amount: Decimal, why: str, *, by: Any, at: datetime | None = None
    ) -> Award:
        """An instant reward or penalty in yuan, in force once the manager agrees."""
        at = at or clock.now()
        must_be_field(person, by, at)
        if kind not in Award.Kind.values or not Decimal(0) <= amount <= Decimal(10000) or not why.strip():
            raise Refused(_("请写明奖或罚、金额和事实。"), code="incomplete")
        with estate_scope(by.estate):
            made = self.create(
                estate=by.estate,
                person=person,
                kind=kind,
                amount=amount,
                why=why.strip()[:300],
                asked_by_id=by.person_id,
                asked_at=at,
            )
            made.tell(Action.AWARD_ASKED, by=by, at=at, why=made.why)
        return made


class Award(EstateOwned):
    """及时奖惩单: proposed by the steward, decided by the manager; nobody decides on their own proposal or person."""

    class Kind(models.TextChoices):
        REWARD = "reward", gettext_lazy("奖励")
        PENALTY = "penalty", gettext_lazy("处罚")

    noun = "award"
    person = PersonKey()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    amount = models.DecimalField(max_digits=10, decimal_places=2)  # yuan; nought is a word of praise or warning
    why = models.CharField(max_length=300)
    asked_by = PersonKey()
    asked_at = models.DateTimeField()
    decided_by = PersonKey(null=True)
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(default=False)
    words = models.CharField(max_length=300, blank=True)

    objects = AwardQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "person", "-asked_at"], name="award_person")]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gte=0), name="award_amount")]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"

    @verb
    def decide(self, granted: bool, words: str, *, by: Any, at: datetime | None = None) -> None:
        at = at or clock.now()
        by.must("award.decide")
        if by.person_id in (self.person_id, self.asked_by_id):
            raise Refused(_("不能评自己的事。"), code="own_matter")
        if not granted and not words.strip():
            raise Refused(_("不同意时请写明原因。"), code="why_missing")
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, decided_at__isnull=True)
        if not rows.update(decided_at=at, decided_by=by.person_id, granted=granted, words=words.strip()[:300]):
            raise Refused(_("已经审批过了。"), code="already_decided")
        self.refresh_from_db()
        self.tell(Action.AWARD_GRANTED if granted else Action.AWARD_REFUSED, by=by, at=at, why=words.strip())

    def tell(self, action: Action, *, by: Any, at: datetime, why: str) -> None:
        said: dict[str, Any] = {
            "person": self.person.name,
            "kind": str(self.Kind(self.kind).label),
            "amount": f"{self.amount:.2f}",
            "why": why,
        }
        told = self.person_id if action == Action.AWARD_GRANTED else self.asked_by_id
        Event.objects.record(action, self, by=by, at=at, worker_id=told, **said)

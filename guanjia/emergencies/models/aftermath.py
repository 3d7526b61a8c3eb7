"""Rows of the aftermath: homes, damaged things, insurance claims (EMG-01, EMG-05)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal


class AffectedHome(EstateOwned):
    noun = "affected_home"
    emergency = EstateForeignKey("emergencies.Emergency", models.RESTRICT, related_name="homes")
    unit = EstateForeignKey("estates.Unit", models.RESTRICT, related_name="+")
    household = EstateForeignKey("households.Household", models.RESTRICT, null=True, related_name="+")
    words = models.CharField(max_length=300)
    hurt = models.PositiveSmallIntegerField(default=0)  # people hurt
    by = PersonKey()
    at = models.DateTimeField()
    visited_at = models.DateTimeField(null=True)
    visited_by = PersonKey(null=True)
    visit = models.CharField(max_length=300, blank=True)  # what they said and need

    objects = EstateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "emergency", "unit"], name="affected_once"),
            models.CheckConstraint(condition=Q(visited_at__isnull=True) | Q(visited_by__isnull=False), name="affected_visited_by"),
        ]

    def __str__(self) -> str:
        return self.unit.code

    @verb
    def visited(self, words: str, *, by: Any, at: datetime | None = None) -> None:
        """Somebody went there afterwards, and what was said (EMG-01)."""
        at = at or clock.now()
        by.must("emergency.command")
        if len(words.strip()) < 2:
            raise Refused(_("请写走访情况。"), code="words_missing")
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, visited_at__isnull=True)
        if not rows.update(visited_at=at, visited_by=by.person_id, visit=words.strip()[:300]):
            raise Refused(_("已经登记走访。"), code="already_done")
        self.refresh_from_db()
        self.emergency.tell(Action.EMERGENCY_HOME_VISITED, by=by, at=at, told=False, unit=self.unit.code, words=self.visit[:120])


class Damage(EstateOwned):
    """A thing that was damaged: of a home, or of the common parts where no home is named."""

    noun = "damage"
    emergency = EstateForeignKey("emergencies.Emergency", models.RESTRICT, related_name="damages")
    home = EstateForeignKey(AffectedHome, models.RESTRICT, null=True, related_name="damages")
    item = models.CharField(max_length=120)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)  # yuan, as estimated
    by = PersonKey()
    at = models.DateTimeField()

    objects = EstateQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "emergency"], name="damage_of")]
        constraints = [models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gte=0), name="damage_amount")]

    def __str__(self) -> str:
        return self.item


class Claim(EstateOwned):
    """What an insurer was asked for and what came of it."""

    class Outcome(models.TextChoices):
        PAID = "paid", gettext_lazy("已赔付")
        REFUSED = "refused", gettext_lazy("拒赔")
        WITHDRAWN = "withdrawn", gettext_lazy("撤回")

    noun = "insurance_claim"
    emergency = EstateForeignKey("emergencies.Emergency", models.RESTRICT, related_name="claims")
    insurer = models.CharField(max_length=80)
    policy = models.CharField(max_length=60, blank=True)
    number = models.CharField(max_length=60, blank=True)  # the insurer's
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    filed_on = models.DateField()
    by = PersonKey()
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    paid = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = PersonKey(null=True)
    words = models.CharField(max_length=300, blank=True)

    objects = EstateQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "emergency"], name="claim_of")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="claim_amount"),
            models.CheckConstraint(condition=Q(closed_at__isnull=True, outcome="") | Q(closed_at__isnull=False) & ~Q(outcome=""), name="claim_closed"),
        ]

    def __str__(self) -> str:
        return self.insurer

    @verb
    def close(self, outcome: str, paid: Decimal | None = None, words: str = "", *, by: Any, at: datetime | None = None) -> None:
        at = at or clock.now()
        by.must("emergency.review")
        if outcome not in Claim.Outcome.values or (outcome == "paid") != (paid is not None and paid > 0):
            raise Refused(_("请选择结果；赔付的写明金额。"), code="incomplete")
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, closed_at__isnull=True)
        if not rows.update(outcome=outcome, paid=paid, words=words.strip()[:300], closed_at=at, closed_by=by.person_id):
            raise Refused(_("已经结案。"), code="already_done")
        self.refresh_from_db()
        label = str(Claim.Outcome(outcome).label)
        self.emergency.tell(Action.EMERGENCY_CLAIM_CLOSED, by=by, at=at, told=False, insurer=self.insurer, outcome=label, amount=f"{paid:.2f}" if paid else "0")

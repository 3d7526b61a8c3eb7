"""分层: in which tier a household is, since when, by which rule or person (HSE-04, CF-37)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.households.models import Household, Tier
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import date, datetime


class TieringQuerySet(EstateQuerySet):
    def present(self) -> TieringQuerySet:
        """The row in force of each household."""
        return self.filter(during__endswith__isnull=True)

    def decide(
        self,
        household: Household,
        tier: str,
        why: str,
        *,
        by: Any,
        until: date | None = None,
        at: datetime | None = None,
    ) -> Tiering:
        """A person decides otherwise than the rules, with a reason, until a day or until it is given back (CF-37)."""
        return Tiering(
            estate_id=household.estate_id, household=household, tier=tier, why=why.strip(), until=until
        )._decide(by=by, at=at)


class Tiering(EstateOwned):
    """One stretch of time in a tier. `rule` decided it, or `by` did; `facts` are the numbers the rule saw."""

    noun = "tiering"
    household = EstateForeignKey(Household, models.CASCADE, related_name="tierings")
    tier = models.CharField(max_length=10, choices=Tier.choices)
    is_vulnerable = models.BooleanField(default=False)
    rule = models.CharField(max_length=40, blank=True)  # of tiers.yaml
    facts = models.JSONField(default=dict)  # {"fact": "tickets", "count": 6, "bound": 5}
    by = PersonKey(null=True)
    why = models.CharField(max_length=300, blank=True)
    until = models.DateField(null=True)  # last day of a person's decision
    during = DateTimeRangeField()

    objects = TieringQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["estate", "household"], condition=Q(during__endswith__isnull=True), name="tiering_present"
            )
        ]
        constraints = [
            ExclusionConstraint(
                name="tiering_one_at_a_time",
                expressions=[
                    ("estate", RangeOperators.EQUAL),
                    ("household", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=~Q(rule="", by__isnull=True), name="tiering_has_an_author"),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.tier}"

    @verb
    def _decide(self, *, by: Any, at: datetime | None = None) -> Tiering:
        by.must("household.tier")
        at = at or clock.now()
        if len(self.why) < 2:
            raise Refused(_("请写明为什么调整。"), code="why_missing")
        if self.until and self.until < clock.today(self.household.estate, at):
            raise Refused(_("截止日期已经过去。"), code="past")
        household = Household.objects.select_for_update().get(estate=self.estate_id, pk=self.household_id)
        self.is_vulnerable = household.is_vulnerable
        _end(household, at)
        self.by_id, self.during = by.person_id, DateTimeTZRange(at, None)
        self.save(force_insert=True)
        Household.objects.filter(estate=self.estate_id, pk=household.pk).update(tier=self.tier)
        until = self.until.isoformat() if self.until else ""
        Event.objects.record(
            Action.TIER_DECIDED,
            household,
            by=by,
            at=at,
            told=False,
            tier=kept(Tier(self.tier).label),
            why=self.why,
            until=until,
        )
        return self

    @verb
    def give_back(self, *, by: Any, at: datetime | None = None) -> None:
        """The rules decide again, at once."""
        from ..retiering import retier

        by.must("household.tier")
        at = at or clock.now()
        if self.by_id is None or self.during.upper is not None:
            raise Refused(_("这一户本来就由规则分层。"), code="by_rule")
        _end(self.household, at)
        Event.objects.record(Action.TIER_GIVEN_BACK, self.household, by=by, at=at, told=False)
        retier(self.household.estate, at, only=[self.household_id])


def _end(household: Household, at: datetime) -> None:
    """The present row ends; one begun at this very instant was never in force."""
    rows = Tiering.objects.filter(estate=household.estate_id, household=household).present()
    rows.filter(during__startswith__gte=at).delete()
    for row in rows:
        row.during = (row.during.lower, at)
        row.save(update_fields=["during"])

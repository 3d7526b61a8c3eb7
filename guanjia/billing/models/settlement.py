"""What a year's settlement left behind (FEE-28): each home's share as it was settled. Never changed afterwards."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Count, F, Q, Sum, Value
from django.db.models.functions import Greatest

from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey

NOTHING = Value(Decimal("0.00"))


class SettledShareQuerySet(EstateQuerySet["SettledShare"]):
    def visible_to(self, reach: Any) -> SettledShareQuerySet:
        """Residents see their household's; staff what their reach holds, with the permission to read bills."""
        rows = self.at_estate(reach.estate)
        if reach.is_resident and not reach.is_staff:
            return rows.filter(household_id__in=reach.households)
        if not reach.may("bill.read"):
            return rows.none()
        return rows if reach.sees == "estate" else rows.filter(unit__zone_id__in=reach.zones)

    def totals(self) -> dict[str, Any]:
        """What these shares come to: m², yuan to pay and given back, how many are vacant."""
        rest = F("cost") - F("charged")
        return self.order_by().aggregate(
            area=Sum("area"), owing=Sum(Greatest(rest, NOTHING)), back=Sum(Greatest(-rest, NOTHING)), vacant=Count("pk", filter=Q(vacant=True)),
            cost=Sum("cost"), charged=Sum("charged"),
        )  # fmt: skip


class YearSettlement(EstateOwned):
    """年度结算: one fee's year, once."""

    noun = "year_settlement"
    fee = EstateForeignKey("billing.Fee", models.PROTECT, related_name="settlements")
    year = models.PositiveSmallIntegerField()
    cost = models.DecimalField(max_digits=14, decimal_places=2)  # yuan, what the year really cost
    author = PersonKey(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "fee", "year"], name="year_settled_once")]

    def __str__(self) -> str:
        return f"{self.fee_id} {self.year}"


class SettledShare(EstateOwned):
    """结算单: one unit's year, yuan. A vacant unit's share is its owner's, an unsold one's (no household) the developer's."""

    noun = "settled_share"
    settlement = EstateForeignKey(YearSettlement, models.PROTECT, related_name="shares")
    unit = EstateForeignKey("estates.Unit", models.PROTECT, related_name="+")
    household = EstateForeignKey("households.Household", models.PROTECT, null=True, related_name="+")
    area = models.DecimalField(max_digits=12, decimal_places=2)  # m²
    vacant = models.BooleanField(default=False)
    cost = models.DecimalField(max_digits=14, decimal_places=2)
    charged = models.DecimalField(max_digits=14, decimal_places=2)  # what was prepaid: charged for the year

    objects = SettledShareQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "settlement", "unit"], name="settled_share_once")]
        indexes = [models.Index(fields=["estate", "household"], name="settled_share_household")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.rest}"

    @property
    def rest(self) -> Decimal:
        """Still to pay; below zero: too much was prepaid."""
        return self.cost - self.charged

    @property
    def back(self) -> Decimal:
        """What was prepaid too much."""
        return max(Decimal("0.00"), -self.rest)

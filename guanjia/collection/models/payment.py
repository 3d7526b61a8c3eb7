"""收款: money from a payer, posted with what it pays. Never changed: what goes back is an Undoing."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from guanjia.collection.kinds import Judged, Way
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, PersonKey

from .taking import Taking
from .undoing import Undoable

if TYPE_CHECKING:
    from datetime import datetime

NOTHING = Decimal("0.00")


class PaymentQuerySet(Taking):
    def visible_to(self, reach: Any) -> PaymentQuerySet:
        """Residents see their household's; staff what their reach holds, with the permission."""
        rows = self.at_estate(reach.estate)
        if reach.is_resident and not reach.is_staff:
            return rows.filter(household_id__in=reach.households)
        if not reach.may("bill.read"):
            return rows.none()
        return rows if reach.sees == "estate" else rows.filter(unit__zone_id__in=reach.zones)

    def with_back(self) -> PaymentQuerySet:
        """Each with `back` (yuan): what was given back of it."""
        given = Coalesce(Sum("undoings__amount", filter=Q(undoings__state=Judged.APPROVED)), NOTHING)
        return self.annotate(back=given)


class Payment(Undoable, EstateOwned):
    """Of a household, or (household empty) of the developer for a unit."""

    noun = "payment"
    household = EstateForeignKey("households.Household", models.PROTECT, null=True, related_name="payments")
    unit = EstateForeignKey(
        "estates.Unit", models.PROTECT, related_name="payments"
    )  # whose prepayment takes what is over
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    prepaid = models.DecimalField(max_digits=14, decimal_places=2, default=0)  # of it, what pays no line yet
    way = models.CharField(max_length=10, choices=Way.choices)
    reference = models.CharField(max_length=64, blank=True)  # slip, bank or gateway number
    payer = models.CharField(max_length=60, blank=True)  # who brought it, when not the household
    words = models.CharField(max_length=200, blank=True)
    on = models.DateField()  # business date
    at = models.DateTimeField()
    taker = PersonKey(null=True)  # empty: by itself (phone, debit)
    shift = EstateForeignKey("collection.Shift", models.PROTECT, null=True, related_name="payments")
    entry = EstateForeignKey("billing.Entry", models.PROTECT, related_name="payments")
    key = models.CharField(max_length=80)  # the same key is the same payment

    objects = PaymentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "key"], name="payment_key"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, prepaid__gte=0, prepaid__lte=models.F("amount")), name="payment_amount"
            ),
        ]
        indexes = [
            models.Index(fields=["estate", "household", "-at"], name="payment_household"),
            models.Index(fields=["estate", "-at"], name="payment_recent"),
            models.Index(fields=["estate", "shift"], name="payment_shift"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.way}"

    @property
    def account(self) -> str:
        return Way(self.way).account

    def given_back(self) -> Decimal:
        """What was given back of it so far, in yuan."""
        found = self.undoings.filter(state=Judged.APPROVED).aggregate(sum=Sum("amount"))["sum"]
        return found or NOTHING

    @property
    def taken_at(self) -> datetime:
        return self.at

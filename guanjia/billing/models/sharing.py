"""Costs that are shared (公摊), and what is taken off for some (优惠、空置减免)."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia.billing.kinds import Method
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, PersonKey

from .granting import DiscountQuerySet, Judgeable, SharedCostQuerySet


class SharedCost(EstateOwned):
    """A month's cost to be spread over the units that pay a fee, in one building, one zone or all of the estate."""

    Method = Method
    noun = "shared_cost"
    fee = EstateForeignKey("billing.Fee", models.CASCADE, related_name="shared_costs")
    period = models.DateField()  # first of the month
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    method = models.CharField(max_length=6, choices=Method.choices, default=Method.AREA)
    zone = EstateForeignKey("estates.Zone", models.PROTECT, null=True, blank=True)
    building = EstateForeignKey("estates.Building", models.PROTECT, null=True, blank=True)
    words = models.CharField(max_length=200, blank=True)
    author = PersonKey(null=True)
    at = models.DateTimeField()

    objects = SharedCostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "fee", "period", "zone", "building"], nulls_distinct=False, name="shared_cost_once"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="shared_cost_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.fee_id} {self.period:%Y-%m} {self.amount}"


class Discount(Judgeable, EstateOwned):
    """减免: per cent off a unit's charges while it lasts, once somebody of the right level approved it."""

    class Kind(models.TextChoices):
        DISCOUNT = "discount", _("优惠")
        VACANCY = "vacancy", _("空置减免")
        HARDSHIP = "hardship", _("困难减免")

    class State(models.TextChoices):
        ASKED = "asked", _("待审批")
        APPROVED = "approved", _("已批准")
        REFUSED = "refused", _("未批准")

    noun = "discount"
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.DISCOUNT)
    unit = EstateForeignKey("estates.Unit", models.CASCADE, related_name="discounts")
    fee = EstateForeignKey("billing.Fee", models.CASCADE, null=True, blank=True)  # none: every fee of the unit
    percent = models.DecimalField(max_digits=5, decimal_places=2)  # taken off
    starts_on = models.DateField()
    ends_on = models.DateField()  # the first day it no longer holds
    why = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asker = PersonKey(null=True)
    asked_at = models.DateTimeField()
    judge = PersonKey(null=True)
    judged_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=200, blank=True)

    objects = DiscountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(percent__gt=Decimal(0), percent__lte=Decimal(100)), name="discount_percent"
            ),
            models.CheckConstraint(condition=models.Q(ends_on__gt=models.F("starts_on")), name="discount_dates"),
            models.UniqueConstraint(
                fields=["estate", "unit", "fee", "kind", "starts_on", "ends_on"], condition=models.Q(state="asked"),
                nulls_distinct=False, name="discount_asked_once",
            ),
        ]
        indexes = [models.Index(fields=["estate", "unit"], name="discount_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} −{self.percent} %"

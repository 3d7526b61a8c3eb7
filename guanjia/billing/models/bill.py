"""Bills (对账单) and their lines. A line explains itself: formula, inputs, price version and period stay on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from guanjia.tenancy.models import EstateForeignKey, EstateOwned

from .charging import BillQuerySet
from .owing import BillLineQuerySet

if TYPE_CHECKING:
    from datetime import datetime


class Bill(EstateOwned):
    """What one payer owes for one unit and month: by a run, or (run empty) charged by itself."""

    noun = "bill"
    run = EstateForeignKey("billing.BillRun", models.PROTECT, null=True, related_name="bills")
    account = EstateForeignKey("billing.Account", models.PROTECT, related_name="bills")  # the receivable
    unit = EstateForeignKey("estates.Unit", models.PROTECT, related_name="bills")
    household = EstateForeignKey("households.Household", models.PROTECT, null=True, related_name="bills")
    period = models.DateField()  # first of the month
    amount = models.DecimalField(max_digits=14, decimal_places=2)  # the sum of its lines
    due_on = models.DateField()
    live = models.BooleanField(default=True)  # until its run is reversed

    objects = BillQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "run", "account"], condition=models.Q(run__isnull=False), name="bill_once"
            )
        ]
        indexes = [
            models.Index(fields=["estate", "unit", "period"], name="bill_unit"),
            models.Index(fields=["estate", "household", "period"], name="bill_household"),
            models.Index(fields=["estate", "period"], name="bill_period"),
        ]

    def __str__(self) -> str:
        return f"{self.period:%Y-%m} {self.amount}"

    @property
    def issued_at(self) -> datetime | None:
        """When its statement went out, with all those of its run (FEE-04). A charge by itself is told at once."""
        return self.run.issued_at if self.run else None

    @property
    def number(self) -> str:
        """What one says on the telephone."""
        return f"{self.period:%Y%m}-{self.pk}"


class BillLine(EstateOwned):
    """One charge. The application's role may only take `live` from it (when its run is reversed); nothing else changes.

    `inputs` holds what the formula was given: {"area": …, "price": …, "days": …, "of": …, "segments": [...]}.
    """

    noun = "bill_line"
    bill = EstateForeignKey(Bill, models.PROTECT, related_name="lines")
    unit = EstateForeignKey("estates.Unit", models.PROTECT, related_name="bill_lines")
    fee = EstateForeignKey("billing.Fee", models.PROTECT, related_name="bill_lines")
    tariff = EstateForeignKey("billing.Tariff", models.PROTECT, null=True, related_name="bill_lines")
    period = models.DateField()  # first day of the first month it covers
    until = models.DateField()  # first day it no longer covers
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    formula = models.CharField(max_length=300, blank=True)
    inputs = models.JSONField(default=dict)
    live = models.BooleanField(default=True)
    serial = models.PositiveSmallIntegerField(default=0, db_default=0)  # single charges of one fee in one month are counted

    objects = BillLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "unit", "fee", "period", "serial"], condition=models.Q(live=True), name="bill_line_once"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="bill_line_amount"),
        ]
        indexes = [models.Index(fields=["estate", "bill"], name="bill_line_bill")]

    def __str__(self) -> str:
        return f"{self.fee_id} {self.period:%Y-%m} {self.amount}"

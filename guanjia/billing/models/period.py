"""Accounting months: open until closed; a closed one is opened again by two persons. A closed month keeps its balances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _t

from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey

from .closing import Closable

if TYPE_CHECKING:
    from datetime import date


class PeriodQuerySet(EstateQuerySet["Period"]):
    def of(self, estate: Any, day: date) -> Period:
        """The month of a day; it begins open."""
        month = day.replace(day=1)
        where = {"estate_id": getattr(estate, "pk", estate), "month": month}
        known = self.filter(**where).first()
        if known is None:
            self.bulk_create([self.model(**where)], ignore_conflicts=True)
            known = self.get(**where)
        return known

    def must_be_open(self, estate: Any, day: date) -> Period:
        """Hold the month open until this transaction ends; Refused when it is closed."""
        pk = self.of(estate, day).pk
        key = getattr(estate, "pk", estate)
        # FOR SHARE: any number of postings at once, but no closing between this look and their commit
        rows = list(self.raw("SELECT * FROM billing_period WHERE estate_id = %s AND id = %s FOR SHARE", [key, pk]))
        if rows[0].closed:
            raise Refused(
                _t("%(month)s 已结账，不能再记账。") % {"month": f"{rows[0].month:%Y-%m}"}, code="period_closed"
            )
        return rows[0]


class Period(Closable, EstateOwned):
    """会计期间."""

    noun = "period"  # its verbs: closing.py
    month = models.DateField()  # its first day
    closed = models.BooleanField(default=False)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "month"], name="period_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Reopening(EstateOwned):
    """反结账: asked by one person, agreed to by another."""

    period = EstateForeignKey(Period, models.CASCADE, related_name="reopenings")
    why = models.CharField(max_length=200)
    asker = PersonKey()
    asked_at = models.DateTimeField()
    agreer = PersonKey(null=True)
    agreed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "period"], condition=models.Q(agreed_at__isnull=True), name="reopening_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.period_id} {self.why}"


class Balance(EstateOwned):
    """月末余额: what an account stood at when its month was closed; `balance as of` = the last of these + the tail."""

    account = EstateForeignKey("billing.Account", models.PROTECT, related_name="balances")
    month = models.DateField()
    debits = models.DecimalField(max_digits=16, decimal_places=2)  # of the month
    credits = models.DecimalField(max_digits=16, decimal_places=2)
    closing = models.DecimalField(max_digits=16, decimal_places=2)  # debits less credits, since the books began

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "account", "month"], name="balance_once")]
        indexes = [models.Index(fields=["estate", "month"], name="balance_month")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.month:%Y-%m} {self.closing}"

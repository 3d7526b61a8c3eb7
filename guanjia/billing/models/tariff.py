"""What a fee costs from a date on. A version that has been billed is never changed: a new price is a new version."""

from __future__ import annotations

from decimal import Decimal

from django.db import models

from guanjia.tenancy.models import EstateForeignKey, EstateOwned, PersonKey


class Tariff(EstateOwned):
    """价格版本: price, fixed part, tiers and formula of a fee, in force from `starts_on` until the next version."""

    noun = "tariff"
    fee = EstateForeignKey("billing.Fee", models.CASCADE, related_name="tariffs")
    starts_on = models.DateField()
    price = models.DecimalField(max_digits=14, decimal_places=4, default=0)  # yuan per whatever the formula multiplies
    fixed = models.DecimalField(max_digits=14, decimal_places=2, default=0)  # yuan
    tiers = models.JSONField(default=list, blank=True)  # [["180", "0.52"], [null, "0.83"]]: up to how much, yuan each
    expression = models.CharField(max_length=300)  # the small language of guanjia/billing/formula.py
    imported = models.BooleanField(default=False)  # from a workbook, not from a person
    author = PersonKey(null=True)
    at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["estate", "fee", "starts_on"], name="tariff_from"),
            models.CheckConstraint(condition=models.Q(price__gte=Decimal(0)), name="tariff_price"),
        ]

    def __str__(self) -> str:
        return f"{self.fee_id} {self.starts_on} {self.price}"

"""What a fee costs from a date on. A version that has been billed is never changed: a new price is a new version.

Where the run was reversed and the price was wrong, the version of then is `replaced`: the dead lines go on explaining
themselves by it, and another holds from the same day.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection, models

from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey

if TYPE_CHECKING:
    from datetime import date, datetime

BY_AREA, FIXED = "面积 × 单价 ＋ 固定金额", "固定金额"
WORDED = f"CASE f.formula WHEN '1001' THEN '{BY_AREA}' ELSE '{FIXED}' END"
DIFFERS = f"(t.price, t.fixed, t.expression) IS DISTINCT FROM (f.price, f.fixed, {WORDED})"
# What a workbook says now and no run has used yet is simply replaced; what was billed stays, and the new price follows it.
FORGET = f"""
DELETE FROM billing_tariff t USING billing_fee f WHERE t.estate_id = %(estate)s AND f.estate_id = t.estate_id AND f.id = t.fee_id
    AND t.imported AND {DIFFERS} AND NOT EXISTS (SELECT FROM billing_billrun r WHERE r.estate_id = t.estate_id
        AND r.state IN ('posted', 'reversed') AND r.report -> 'tariffs' @> to_jsonb(t.id))
"""
ADOPT = f"""
INSERT INTO billing_tariff (estate_id, fee_id, starts_on, price, fixed, tiers, expression, imported, at, reason)
SELECT f.estate_id, f.id, CASE WHEN t.id IS NULL THEN COALESCE(f.starts_on, DATE '2000-01-01') ELSE GREATEST(%(period)s, t.starts_on + 1) END,
    f.price, f.fixed, '[]', {WORDED}, true, %(at)s, ''
FROM billing_fee f LEFT JOIN LATERAL (
    SELECT * FROM billing_tariff t WHERE t.estate_id = f.estate_id AND t.fee_id = f.id AND NOT t.replaced ORDER BY starts_on DESC LIMIT 1
) t ON true
WHERE f.estate_id = %(estate)s AND f.basis = '' AND (t.id IS NULL OR (t.imported AND {DIFFERS}))
"""


class TariffQuerySet(EstateQuerySet["Tariff"]):
    def adopt(self, estate: Any, period: date, at: datetime) -> None:
        """Give imported fees their price versions: the first since the fee began, a changed one from this month on."""
        values = {"estate": estate.pk, "period": period, "at": at}
        with connection.cursor() as cursor:
            cursor.execute(f"{FORGET}; {ADOPT}", values)


class TariffManager(models.Manager.from_queryset(TariffQuerySet)):
    """The versions that hold; a line finds the one it was reckoned with by its key, replaced or not."""

    def get_queryset(self) -> TariffQuerySet:
        rows: TariffQuerySet = super().get_queryset().filter(replaced=False)
        return rows


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
    replaced = models.BooleanField(default=False, db_default=False)  # only reversed lines were reckoned with it
    author = PersonKey(null=True)
    at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)

    objects = TariffManager()

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "fee", "starts_on"], condition=models.Q(replaced=False), name="tariff_from"
            ),
            models.CheckConstraint(condition=models.Q(price__gte=Decimal(0)), name="tariff_price"),
        ]

    def __str__(self) -> str:
        return f"{self.fee_id} {self.starts_on} {self.price}"

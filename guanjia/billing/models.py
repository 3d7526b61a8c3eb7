"""What is charged: fees, and which unit pays which (billing itself is a later issue)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia.tenancy.models import EstateForeignKey, EstateOwned


class Fee(EstateOwned):
    """收费项目, as the workbook states it."""

    class Formula(models.TextChoices):
        BY_AREA = "1001", _("面积×单价＋附加费")
        FIXED = "2002", _("固定费用")

    noun = "fee"
    number = models.CharField(max_length=40)  # 费用编号
    category = models.CharField(max_length=40, blank=True)  # 费用类型, e.g. 物业费
    name = models.CharField(max_length=60)  # 收费项目
    flag = models.CharField(max_length=40, blank=True)  # 费用标识: 周期性费用, 一次性费用
    payment_mode = models.CharField(max_length=20, blank=True)  # 付费类型: 预付费, 后付费
    period_months = models.PositiveSmallIntegerField(default=1)
    bill_day = models.PositiveSmallIntegerField(default=1)  # 1–31; beyond the month's end means its last day
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    formula = models.CharField(max_length=10, choices=Formula.choices)
    price = models.DecimalField(max_digits=14, decimal_places=4, default=0)  # yuan per m² and month
    fixed = models.DecimalField(max_digits=14, decimal_places=2, default=0)  # yuan; the extra charge with BY_AREA

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "number"], name="fee_number"),
            models.CheckConstraint(condition=models.Q(price__gte=0, fixed__gte=0), name="fee_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name


class UnitFee(EstateOwned):
    """A unit pays a fee from a date."""

    noun = "unit_fee"
    unit = EstateForeignKey("estates.Unit", models.CASCADE, related_name="fees")
    fee = EstateForeignKey(Fee, models.PROTECT, related_name="units")
    starts_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "unit", "fee"], name="unit_fee_once")]
        indexes = [models.Index(fields=["estate", "fee"], name="unit_fee_fee")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.fee_id}"

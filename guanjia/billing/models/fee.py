"""What is charged (Fee), and which unit pays which from when to when (UnitFee). FEE-02, FEE-26."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia.billing.kinds import Basis, Payer, Proration, Rounding, Step
from guanjia.tenancy.models import EstateForeignKey, EstateOwned

from .pricing import Priceable
from .settling import Settleable


class Fee(Priceable, Settleable, EstateOwned):
    """收费项目. What a workbook states arrives ready to bill; the rest has defaults in the database."""

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
    ends_on = models.DateField(null=True, blank=True)  # the first day it is no longer charged
    formula = models.CharField(max_length=10, choices=Formula.choices)  # the workbook's; a tariff's expression counts
    price = models.DecimalField(max_digits=14, decimal_places=4, default=0)  # yuan per m² and month
    fixed = models.DecimalField(max_digits=14, decimal_places=2, default=0)  # yuan; the extra charge with BY_AREA
    # how it is billed; database defaults, because the importer names only what a workbook states
    basis = models.CharField(max_length=10, choices=Basis.choices, blank=True, default="", db_default="")
    payer = models.CharField(max_length=10, choices=Payer.choices, default=Payer.OWNER, db_default="owner")
    proration = models.CharField(max_length=6, choices=Proration.choices, default=Proration.DAY, db_default="day")
    rounding = models.CharField(max_length=8, choices=Rounding.choices, default=Rounding.HALF_UP, db_default="half_up")
    step = models.CharField(max_length=4, choices=Step.choices, default=Step.CENT, db_default="0.01")
    income = models.CharField(max_length=20, blank=True, default="", db_default="")  # account code; empty: by basis
    meter_kind = models.CharField(max_length=10, blank=True, default="", db_default="")  # whose readings it bills
    closed = models.BooleanField(default=False, db_default=False)  # no longer billed by runs

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "number"], name="fee_number"),
            models.CheckConstraint(condition=models.Q(price__gte=0, fixed__gte=0), name="fee_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def once(self) -> bool:
        """Charged a single time, in the month it starts for a unit."""
        return "一次" in self.flag or self.basis == Basis.DEPOSIT

    @property
    def reckoned_by(self) -> str:
        """Its basis: said, or what its imported formula and name imply."""
        if self.basis:
            return self.basis
        if self.formula == self.Formula.BY_AREA:
            return Basis.LIFT if "电梯" in self.name else Basis.AREA
        return Basis.FIXED


class UnitFee(EstateOwned):
    """A unit pays a fee from a date, perhaps until another, perhaps with a weight of its own in shared costs."""

    noun = "unit_fee"
    unit = EstateForeignKey("estates.Unit", models.CASCADE, related_name="fees")
    fee = EstateForeignKey(Fee, models.PROTECT, related_name="units")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)  # the first day it is no longer charged
    weight = models.DecimalField(max_digits=12, decimal_places=4, default=Decimal(1), db_default=Decimal(1))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "unit", "fee"], name="unit_fee_once"),
            models.CheckConstraint(condition=models.Q(weight__gte=0), name="unit_fee_weight"),
        ]
        indexes = [models.Index(fields=["estate", "fee"], name="unit_fee_fee")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.fee_id}"

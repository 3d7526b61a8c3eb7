"""What is charged (Fee), and which unit pays which from when to when (UnitFee). FEE-02, FEE-26."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia.tenancy.models import EstateForeignKey, EstateOwned


class Basis(models.TextChoices):
    """What a charge is reckoned by; decides its ready-made formula and its income account."""

    AREA = "area", _("按面积")
    FIXED = "fixed", _("固定金额")
    PEOPLE = "people", _("按人口")
    METERED = "metered", _("按表计量")
    LIFT = "lift", _("电梯")
    PARKING = "parking", _("车位")
    STORAGE = "storage", _("储藏间")
    RENT = "rent", _("租金")
    DEPOSIT = "deposit", _("押金")
    AGENCY = "agency", _("代收代缴")
    SHARED = "shared", _("公共分摊")
    OTHER = "other", _("其他")


class Payer(models.TextChoices):
    """Whom a unit's charge is put to. An unsold unit's goes to the developer, whatever the fee says."""

    OWNER = "owner", _("业主")
    TENANT = "tenant", _("租户（没有租户时业主）")


class Proration(models.TextChoices):
    DAY = "day", _("按天")
    MONTH = "month", _("不足一月按一月")
    NONE = "none", _("不折算")


class Rounding(models.TextChoices):
    HALF_UP = "half_up", _("四舍五入")
    DOWN = "down", _("舍去")
    UP = "up", _("进一")


class Step(models.TextChoices):
    CENT = "0.01", _("分")
    DIME = "0.10", _("角")
    YUAN = "1.00", _("元")


class Fee(EstateOwned):
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

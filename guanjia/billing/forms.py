"""What people type about fees, prices, meters, costs and discounts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanjia.estates.models import Building, Unit, Zone

from .formula import FormulaError, parse
from .kinds import Basis, Method
from .models import Discount, Fee, MeterKind
from .models.pricing import read_tiers


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class FeeForm(forms.ModelForm):
    """How a fee is billed; its prices are versions of their own."""

    meter_kind = forms.ChoiceField(label=_("用哪种表"), choices=[("", _("不用表")), *MeterKind.choices], required=False)
    period_months = forms.IntegerField(label=_("几个月出一次账"), min_value=1, max_value=120, initial=1)

    class Meta:
        model = Fee
        fields = (
            "number",
            "name",
            "category",
            "basis",
            "payer",
            "period_months",
            "proration",
            "rounding",
            "step",
            "meter_kind",
            "starts_on",
            "ends_on",
            "closed",
        )
        labels = {"number": _("编号"), "name": _("名称"), "category": _("类型"), "basis": _("计费方式"), "payer": _("由谁交"), 
                  "proration": _("不满一月"), "rounding": _("尾数"), "step": _("算到"), "starts_on": _("开始收费"), "ends_on": _("停止收费"), "closed": _("停用")}  # fmt: skip
        widgets = {"starts_on": Day(), "ends_on": Day()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["basis"].choices = Basis.choices
        fields["category"].required = False
        if self.instance.pk and not self.instance.basis:
            self.initial["basis"] = self.instance.reckoned_by


class PriceForm(forms.Form):
    """A price version, judged while it is typed."""

    starts_on = forms.DateField(label=_("从哪天起"), widget=Day())
    expression = forms.CharField(
        label=_("公式"), max_length=300, widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"})
    )
    price = forms.DecimalField(label=_("单价"), min_value=0, max_digits=14, decimal_places=4, required=False)
    fixed = forms.DecimalField(label=_("固定金额"), min_value=0, max_digits=14, decimal_places=2, required=False)
    tiers = forms.CharField(
        label=_("阶梯"), max_length=300, required=False, help_text=_("例如 180:0.52 280:0.62 以上:0.83")
    )
    reason = forms.CharField(
        label=_("依据"), max_length=200, required=False, help_text=_("业主大会决定、政府定价文号等")
    )

    def clean_expression(self) -> str:
        text: str = self.cleaned_data["expression"].strip()
        try:
            parse(text)
        except FormulaError as slip:
            raise forms.ValidationError(str(slip)) from slip
        return text

    def clean_tiers(self) -> list[list[str | None]]:
        try:
            return read_tiers(self.cleaned_data["tiers"])
        except ValueError as slip:
            raise forms.ValidationError(str(slip)) from slip


class ReadingForm(forms.Form):
    value = forms.DecimalField(
        label=_("本次读数"),
        min_value=0,
        max_digits=14,
        decimal_places=3,
        widget=forms.NumberInput(attrs={"inputmode": "decimal"}),
    )


class ReplacementForm(forms.Form):
    number = forms.CharField(label=_("新表号"), max_length=40)
    last = forms.DecimalField(label=_("旧表最后读数"), min_value=0, max_digits=14, decimal_places=3)
    first = forms.DecimalField(label=_("新表起始读数"), min_value=0, max_digits=14, decimal_places=3, initial=0)


class CostForm(forms.Form):
    """A month's shared cost."""

    fee = forms.ModelChoiceField(label=_("收费项目"), queryset=Fee.objects.none())
    amount = forms.DecimalField(label=_("金额"), min_value=0, max_digits=14, decimal_places=2)
    method = forms.ChoiceField(label=_("怎样分摊"), choices=Method.choices)
    zone = forms.ModelChoiceField(
        label=_("只分摊给片区"), queryset=Zone.objects.none(), required=False, empty_label=_("全小区")
    )
    building = forms.ModelChoiceField(
        label=_("只分摊给楼栋"), queryset=Building.objects.none(), required=False, empty_label=_("不限")
    )
    words = forms.CharField(label=_("说明"), max_length=200, required=False)

    def __init__(self, *args: Any, estate: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["fee"].queryset = Fee.objects.at_estate(estate).filter(basis=Basis.SHARED, closed=False)
        fields["zone"].queryset = Zone.objects.at_estate(estate)
        fields["building"].queryset = Building.objects.at_estate(estate)


class SettlementForm(forms.Form):
    """Which fee's year, and what it really cost."""

    fee = forms.ModelChoiceField(label=_("收费项目"), queryset=Fee.objects.none())
    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2099)
    cost = forms.DecimalField(label=_("全年实际费用"), min_value=Decimal("0.01"), max_digits=14, decimal_places=2)

    def __init__(self, *args: Any, estate: Any, year: int, **kwargs: Any) -> None:
        kwargs["initial"] = {"year": year}
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["fee"].queryset = Fee.objects.at_estate(estate).filter(closed=False).order_by("number")


class FundForm(forms.Form):
    amount = forms.DecimalField(label=_("金额"), min_value=0, max_digits=14, decimal_places=2)
    why = forms.CharField(label=_("用来做什么"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


def budget_form(lines: list[Any], data: Any = None) -> forms.Form:
    """One field a group of accounts."""
    fields = {
        line.group: forms.DecimalField(
            label=line.title, min_value=0, max_digits=14, decimal_places=2, required=False, initial=line.budget
        )
        for line in lines
    }
    return type("BudgetForm", (forms.Form,), fields)(data)


class DiscountForm(forms.Form):
    unit = forms.CharField(label=_("房号"), max_length=60, help_text=_("例如 3-2-501"))
    kind = forms.ChoiceField(label=_("种类"), choices=Discount.Kind.choices)
    fee = forms.ModelChoiceField(
        label=_("收费项目"), queryset=Fee.objects.none(), required=False, empty_label=_("全部")
    )
    percent = forms.DecimalField(label=_("减免"), min_value=0, max_value=100, max_digits=5, decimal_places=2)
    starts_on = forms.DateField(label=_("从"), widget=Day())
    ends_on = forms.DateField(label=_("到（不含）"), widget=Day())
    why = forms.CharField(label=_("理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, reach: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.at_estate(reach.estate)
        self.units = units if reach.sees == "estate" else units.filter(zone_id__in=reach.zones)
        fields: dict[str, Any] = self.fields
        fields["fee"].queryset = Fee.objects.at_estate(reach.estate).filter(closed=False)

    def clean_unit(self) -> Unit:
        found: Unit | None = self.units.filter(code=self.cleaned_data["unit"].strip()).first()
        if found is None:
            raise forms.ValidationError(_("没有这套房屋。"))
        return found

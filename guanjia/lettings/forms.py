"""What people fill in about lettings. Forms check shapes; rules stay with the verbs."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.households.models import Occupancy
from guanjia.staffing.finding import unit_for

from .models.space import Kind


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SpaceForm(forms.Form):
    kind = forms.ChoiceField(label=_("类别"), choices=Kind.choices)
    code = forms.CharField(label=_("编号"), max_length=20)
    plan = forms.CharField(label=_("图纸编号"), max_length=40, required=False)
    where = forms.CharField(label=_("位置"), max_length=80, required=False)
    area = forms.DecimalField(label=_("面积（㎡）"), max_digits=8, decimal_places=2, min_value=0, required=False)
    price = forms.DecimalField(label=_("月租金（元）"), max_digits=8, decimal_places=2, min_value=0)

    def said(self) -> dict[str, Any]:
        return {**self.cleaned_data, "area": self.cleaned_data["area"] or Decimal(0)}


class LeaseForm(forms.Form):
    room = forms.CharField(label=_("承租房号"), max_length=40)
    first = DayField(label=_("租期从"))
    last = DayField(label=_("租期到"))
    price = forms.DecimalField(label=_("月租金（元）"), max_digits=8, decimal_places=2, min_value=0)
    plate = forms.CharField(label=_("车牌"), max_length=20, required=False)

    def __init__(self, *args: Any, space: Any, **kwargs: Any) -> None:
        today = clock.today(space.estate)
        kwargs.setdefault("initial", {"first": today, "last": today + timedelta(days=364), "price": space.price})
        super().__init__(*args, **kwargs)
        self.estate, self.today = space.estate, today
        if space.kind != Kind.PARKING:
            del self.fields["plate"]

    def clean_room(self) -> Any:
        unit = unit_for(self.estate, self.cleaned_data["room"])
        homes = Occupancy.objects.at_estate(self.estate).filter(unit=unit, during__contains=self.today).select_related("unit", "household")
        home = homes.order_by("-kind").first() if unit else None
        if home is None:
            raise forms.ValidationError(_("没有找到这套房的住户。"))
        return home

    def said(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        home = data.pop("room")
        return {"unit": home.unit, "household": home.household, **data}


class RenewForm(forms.Form):
    last = DayField(label=_("续租到"))
    price = forms.DecimalField(label=_("月租金（元）"), max_digits=8, decimal_places=2, min_value=0)


class EndForm(forms.Form):
    last = DayField(label=_("最后一天"))
    why = forms.CharField(label=_("原因"), max_length=200)

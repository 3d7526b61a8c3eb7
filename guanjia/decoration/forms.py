"""What people fill in about a decoration. Forms check shapes; rules stay with the verbs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.households.models import Occupancy
from guanjia.staffing.finding import unit_for


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ApplyForm(forms.Form):
    room = forms.CharField(label=_("房号"), max_length=40)
    works = forms.CharField(label=_("装修内容"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("写明部位和做法：水电、防水、墙体、门窗、空调机位等。"))
    company = forms.CharField(label=_("施工单位"), max_length=80)
    foreman = forms.CharField(label=_("现场负责人"), max_length=40)
    phone = forms.CharField(label=_("负责人电话"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    begins_on = DayField(label=_("开工日期"))
    ends_on = DayField(label=_("完工日期"))

    def __init__(self, *args: Any, reach: Any, **kwargs: Any) -> None:
        today = clock.today(reach.estate)
        kwargs.setdefault("initial", {"begins_on": today + timedelta(days=3), "ends_on": today + timedelta(days=63)})
        super().__init__(*args, **kwargs)
        self.reach = reach
        homes = Occupancy.objects.at_estate(reach.estate).filter(during__contains=today).select_related("unit", "household")
        self.homes = homes.filter(unit__zone_id__in=list(reach.zones)) if reach.sees == "zone" else homes
        if not reach.is_staff:
            rows = homes.filter(household_id__in=list(reach.households))
            self.fields["room"] = forms.ChoiceField(label=_("房号"), choices=[(row.unit.code, row.unit.code) for row in rows])

    def clean_room(self) -> Any:
        unit = unit_for(self.reach.estate, self.cleaned_data["room"])
        home = self.homes.filter(unit=unit).first() if unit else None
        if home is None or (not self.reach.is_staff and home.household_id not in self.reach.households):
            raise forms.ValidationError(_("没有找到这套房的住户。"))
        return home

    def said(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        home = said.pop("room")
        return {"unit": home.unit, "household": home.household, **said}


class WorkerForm(forms.Form):
    name = forms.CharField(label=_("姓名"), max_length=40)
    trade = forms.CharField(label=_("工种"), max_length=20)
    identity = forms.CharField(label=_("身份证号"), max_length=18, required=False, help_text=_("加密保存，只显示后四位。"))
    first = DayField(label=_("有效期从"))
    last = DayField(label=_("到"))

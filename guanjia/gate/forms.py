"""What people fill in at the gate and about it. Forms check shapes; rules stay with the verbs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.households.models import Occupancy
from guanjia.staffing.finding import unit_for

from .homes import lives_in

MOMENT = "%Y-%m-%dT%H:%M"


class HomeForm(forms.Form):
    """A home: of one's own by choice, for staff in any spelling, within their zones."""

    room = forms.CharField(label=_("房号"), max_length=40)

    def __init__(self, *args: Any, reach: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reach = reach
        if not reach.is_staff:
            rows = Occupancy.objects.at_estate(reach.estate).filter(household_id__in=list(reach.households), during__contains=clock.today(reach.estate))
            codes = sorted(set(rows.values_list("unit__code", flat=True)))
            self.fields["room"] = forms.ChoiceField(label=_("房号"), choices=[(code, code) for code in codes])

    def clean_room(self) -> Any:
        unit = unit_for(self.reach.estate, self.cleaned_data["room"])
        self.household = lives_in(unit) if unit else None
        if not self.reach.is_staff:
            theirs = self.household is not None and self.household.pk in self.reach.households
        else:
            theirs = unit is not None and (self.reach.sees != "zone" or unit.zone_id in self.reach.zones)
        if not theirs or self.household is None:
            raise forms.ValidationError(_("没有找到这套房的住户。"))
        return unit


class PassForm(HomeForm):
    visitor = forms.CharField(label=_("访客姓名"), max_length=60)
    first_at = forms.DateTimeField(label=_("从"), input_formats=[MOMENT], widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT))
    until_at = forms.DateTimeField(label=_("到"), input_formats=[MOMENT], widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT))
    uses = forms.TypedChoiceField(label=_("使用次数"), coerce=int, choices=[(1, _("一次")), (0, _("有效期内多次"))], widget=forms.RadioSelect, initial=1)
    plate = forms.CharField(label=_("车牌"), max_length=12, required=False)
    purpose = forms.CharField(label=_("来访事由"), max_length=80, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        now = clock.now().astimezone(ZoneInfo(kwargs["reach"].estate.time_zone)).replace(second=0, microsecond=0)
        kwargs.setdefault("initial", {"first_at": now, "until_at": now + timedelta(hours=12), "uses": 1})
        super().__init__(*args, **kwargs)


class GuestForm(HomeForm):
    """Somebody at the gate whom nobody announced."""

    visitor = forms.CharField(label=_("访客姓名"), max_length=60)
    phone = forms.CharField(label=_("电话"), max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    plate = forms.CharField(label=_("车牌"), max_length=12, required=False)
    purpose = forms.CharField(label=_("来访事由"), max_length=80, required=False)
    answered = forms.CharField(label=_("家中哪位同意"), max_length=40, required=False, help_text=_("先联系住户。家中无人应答就留空，系统登记为谢绝并告知住户。"))


class AwayForm(HomeForm):
    first = forms.DateField(label=_("从"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(label=_("到"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class CardForm(HomeForm):
    holder = forms.CharField(label=_("持卡人"), max_length=60)
    number = forms.CharField(label=_("卡号"), max_length=20)


class ArticleForm(HomeForm):
    what = forms.CharField(label=_("物品"), max_length=120)
    place = forms.CharField(label=_("存放位置"), max_length=60)
    left_by = forms.CharField(label=_("寄存人"), max_length=60, required=False)
    for_name = forms.CharField(label=_("给谁"), max_length=60, required=False)

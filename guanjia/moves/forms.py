"""What people fill in about a handover or a move. Forms check shapes; rules stay with the verbs."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.gate.forms import HomeForm
from guanjia.gate.homes import lives_in
from guanjia.households.models import Household
from guanjia.staffing.finding import unit_for

from .book import moves_book, slot_title
from .models import Handover, Move


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _hour(said: str) -> time:
    return time.fromisoformat(said)


class BookForm(HomeForm):
    """Of one's own home."""

    direction = forms.ChoiceField(label=_("办什么"), choices=Handover.Direction.choices, widget=forms.RadioSelect, initial="in")
    day = DayField(label=_("哪一天"))
    hour = forms.TypedChoiceField(label=_("几点"), coerce=_hour)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"day": clock.today(kwargs["reach"].estate) + timedelta(days=1), "direction": "in"})
        super().__init__(*args, **kwargs)
        field: Any = self.fields["hour"]
        field.choices = [(f"{hour:%H:%M}", f"{hour:%H:%M}") for hour in moves_book().hours]


class DeskBookForm(BookForm):
    """At the desk: also for people whom the house does not know yet."""

    let = forms.BooleanField(label=_("租户（不是业主）"), required=False)
    sold = forms.BooleanField(label=_("房屋已过户，业主不再拥有"), required=False)
    name = forms.CharField(label=_("新住户姓名"), max_length=60, required=False, help_text=_("住户档案里还没有的人才填；已有档案的留空。"))
    phone = forms.CharField(label=_("新住户手机"), max_length=20, required=False, help_text=_("凭手机号登录，在手机上签协议。"))

    def clean_room(self) -> Any:
        unit = unit_for(self.reach.estate, self.cleaned_data["room"])
        if unit is None or (self.reach.sees == "zone" and unit.zone_id not in self.reach.zones):
            raise forms.ValidationError(_("没有找到这套房。"))
        self.household = lives_in(unit)
        return unit

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "room" in said and not said.get("name") and self.household is None:
            self.add_error("name", _("这套房没有住户档案，请填写新住户。"))
        if said.get("name") and said.get("direction") == "out":
            self.add_error("name", _("迁出的是已有的住户。"))
        return said

    def of(self, said: dict[str, Any], by: Any) -> Any:
        """Whose handover it is; a file is opened for who has none."""
        name, phone = said.pop("name"), said.pop("phone")
        return Household.objects.open(name, phone, by=by, let=said["let"]) if name else self.household


class MoveForm(HomeForm):
    direction = forms.ChoiceField(label=_("搬入还是搬出"), choices=Move.Direction.choices, widget=forms.RadioSelect, initial="in")
    day = DayField(label=_("哪一天"))
    slot = forms.ChoiceField(label=_("时段"))
    vehicle = forms.CharField(label=_("搬家车辆"), max_length=20, required=False)
    goods = forms.CharField(label=_("主要物品"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"day": clock.today(kwargs["reach"].estate) + timedelta(days=1), "direction": "in"})
        super().__init__(*args, **kwargs)
        field: Any = self.fields["slot"]
        field.choices = [(key, slot_title(key)) for key in moves_book().slots]

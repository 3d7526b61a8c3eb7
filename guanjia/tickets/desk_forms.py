"""The front desk's form: who, what, where; what was heard, asked and written clearly (REQ-37..39)."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanjia.estates.models import Place, Unit
from guanjia.tickets.categories import categories
from guanjia.tickets.kinds import Channel, Kind, Klass

from .callers import Caller
from .models import Ticket

PLACES = 500
CLEAR = ("heard", "asked", "written")
ICONS = {"phone": "phone", "on_site": "users", "patrol": "footprints", "group": "message-circle", "letter": "mail", "online": "message-square"}
TILES = ("phone", "on_site", "patrol", "group", "letter", "online")
BLANK = [("", _("请选择"))]


class Clear(forms.BooleanField):
    def __init__(self, label: Any) -> None:
        super().__init__(label=label, required=False)


class DeskForm(forms.Form):
    """Shapes only; the verbs `report`, `classify`, `pass_on`, `add` and `merge_into` keep the rules."""

    client_key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    household = forms.IntegerField(widget=forms.HiddenInput, required=False)
    channel = forms.ChoiceField(label=_("渠道"), choices=[(key, Channel(key).label) for key in TILES], widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=_("性质"), choices=Kind.choices, widget=forms.RadioSelect)
    anonymous = forms.BooleanField(label=_("投诉人要求匿名：不记姓名、电话和房号，只留所在片区"), required=False)
    words = forms.CharField(label=_("诉求"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3, "data-typed": "", "data-hotkey": "F4"}))
    unit = forms.ModelChoiceField(label=_("房屋"), queryset=Unit.objects.none(), required=False)
    place = forms.ModelChoiceField(label=_("公共部位"), queryset=Place.objects.none(), required=False)
    where = forms.CharField(label=_("位置（用文字）"), max_length=120, required=False)
    category = forms.ChoiceField(label=_("类别"), required=False)
    klass = forms.ChoiceField(label=_("级别"), choices=[("", _("稍后分类")), *Klass.choices], widget=forms.RadioSelect, required=False)
    member = forms.ChoiceField(label=_("来电人"), widget=forms.RadioSelect, required=False)
    reporter_name = forms.CharField(label=_("报事人"), max_length=60, required=False)
    reporter_phone = forms.CharField(label=_("联系电话"), max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    wishes = forms.CharField(label=_("特殊要求"), max_length=300, required=False)
    wished_from = forms.DateTimeField(label=_("希望上门，从"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"))
    wished_until = forms.DateTimeField(label=_("到"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"))
    heard = Clear(_("听清：诉求已听明白，没有打断"))
    asked = Clear(_("问清：位置、时间、要求都问到了"))
    written = Clear(_("记清：已向来电人复述并得到确认"))
    elsewhere = forms.BooleanField(label=_("不是本小区 / 本片区的事，照样受理并转交"), required=False)
    pass_to = forms.CharField(label=_("转交给"), max_length=80, required=False)
    add_to = forms.CharField(required=False, max_length=20)
    merge_into = forms.CharField(required=False, max_length=20)

    def __init__(self, *args: Any, reach: Any, caller: Caller | None = None, unit: Unit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reach, self.caller = reach, caller
        self.initial.setdefault("client_key", uuid.uuid4().hex)
        self.initial.setdefault("channel", Channel.PHONE)
        self.initial.setdefault("kind", Kind.REPAIR)
        self.initial.setdefault("klass", "")
        fields: dict[str, Any] = self.fields
        fields["category"].choices = [("", _("按内容建议")), *[(c.key, c.title) for c in categories().values()]]
        here = Q(zone_id__in=reach.zones) | Q(zone__isnull=True) if reach.sees == "zone" else Q()
        places = Place.objects.at_estate(reach.estate)
        fields["place"].queryset = places.filter(pk__in=places.filter(here).order_by("name").values("pk")[:PLACES]).order_by("name")
        fields["place"].empty_label = fields["unit"].empty_label = str(_("不是"))
        self.homes = list(caller.homes if caller else [unit] if unit else [])
        fields["unit"].queryset = Unit.objects.at_estate(reach.estate).filter(pk__in=[home.pk for home in self.homes])
        members = caller.members if caller else []
        fields["member"].choices = [(str(member.pk), member.name) for member in members] + [("", _("其他人"))]
        if self.homes:
            self.initial.setdefault("unit", self.homes[0].pk)
        if members:
            self.initial.setdefault("member", str(members[0].pk))
        if caller:
            self.initial.setdefault("household", caller.pk)
            self.fields["words"].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("channel") == Channel.PHONE and not all(data.get(name) for name in CLEAR):
            self.add_error("written", _("电话报事请逐项确认：听清、问清、记清。"))
        if data.get("elsewhere") and not data.get("pass_to", "").strip():
            self.add_error("pass_to", _("请写明转交给哪个单位。"))
        if data.get("wished_from") and data.get("wished_until") and data["wished_until"] < data["wished_from"]:
            self.add_error("wished_until", _("结束时间早于开始时间。"))
        if not any(data.get(name) for name in ("unit", "place", "where", "elsewhere")):
            self.add_error("where", _("请选择房屋或公共部位，或用文字写明位置。"))
        for name in ("add_to", "merge_into"):
            if number := data.get(name):
                data[name] = Ticket.objects.visible_to(self.reach).open().filter(number=number).first()
                if data[name] is None:
                    self.add_error(None, _("没有找到这张报事单。"))
        return data

    def report_fields(self) -> dict[str, Any]:
        """What `Ticket.objects.report` takes, the chosen member's name and telephone filled in."""
        data = self.cleaned_data
        member = next((m for m in self.caller.members if str(m.pk) == data["member"]), None) if self.caller else None
        names = ("channel", "kind", "words", "category", "unit", "place", "where", "wishes", "wished_from", "wished_until", "client_key")
        fields = {name: data[name] for name in names}
        return fields | {
            "anonymous": data["anonymous"] and data["kind"] == Kind.COMPLAINT,  # ticked first, another kind chosen then
            "household_id": self.caller.pk if self.caller else None,
            "reporter_name": data["reporter_name"] or (member.name if member else ""),
            "reporter_phone": data["reporter_phone"] or (member.phone if member else ""),
            "checklist": {name: True for name in CLEAR if data[name]},
        }

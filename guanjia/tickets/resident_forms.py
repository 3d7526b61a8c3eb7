"""What a resident fills in on the phone. Forms check shapes; rules stay with the verbs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.estates.models import Place
from guanjia.events.sentences import kept

from .forms import ActForm
from .homes import Home
from .kinds import Channel, Kind

SLOTS = {"day": (9, 18), "morning": (9, 12), "afternoon": (14, 18), "evening": (18, 20)}  # hours, estate time
SLOT_WORDS = [("day", _("白天都行")), ("morning", _("上午 9–12 点")), ("afternoon", _("下午 14–18 点")), ("evening", _("傍晚 18–20 点"))]
FARTHEST = timedelta(days=30)
PUBLIC = "public"


class Words(forms.CharField):
    """Lines end with one character, as the counter beside the field counts them."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


class ReportForm(forms.Form):
    kind = forms.ChoiceField(label=_("要说的是"), choices=Kind.choices, error_messages={"required": _("请先选一种。")})
    words = Words(
        label=_("说说情况"), max_length=2000, error_messages={"required": _("请写几个字，管家才知道是什么事。")},
        widget=forms.Textarea(attrs={"rows": 4, "enterkeyhint": "enter"}),
    )  # fmt: skip
    spot = forms.ChoiceField(label=_("在哪里"), error_messages={"required": _("请选在哪里。")})
    place = forms.IntegerField(label=_("公共区域"), required=False)
    where = forms.CharField(label=_("具体位置"), max_length=120, required=False)
    wished_on = forms.DateField(label=_("希望哪天上门"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    slot = forms.ChoiceField(label=_("时段"), choices=SLOT_WORDS, required=False)
    wishes = forms.CharField(label=_("特别要求"), max_length=300, required=False)
    anonymous = forms.BooleanField(label=_("匿名投诉"), required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, reach: Any, homes: list[Home], **kwargs: Any) -> None:
        self.reach, self.homes = reach, homes
        super().__init__(*args, **kwargs)
        spots: Any = self.fields["spot"]
        spots.choices = [*((str(home.unit.pk), home.words) for home in homes), (PUBLIC, _("公共区域"))]
        today = clock.today(reach.estate)
        self.fields["wished_on"].widget.attrs |= {"min": str(today), "max": str(today + FARTHEST)}

    def clean_place(self) -> Place | None:
        wanted = self.cleaned_data["place"]
        if wanted is None or self.data.get("spot") != PUBLIC:
            return None
        found = Place.objects.at_estate(self.reach.estate).filter(pk=min(max(wanted, 0), 2**62)).first()
        if found is None:
            raise forms.ValidationError(_("这个地点已经不在了，请另选一个。"))
        return found

    def clean_wished_on(self) -> Any:
        day, today = self.cleaned_data["wished_on"], clock.today(self.reach.estate)
        if day and not today <= day <= today + FARTHEST:
            raise forms.ValidationError(_("请选今天起 30 天内的日子。"))
        return day

    def clean(self) -> None:
        data = self.cleaned_data
        if data.get("spot") == PUBLIC and not self.errors and not (data.get("place") or data.get("where", "").strip()):
            self.add_error("where", _("请选一个地点，或写明在哪里。"))
        if data.get("slot") and not data.get("wished_on") and "wished_on" not in self.errors:
            self.add_error("wished_on", _("选了时段，还要选哪一天。"))
        until = self.span[1]
        if until and until <= clock.now():
            self.add_error("slot", _("这个时段已经过去，请选晚一点的。"))

    @property
    def span(self) -> tuple[datetime | None, datetime | None]:
        """The wished time as two instants."""
        day = self.cleaned_data.get("wished_on")
        if not day:
            return None, None
        zone = ZoneInfo(self.reach.estate.time_zone)
        start, end = SLOTS[self.cleaned_data.get("slot") or "day"]
        return datetime(day.year, day.month, day.day, start, tzinfo=zone), datetime(day.year, day.month, day.day, end, tzinfo=zone)

    @property
    def report(self) -> dict[str, Any]:
        """What `Ticket.objects.report` takes."""
        data, (start, end) = self.cleaned_data, self.span
        home = next((home for home in self.homes if str(home.unit.pk) == data["spot"]), None)
        households = {home.household_id for home in self.homes} or self.reach.households
        return {
            "kind": data["kind"], "words": data["words"], "channel": Channel.ONLINE, "unit": home.unit if home else None,
            "place": data["place"], "where": "" if home else data["where"].strip(), "wishes": data["wishes"].strip(),
            "household_id": home.household_id if home else min(households, default=None), "wished_from": start,
            "wished_until": end, "anonymous": data["anonymous"], "client_key": str(data["client_key"]),
        }  # fmt: skip


class AddForm(ActForm):
    """Words or photos; the photos are counted by the view that has them."""

    words = Words(label=_("补充说明"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def clean(self) -> None:
        if not self.cleaned_data.get("words", "").strip() and not (self.files and self.files.getlist("photos")):
            self.add_error("words", _("写几个字，或加一张照片。"))


class CancelForm(ActForm):
    REASONS = [("solved", _("已经好了")), ("mistaken", _("报错了")), ("again", _("重复报了")), ("other", _("其他"))]
    reason = forms.ChoiceField(
        label=_("为什么撤销"), choices=REASONS, widget=forms.RadioSelect, error_messages={"required": _("请选一个原因。")}
    )
    words = Words(label=_("想说的话"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def clean(self) -> None:
        data = self.cleaned_data
        chosen, words = data.get("reason", ""), data.get("words", "").strip()
        if chosen == "other" and not words:
            self.add_error("words", _("请写一句原因。"))
        said = "" if chosen == "other" else kept(dict(self.REASONS).get(chosen, ""))
        data["why"] = "，".join(part for part in (said, words) if part)  # kept with the event, in the house's language


class RateForm(ActForm):
    speed = forms.IntegerField(label=_("响应速度"), min_value=1, max_value=5, error_messages={"required": _("请打几颗星。")})
    result = forms.IntegerField(label=_("处理结果"), min_value=1, max_value=5, error_messages={"required": _("请打几颗星。")})
    attitude = forms.IntegerField(label=_("服务态度"), min_value=1, max_value=5, error_messages={"required": _("请打几颗星。")})
    words = Words(label=_("想说的话"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class ReopenForm(ActForm):
    why = Words(label=_("哪里还没弄好"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}), error_messages={"required": _("请写一句，管家好接着处理。")})

"""What is typed into a bulletin. Rules live in the verbs."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.estates.models import Building, Zone
from guanjia.households.models import Member, Tier
from guanjia.tenancy.forms import ChoosingForm

from .book import TemplateEntry, bulletins_book, filled, kinds
from .brief import KIND, title_of, words_of

EVENING = time(20)  # when a bulletin ends on its last day, unless it is said otherwise


class Ticks(forms.CheckboxSelectMultiple):
    pass


class BulletinForm(ChoosingForm):
    title = forms.CharField(label=_("标题"), max_length=60)
    words = forms.CharField(label=_("正文"), max_length=4000, widget=forms.Textarea(attrs={"rows": 8}))
    starts_on = forms.DateField(label=_("发布日期"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    starts_time = forms.TimeField(label=_("时间"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    ends_on = forms.DateField(
        label=_("到期日期"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), required=False, help_text=_("这一天 20:00 到期；不填按公告种类。")
    )
    zones = forms.TypedMultipleChoiceField(label=_("片区"), coerce=int, required=False, widget=Ticks)
    buildings = forms.TypedMultipleChoiceField(label=_("楼栋"), coerce=int, required=False, widget=Ticks)
    tiers = forms.MultipleChoiceField(label=_("住户分层"), choices=Tier.choices, required=False, widget=Ticks)
    kinds = forms.MultipleChoiceField(label=_("身份"), choices=Member.Kind.choices, required=False, widget=Ticks)
    client_key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, estate: Any, template: TemplateEntry | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.template = template
        for number, gap in enumerate(template.gaps if template else []):
            asked = bulletins_book().gaps[gap]
            choices = [(one, gettext(one)) for one in asked.choices]  # what goes out is in the house's language
            self.fields[f"gap_{number}"] = forms.ChoiceField(label=str(asked), choices=choices) if choices else forms.CharField(label=str(asked), max_length=100)
        if template:
            del self.fields["title"], self.fields["words"]
        self.estate = estate
        self.offer("zones", Zone.objects.at_estate(estate).values_list("pk", "name"))
        self.offer("buildings", [(row.pk, str(row)) for row in Building.objects.at_estate(estate)])

    @property
    def gaps(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("gap_")]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.template:
            gaps = {gap: said.get(f"gap_{number}", "") for number, gap in enumerate(self.template.gaps)}
            said["title"], said["words"] = filled(self.template.heading, gaps)[:60], filled(self.template.pattern, gaps)
        zone = ZoneInfo(self.estate.time_zone)
        if said.get("starts_on") and said.get("starts_time") is not None:
            said["starts_at"] = self._instant("starts_on", said["starts_on"], said["starts_time"], zone)
        said["ends_at"] = self._instant("ends_on", said["ends_on"], EVENING, zone) if said.get("ends_on") else None
        said["audience"] = {name: said.get(name) or [] for name in ("zones", "buildings", "tiers", "kinds")}
        return said

    def _instant(self, field: str, day: Any, at: time, zone: ZoneInfo) -> datetime | None:
        if not 2000 <= day.year < 2100:
            self.add_error(field, _("请填本世纪的日期。"))
            return None
        return datetime.combine(day, at, zone)


def first_values(kind: str, estate: Any) -> dict[str, Any]:
    """What a new bulletin of a kind begins with: now, until its usual end."""
    now = clock.now().astimezone(ZoneInfo(estate.time_zone))
    first = {"title": title_of(estate, clock.now()), "words": words_of(estate, clock.now())} if kind == KIND else {"words": kinds()[kind].words}
    return {**first, "starts_on": now.date(), "starts_time": now.time(), "ends_on": now.date() + timedelta(days=kinds()[kind].days)}


def values_of(row: Any) -> dict[str, Any]:
    zone = ZoneInfo(row.estate.time_zone)
    starts = row.starts_at.astimezone(zone)
    names = ("title", "words", "zones", "buildings", "tiers", "kinds")
    return {name: getattr(row, name) for name in names} | {"starts_on": starts.date(), "starts_time": starts.time(), "ends_on": row.ends_at.astimezone(zone).date()}

"""What is typed into a plan. Rules live in the verbs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.estates.models import Zone
from guanjia.surveys.forms import Moment

from .book import activities_book
from .models.plannable import MOST_MONEY, MOST_PLACES

NAMES = ("title", "words", "place", "begins_at", "ends_at", "closes_at", "places", "budget", "theme")


class ActivityForm(forms.Form):
    title = forms.CharField(label=_("标题"), max_length=60)
    theme = forms.ChoiceField(label=_("主题"))
    words = forms.CharField(label=_("活动方案"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6}))
    place = forms.CharField(label=_("地点"), max_length=80)
    zone = forms.TypedChoiceField(label=_("邀请哪些住户"), required=False, coerce=int, empty_value=None)
    begins_at = forms.DateTimeField(label=_("开始"), widget=Moment())
    ends_at = forms.DateTimeField(label=_("结束"), widget=Moment())
    closes_at = forms.DateTimeField(label=_("报名截止"), widget=Moment(), required=False, help_text=_("不填就是开始时间。"))
    places = forms.IntegerField(label=_("名额"), min_value=1, max_value=MOST_PLACES)
    budget = forms.DecimalField(label=_("预算（元）"), min_value=0, max_value=MOST_MONEY - 1, decimal_places=2, initial=0, help_text=_("要花钱的活动由别人审批。"))

    def __init__(self, *args: Any, kind: str, reach: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entry = activities_book().kinds[kind]
        fields: Any = self.fields
        zones = Zone.objects.at_estate(reach.estate).order_by("code")
        if reach.sees != "estate":
            zones = zones.filter(pk__in=reach.zones)
        fields["zone"].choices = [("", _("全小区")), *((row.pk, row.name) for row in zones)]
        self.zones = {row.pk: row for row in zones}
        fields["theme"].choices = [(key, str(theme)) for key, theme in activities_book().themes.items()]
        least, most = entry.bounds(reach.estate, clock.now())
        fields["places"].label = _("名额（户）") if entry.counts == "household" else _("名额（人）")
        if most:
            fields["places"].help_text = _("制度规定 %(least)s–%(most)s 户。") % {"least": least, "most": most}
        if not entry.themed:
            del fields["theme"]
        if not entry.joins:
            del fields["places"], fields["closes_at"]
        if not entry.checked:
            del fields["budget"]

    def said(self) -> dict[str, Any]:
        said = {name: value for name, value in self.cleaned_data.items() if name in NAMES}
        return said | {"zone": self.zones.get(self.cleaned_data.get("zone") or 0)}


def first_values(kind: str, reach: Any, task: Any = None) -> dict[str, Any]:
    """What a new plan begins with: the duty's window, else a week from now."""
    entry = activities_book().kinds[kind]
    now = clock.now()
    begins = max(task.opens_at, now + timedelta(minutes=30)) if task else now + timedelta(days=7)
    begins = timezone.localtime(begins).replace(minute=0 if begins.minute == 0 else 30, second=0, microsecond=0)
    if begins.hour < 9 or (not task and begins.hour > 18):
        begins = begins.replace(hour=15, minute=0)
    ends = begins + timedelta(hours=2)
    if task and begins < task.due_at < ends:
        ends = task.due_at
    _least, most = entry.bounds(reach.estate, now)
    zone = task.zone if task else None
    title = f"{zone.name} {entry}" if zone else str(entry) if task else ""
    zone_id = zone.pk if zone else next(iter(reach.zones), None) if reach.sees == "zone" else None
    return {"title": title, "words": entry.words, "place": entry.place, "begins_at": begins, "ends_at": ends, "places": most or 30, "budget": 0, "zone": zone_id}


def values_of(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in NAMES} | {"zone": row.zone_id}

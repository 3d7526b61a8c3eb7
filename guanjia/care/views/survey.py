"""首月摸底: the arithmetic shown, the progress by zone, the days assigned (HSE-01, CF-36)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.estates.models import Zone
from guanjia.households.models import Household
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.web.guard import needs

from .. import survey as planning
from ..forms import DayField
from ..models import Survey

if TYPE_CHECKING:
    from django.http import HttpRequest


class SurveyForm(forms.Form):
    begins_on = DayField(label=gettext_lazy("从哪天起"))
    months = forms.IntegerField(label=gettext_lazy("几个月"), min_value=1, max_value=12)
    per_day = forms.IntegerField(label=gettext_lazy("每天入户"), min_value=1, max_value=500)
    per_steward = forms.TypedChoiceField(
        label=gettext_lazy("按谁算"),
        choices=[("1", gettext_lazy("每名管家")), ("", gettext_lazy("全小区合计"))],
        coerce=bool,
        required=False,
        empty_value="",
    )
    online = forms.IntegerField(label=gettext_lazy("线上问卷覆盖"), min_value=0, max_value=100)


@needs("household.read")
def survey(request: HttpRequest) -> HttpResponse:
    """GET: the present round, or a plan to try out (`?per_day=…`). POST: begin."""
    estate, now = request.estate, clock.now()
    live = Survey.objects.at_estate(estate).live().first()
    asked = (
        request.POST
        if request.method == "POST"
        else {**_usual(estate, now), **{key: value for key, value in request.GET.items() if value}}
    )
    form = SurveyForm(asked)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            Survey.objects.begin(estate, **_said(form), by=request.reach)
        except NotAllowed as refused:
            raise Http404 from refused
        except Refused as refused:
            form.add_error(None, str(refused))
            status = 409
        else:
            return redirect("care:survey", estate.code)
    elif request.method == "POST":
        status = 422
    page = {
        "form": form,
        "live": live,
        "may_plan": request.reach.may("survey.plan"),
        **(_progress(live, now) if live else _trial(estate, form, now)),
    }
    return render(request, "care/survey.html", page, status=status)


def _usual(estate: Any, now: Any) -> dict[str, Any]:
    return {
        "begins_on": clock.today(estate, now).isoformat(), "months": parameter(estate, "survey.deadline_months", now),
        "per_day": parameter(estate, "survey.visits_per_day", now), "online": parameter(estate, "survey.online_coverage", now),
        "per_steward": "1" if parameter(estate, "survey.counted_by", now) == "steward" else "",
    }  # fmt: skip


def _said(form: SurveyForm) -> dict[str, Any]:
    return {**form.cleaned_data, "per_steward": bool(form.cleaned_data["per_steward"])}


def _trial(estate: Any, form: SurveyForm, now: Any) -> dict[str, Any]:
    if not form.is_valid():
        return {}
    count = (
        Household.objects.at_estate(estate)
        .filter(occupancies__during__contains=clock.today(estate, now))
        .distinct()
        .count()
    )
    return {"sum": planning.arithmetic(estate, now, **_said(form), count=count)}


def _progress(live: Survey, now: Any) -> dict[str, Any]:
    rows = planning.homes(live, now)
    names = dict(Zone.objects.at_estate(live.estate_id).values_list("pk", "name"))
    zones: dict[Any, dict[str, Any]] = {}
    for row in rows:
        zone = zones.setdefault(
            row["zone_id"],
            {"name": names.get(row["zone_id"], "—"), "all": 0, "answered": 0, "met": 0, "known": 0, "planned": 0},
        )
        zone["all"] += 1
        for name in ("answered", "met", "planned"):
            zone[name] += row[name]
        zone["known"] += row["answered"] or row["met"]
    said = {name: getattr(live, name) for name in ("begins_on", "per_day", "online", "months", "per_steward")}
    known = sum(zone["known"] for zone in zones.values())
    ends = planning.period(live.begins_on, live.months)[1]
    return {"sum": planning.arithmetic(live.estate, now, **said, count=len(rows)), "zones": list(zones.values()), "known": known, "all": len(rows),
            "unplanned": sum(not (row["answered"] or row["met"] or row["planned"]) for row in rows), "ends": ends, "is_over": clock.today(live.estate, now) >= ends}  # fmt: skip


@require_POST
@needs("survey.plan")
def assignment(request: HttpRequest) -> HttpResponse:
    live = Survey.objects.at_estate(request.estate).live().first()
    if live:
        count = live.assign(by=request.reach)
        messages.success(request, _("安排了 %(n)s 户入户走访。") % {"n": count})
    return redirect("care:survey", request.estate.code)


@require_POST
@needs("survey.plan")
def end(request: HttpRequest) -> HttpResponse:
    live = Survey.objects.at_estate(request.estate).live().first()
    if live:
        live.end(by=request.reach)
    return redirect("care:survey", request.estate.code)

"""The month in figures: the estate, its zones and people, one indicator with its trend, the rows behind a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.estates.models import Zone
from guanjia.people.models import Post
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.web.guard import needs

from ..book import indicators
from ..exporting import scores_book
from ..linking import linked
from ..models import Level, Reckoning
from ..models.line import names_of
from ..reading import ROWS, behind, ordered, table, target_of, trend
from ..work import ask
from .common import chart, month_of, render, to

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse

    from ..reading import Table

FIRST = ("response", "reopen", "sampled", "satisfaction", "collection", "complaints")  # shown of every zone: speed beside its check


@needs()
def scores(request: HttpRequest) -> HttpResponse:
    """Who does not read the whole sees their own page."""
    if not request.reach.may("report.read"):
        return to(request, "mine")
    estate, month = request.estate, month_of(request)
    zones = {zone.pk: zone.name for zone in Zone.objects.at_estate(estate).order_by("code")}
    page = {
        "month": month, "scores": ordered(table(estate, month, "estate").get(0, {}), estate, month), "reckonings": Reckoning.objects.of(estate, month).select_related("by")[:5],
        "columns": [indicators()[key] for key in FIRST], "zones": _lines(zones, table(estate, month, "zone"), "zone"), "may_reckon": request.reach.may("incentive.propose"),
    }  # fmt: skip
    return render(request, "incentives/scores.html", page)


def _lines(names: dict[int, str], found: Table, level: str, keys: Any = FIRST) -> list[dict[str, Any]]:
    return [{"pk": pk, "name": name, "level": level, "cells": [found.get(pk, {}).get(key) for key in keys]} for pk, name in names.items()]


def _indicator(key: str) -> Any:
    if key not in indicators():
        raise Http404
    return indicators()[key]


@needs("report.read")
def indicator(request: HttpRequest, key: str) -> HttpResponse:
    """Formula, target, trend, zones, people; what must be seen beside it."""
    estate, month, one = request.estate, month_of(request), _indicator(key)
    kept = trend(estate, key, "estate", 0, month)
    target = target_of(estate, key, month)
    keys = (key, *one.beside)
    zones = {zone.pk: zone.name for zone in Zone.objects.at_estate(estate).order_by("code")}
    people = table(estate, month, "person") if "person" in one.levels else {}
    names = names_of({pk for pk, found in people.items() if key in found})
    whole = table(estate, month, "estate").get(0, {})
    page = {
        "key": key, "one": one, "month": month, "target": target, "whole": whole.get(key), "beside": [whole.get(other) for other in one.beside if whole.get(other)],
        "base": parameter(estate, one.base, clock.now()) if one.base else None, "columns": [indicators()[other] for other in keys], "trend": kept[::-1],
        "zones": _lines(zones, table(estate, month, "zone"), "zone", keys) if "zone" in one.levels else [],
        "people": sorted(_lines(names, people, "person", keys), key=lambda line: (_rank(line["cells"][0]), line["name"])),
        "chart": chart("line", one.label, [f"{day:%Y-%m}" for day, _s in kept], [score.value for _d, score in kept], target, one.unit_words, _("目标 %(n)s") % {"n": f"{target:f}"}) if len(kept) > 1 else None,
    }  # fmt: skip
    return render(request, "incentives/indicator.html", page)


def _rank(score: Any) -> Any:
    """The worst first, where somebody should look."""
    if score is None or score.value is None:
        return (2, 0)
    return (1 if score.reached else 0, score.value if score.indicator.better == "up" else -score.value)


@needs()
def rows(request: HttpRequest, key: str) -> HttpResponse:
    """The rows behind a figure: everybody's for who reads reports, one's own and one's zones' else."""
    estate, month, one, reach = request.estate, month_of(request), _indicator(key), request.reach
    level = request.GET.get("level", "estate")
    text = request.GET.get("subject", "0")
    subject = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    mine = (level == "person" and subject == reach.person_id) or (level == "zone" and subject in reach.zones)
    if level not in Level.values or not (reach.may("report.read") or mine):
        raise Http404
    name = _name(estate, level, subject)
    if not name:
        raise Http404
    found = behind(estate, key, month, level, subject)
    score = table(estate, month, level, [subject]).get(subject, {}).get(key)
    target = target_of(estate, key, month) if one.is_mean else None
    lines = [row | {"kept": _kept(one, row, target)} for row in linked(found, reach)]
    page = {"key": key, "one": one, "month": month, "level": level, "subject": subject, "name": name, "score": score, "rows": lines, "cut": len(found) >= ROWS}
    return render(request, "incentives/rows.html", page)


def _kept(one: Any, row: dict[str, Any], target: Any) -> bool:
    """Whether a row is as it should be: points against the target, else all of it or nothing."""
    if one.is_mean:
        return bool(row["part"] * 100 >= target * row["whole"])
    return bool(row["part"] >= row["whole"] if one.better == "up" else not row["part"])


def _name(estate: Any, level: str, subject: int) -> str:
    """Of this estate's zones and of whoever holds or held a post here; nobody else's."""
    if level == Level.ZONE:
        return str(Zone.objects.at_estate(estate).filter(pk=subject).values_list("name", flat=True).first() or "")
    if level == Level.PERSON:
        return names_of(set(Post.objects.at_estate(estate).filter(person_id=subject).values_list("person_id", flat=True))).get(subject, "")
    return str(estate.name)


@require_POST
@needs("incentive.propose")
def reckonings(request: HttpRequest) -> HttpResponse:
    """Work a month out again, as a job with a bar."""
    month = _posted(request)
    try:
        job = ask(request.estate, month, by=request.reach, why=request.POST.get("why", ""))
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        from django.contrib import messages

        messages.warning(request, str(refused))
        return to(request, "scores")
    return redirect("jobs:job", request.estate.code, job.pk)


def _posted(request: Any) -> date:
    from types import SimpleNamespace

    return month_of(SimpleNamespace(GET=request.POST, estate=request.estate))


@needs("report.read")
def export(request: HttpRequest) -> FileResponse:
    month = month_of(request)
    name = _("月度指标 %(estate)s %(month)s.xlsx") % {"estate": request.estate.name, "month": f"{month:%Y-%m}"}
    answer = FileResponse(scores_book(request.estate, month), as_attachment=True, filename=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer



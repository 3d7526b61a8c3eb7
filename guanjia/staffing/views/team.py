"""片区团队: marks, praise, meetings, rewards and penalties; facts for the level above."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.estates.models import Zone
from guanjia.people.models import Person
from guanjia.tenancy.reading import row_id
from guanjia.tickets.models import Ticket
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..forms import colleagues
from ..models import Appraisal, Award, FactRecord, ZoneNote
from ..models.fact import JUDGES
from ..team import heads, team
from .common import day_of, render, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 30


@needs("team.assess", "award.decide", "fact.judge", "fact.judge_manager")
def mates(request: HttpRequest) -> HttpResponse:
    """The zone's people with this month's marks, and what waits for the reader's word."""
    reach, today = request.reach, clock.today(request.estate)
    facts = FactRecord.objects.visible_to(reach).select_related("about", "by", "judged_by", "ticket")
    awards = Award.objects.at_estate(request.estate).select_related("person", "asked_by", "decided_by")
    judged = [level for level, permission in JUDGES.items() if reach.may(permission)]
    notes = ZoneNote.objects.at_estate(request.estate).select_related("person", "by", "zone")
    page = {
        "month": today.replace(day=1),
        "today": today,
        "mates": team(reach, today.replace(day=1)) if reach.may("team.assess") else [],
        "heads": heads(reach) if reach.may("fact.record") else [],
        "to_judge": facts.filter(level__in=judged, judged_at__isnull=True)
        .exclude(about_id=reach.person_id)
        .exclude(by_id=reach.person_id),
        "facts": facts.order_by("-at")[:SHOWN],
        "to_decide": awards.filter(decided_at__isnull=True).exclude(asked_by_id=reach.person_id)
        if reach.may("award.decide")
        else [],
        "awards": awards.order_by("-asked_at")[:SHOWN]
        if reach.may("award.decide")
        else awards.filter(asked_by_id=reach.person_id).order_by("-asked_at")[:SHOWN],
        "notes": notes.order_by("-on", "-pk")[:SHOWN],
        "zones": Zone.objects.at_estate(request.estate).filter(pk__in=reach.zones)
        if reach.sees == "zone"
        else Zone.objects.at_estate(request.estate),
        "verdicts": FactRecord.Verdict.choices,
        "may_assess": reach.may("team.assess"),
        "may_record": reach.may("fact.record"),
    }
    return render(request, "staffing/team.html", page)


def _person(request: Any) -> Person:
    found: Person = get_object_or_404(colleagues(request.estate), pk=row_id(request.POST.get("person")) or 0)
    return found


@require_POST
@needs("team.assess")
def marks(request: HttpRequest) -> HttpResponse:
    person, score = _person(request), request.POST.get("score", "")
    value = int(score) if score.isdecimal() and len(score) < 5 else -1
    act(
        request,
        lambda: Appraisal.objects.mark(person, value, request.POST.get("words", ""), by=request.reach),
        _("已打分。"),
    )
    return to(request, "team")


@require_POST
@needs("team.assess")
def notes(request: HttpRequest) -> HttpResponse:
    """Praise of somebody, or what a zone's meeting said."""
    kind, zone = request.POST.get("kind", ""), row_id(request.POST.get("zone"))
    said: dict[str, Any] = {
        "person": _person(request) if kind == ZoneNote.Kind.PRAISE else None,
        "zone": Zone.objects.at_estate(request.estate).filter(pk=zone).first() if zone else None,
        "attended": request.POST.get("attended", ""),
    }
    act(
        request,
        lambda: ZoneNote.objects.write(kind, request.POST.get("words", ""), by=request.reach, **said),
        _("已记下。"),
    )
    return to(request, "team")


@require_POST
@needs("team.assess")
def awards(request: HttpRequest) -> HttpResponse:
    person = _person(request)
    try:
        amount = Decimal(request.POST.get("amount", "").strip() or "0")
    except InvalidOperation:
        amount = Decimal(-1)
    amount = amount if amount.is_finite() else Decimal(-1)
    said = (person, request.POST.get("kind", ""), amount, request.POST.get("why", ""))
    act(request, lambda: Award.objects.propose(*said, by=request.reach), _("已提交审批。"))
    return to(request, "team")


@require_POST
@needs("award.decide")
def award_verdict(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Award.objects.at_estate(request.estate).select_related("person"), pk=pk)
    granted = request.POST.get("granted") == "yes"
    act(request, lambda: row.decide(granted, request.POST.get("words", ""), by=request.reach), _("已审批。"))
    return to(request, "team")


@require_POST
@needs("fact.record")
def facts(request: HttpRequest) -> HttpResponse:
    person, number = _person(request), request.POST.get("ticket", "").strip()
    ticket = Ticket.objects.visible_to(request.reach).filter(number=number).first() if number else None
    day = day_of(request.POST.get("happened_on", ""), clock.today(request.estate))
    said: dict[str, Any] = {"wanted": request.POST.get("wanted", ""), "ticket": ticket}
    act(
        request,
        lambda: FactRecord.objects.note(person, day, request.POST.get("words", ""), by=request.reach, **said),
        _("已报上一级考核。"),
    )
    return to(request, "team")


@require_POST
@needs("fact.judge", "fact.judge_manager")
def fact_verdict(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(FactRecord.objects.visible_to(request.reach).select_related("about"), pk=pk)
    said = (request.POST.get("verdict", ""), request.POST.get("measure", ""))
    act(request, lambda: row.judge(*said, by=request.reach), _("已考核。"))
    return to(request, "team")

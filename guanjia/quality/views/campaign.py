"""品质提升活动: progress at a glance, phase by phase; its issues, acceptance and summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..exporting import campaign_pdf, campaign_sheet, fix_state
from ..models import Assessment, Campaign, Inspection
from ..rubrics import turned
from .common import PEOPLE, count_of, day_of, file, fix_rows, people_of, render, titled, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs("quality.read", "quality.plan")
def campaigns(request: HttpRequest) -> HttpResponse:
    """The one of this year, or how to begin it; earlier ones below."""
    if request.method == "POST":
        try:
            made = Campaign.objects.begin(count_of(request.POST.get("year")) or 0, by=request.reach)
            return to(request, "campaign", made.pk)
        except NotAllowed as refused:
            raise Http404 from refused
        except Refused as refused:
            messages.warning(request, str(refused))
    rows = list(Campaign.objects.at_estate(request.estate).order_by("-year"))
    if request.method == "GET" and rows and not request.GET.get("all"):
        return to(request, "campaign", rows[0].pk)
    return render(request, "quality/campaigns.html", {"rows": rows, "year": clock.today(request.estate).year})


def _one(request: HttpRequest, pk: int) -> Campaign:
    found: Campaign = get_object_or_404(Campaign.objects.at_estate(request.estate).select_related("begun_by", "ended_by"), pk=pk)
    return found


def _issues(request: HttpRequest, row: Campaign) -> list[Any]:
    return fix_rows(request.reach, row.issues.order_by("closed_at", "due_on", "pk"))


@needs("quality.read", "quality.plan")
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    row, today = _one(request, pk), clock.today(request.estate)
    steps = list(row.steps.order_by("due_on", "pk").select_related("responsible").prefetch_related("evidence"))
    for step in steps:
        step.campaign = row
    issues = _issues(request, row)
    for one in issues:
        one.state = fix_state(one, today)
    shown = Inspection.objects.visible_to(request.reach).filter(campaign=row).order_by("pk").select_related(*PEOPLE)
    page = {
        "campaign": row, "phases": phases_of(row, steps, today.isoformat()), "issues": issues, "inspections": shown,
        "done": sum(1 for step in steps if step.done_at), "steps": steps, "late": [step for step in steps if not step.done_at and step.due_on < today],
        "closed": sum(1 for one in issues if one.closed_at), "people": titled(request.estate, people_of(request.estate)) if request.reach.may("quality.rectify") else [],
        "assessments": Assessment.objects.visible_to(request.reach).filter(campaign=row).order_by("-made_at"),
    }  # fmt: skip
    return render(request, "quality/campaign.html", page)


def phases_of(row: Campaign, steps: list[Any], today: str) -> list[dict[str, Any]]:
    """Each phase with its steps and how it stands: done, late, now or to come."""
    found = []
    for phase in row.phases:
        mine = [step for step in steps if step.entry.phase == phase["key"]]
        done = all(step.done_at for step in mine)
        state = "done" if done else "late" if phase["until"] < today else "now" if phase["since"] <= today else "todo"
        found.append({**phase, "name": turned(phase["title"]), "steps": mine, "state": state, "done": sum(1 for step in mine if step.done_at)})
    return found


@require_POST
@needs("quality.plan")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    row = _one(request, pk)
    act(request, lambda: row.end(request.POST.get("summary", ""), by=request.reach), _("活动已结束。"))
    return to(request, "campaign", pk)


@require_POST
@needs("quality.plan")
def award(request: HttpRequest, pk: int) -> HttpResponse:
    """The title that the year aimed at was given (QLT-59)."""
    row, on = _one(request, pk), day_of(request.POST.get("on"))
    if on is None:
        messages.warning(request, _("请写日期。"))
        return to(request, "campaign", pk)
    act(request, lambda: row.win(on, request.POST.get("words", ""), by=request.reach), _("已登记创优结果。"))
    return to(request, "campaign", pk)


@needs("quality.read", "quality.plan")
def report(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    row, today = _one(request, pk), clock.today(request.estate)
    if kind not in ("pdf", "xlsx"):
        raise Http404
    write = campaign_pdf if kind == "pdf" else campaign_sheet
    return file(write(row, today, _issues(request, row)), row.title, kind)

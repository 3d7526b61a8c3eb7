"""巡查: where patrols have been, today's route, what they found and nobody has seen mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.shortcuts import render

from guanjia import clock
from guanjia.rulebooks.form_book import covering
from guanjia.rulebooks.parameters import parameter
from guanjia.web.guard import needs

from ..agenda import LINKS, Line, midnight
from ..coverage import coverage as covered
from ..models import Finding, Record, Suspicion, Task

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SPANS = (5, 14, 30)
SHOWN = 100


@needs()
def coverage(request: HttpRequest) -> HttpResponse:
    """Buildings × days, and the plan: which were seen within the cycle (PAT-03)."""
    days = next((span for span in SPANS if str(span) == request.GET.get("days")), SPANS[1])
    found = covered(request.reach, days, cycle=_cycle(request.reach))
    records = (
        Record.objects.visible_to(request.reach)
        .filter(form__in=covering())
        .select_related("task__duty", "task__zone", "task__building", "task__place", "task__unit", "by")
    )
    page = {
        "coverage": found,
        "days": days,
        "spans": SPANS,
        "recent": records.order_by("-received_at")[:10],
        **tabs(request.reach),
    }
    return render(request, "duties/patrols.html", page)


@needs()
def route(request: HttpRequest) -> HttpResponse:
    """Today's patrols in order, and the buildings that this cycle still lacks: the longest unseen first."""
    reach, now = request.reach, clock.now()
    rows = (
        Task.objects.at_estate(reach.estate)
        .visible_to(reach)
        .filter(duty__form__in=covering(), opens_at__lt=midnight(reach, now), waived_at__isnull=True)
    )
    rows = rows.filter(
        Q(due_at__gt=now)
        | Q(done_at__isnull=True, missed_at__isnull=True)
        | Q(done_at__date=clock.today(reach.estate, now))
    )
    found = covered(reach, 30, cycle=_cycle(reach))
    left = sorted(found.left, key=lambda row: (row.last is not None, row.last, row.building.order))
    lines = [Line(row, reach) for row in rows.select_related(*LINKS).order_by("opens_at", "due_at", "pk")[:SHOWN]]
    return render(request, "duties/route.html", {"lines": lines, "left": left, "coverage": found, **tabs(reach)})


@needs()
def findings(request: HttpRequest) -> HttpResponse:
    """Open findings, the oldest first; with `?show=mended` those seen mended lately (PAT-04)."""
    reach, mended = request.reach, request.GET.get("show") == "mended"
    rows = seen(reach).filter(mended_at__isnull=not mended).order_by("-mended_at" if mended else "found_at")
    rows = rows.select_related(
        "ticket",
        "record__by",
        "mended_by__by",
        *(f"record__task__{link}" for link in ("duty", "unit", "place", "building", "zone")),
    )
    return render(request, "duties/findings.html", {"findings": rows[:SHOWN], "mended": mended, **tabs(reach)})


def seen(reach: Any) -> Any:
    rows = Finding.objects.at_estate(reach.estate)
    return rows if reach.sees == "estate" else rows.filter(record__in=Record.objects.visible_to(reach).values("pk"))


def _cycle(reach: Any) -> int:
    """Days in which every building is to be seen (PAT-03), as the company has set it."""
    return max(1, int(parameter(reach.estate, "patrol.ovs_cover_days", clock.now())))


def tabs(reach: Any) -> dict[str, Any]:
    """The numbers beside the tabs."""
    waiting = (
        Suspicion.objects.at_estate(reach.estate).filter(judged_at__isnull=True).count()
        if reach.may("record.judge")
        else 0
    )
    return {
        "open_findings": seen(reach).filter(mended_at__isnull=True).count(),
        "doubts_waiting": waiting,
        "may_judge": reach.may("record.judge"),
    }

"""检查: the list, planning one, its page with every deduction, its paper."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.estates.models import Zone
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.reading import row_id
from guanjia.training.models import Exam
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..exporting import inspection_list, inspection_pdf, inspection_sheet
from ..models import Campaign, Inspection, ItemScore, Method
from ..rubric_book import rubrics_book
from ..rubrics import in_force, turned
from .common import PEOPLE, day_of, decimal_of, file, inspections_seen, people_of, person_of, render, titled, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 100
EXAMS = 30


@needs("quality.read", "quality.inspect", "quality.plan")
def inspections(request: HttpRequest) -> HttpResponse:
    """Planned and under way first, then what was finished; `?xlsx=1` is the file."""
    rows = inspections_seen(request).select_related(*PEOPLE)
    if request.GET.get("xlsx"):
        return file(inspection_list(rows.order_by("-planned_on", "-pk")), _("检查记录"), "xlsx")
    ended = rows.exclude(finished_at__isnull=True, called_off_at__isnull=True)
    page = {
        "waiting": rows.filter(finished_at__isnull=True, called_off_at__isnull=True).order_by("planned_on", "pk")[:SHOWN],
        "ended": ended.order_by("-planned_on", "-pk")[:SHOWN],
    }
    return render(request, "quality/inspections.html", page)


@needs("quality.plan")
def plan(request: HttpRequest) -> HttpResponse:
    """Where, by what, how, who, when."""
    error = ""
    if request.method == "POST":
        inspector = person_of(request, "inspector")
        try:
            if inspector is None:
                raise Refused(_("请选检查人。"), code="incomplete")
            made = Inspection.objects.plan(
                request.POST.get("title", ""), request.POST.get("method", ""), day_of(request.POST.get("day")) or clock.today(request.estate),
                inspector, by=request.reach, rubrics=_weights(request), companion=person_of(request, "companion"), zone=_zone(request),
                campaign=_campaign(request),
            )  # fmt: skip
            messages.success(request, _("已安排。"))
            return to(request, "inspection", made.pk)
        except NotAllowed as refused:
            raise Http404 from refused
        except Refused as refused:
            error = str(refused)
    return render(request, "quality/plan.html", _plan_page(request, error), status=422 if error else 200)


def _weights(request: HttpRequest) -> dict[str, Any]:
    """Rubrics that are ticked, each with its share; nonsense counts nothing and fails the sum."""
    return {key: decimal_of(request.POST.get(f"share-{key}")) or 0 for key in request.POST.getlist("rubric")}


def _zone(request: HttpRequest) -> Any:
    pk = row_id(request.POST.get("zone"))
    return Zone.objects.at_estate(request.estate).filter(pk=pk).first() if pk else None


def _campaign(request: HttpRequest) -> Any:
    pk = row_id(request.POST.get("campaign"))
    return Campaign.objects.at_estate(request.estate).filter(pk=pk, ended_at__isnull=True).first() if pk else None


def _plan_page(request: HttpRequest, error: str) -> dict[str, Any]:
    now, today = clock.now(), clock.today(request.estate)
    people = titled(request.estate, people_of(request.estate))
    methods = [(key, _(row.title), row.by) for key, row in rubrics_book().methods.items() if key != Method.COVERT or request.reach.may("quality.covert")]
    return {
        "error": error, "said": request.POST, "ticked": request.POST.getlist("rubric"), "methods": methods, "people": people, "me": request.reach.person_id,
        "rubrics": [{**row, "name": turned(row["title"]), "typed": request.POST.get(f"share-{row['key']}", row["weight"])} for row in in_force(request.estate, now, today).values()],
        "zones": Zone.objects.at_estate(request.estate), "campaigns": Campaign.objects.at_estate(request.estate).filter(ended_at__isnull=True),
    }  # fmt: skip


@needs()
def inspection(request: HttpRequest, pk: int) -> HttpResponse:
    """How it stands: each item with its deductions, reason and photos; every result there ever was."""
    row = get_object_or_404(inspections_seen(request).select_related(*PEOPLE, "campaign"), pk=pk)
    days = timedelta(days=int(parameter(request.estate, "quality.fix_days", clock.now())))
    page = {
        "inspection": row, "sheets": sheets_of(row), "samples": row.samples.order_by("pk").select_related("by"),
        "results": row.results.order_by("-number").select_related("by"), "mine": row.is_inspector(request.reach) and request.reach.may("quality.inspect"),
        "left": row.open_items() if row.is_open else [], "people": titled(request.estate, people_of(request.estate)) if request.reach.may("quality.rectify") else [],
        "exams": _exams(row) if row.is_open and row.method == Method.TEST else [],
        "fix_day": clock.today(request.estate) + days, "may_covert": request.reach.may("quality.covert"),
    }  # fmt: skip
    return render(request, "quality/inspection.html", page)


def _exams(row: Inspection) -> Any:
    """Exams a written test may take its scores from."""
    return Exam.objects.at_estate(row.estate_id).filter(reported_at__isnull=False).order_by("-opens_at")[:EXAMS]


def sheets_of(row: Inspection) -> list[dict[str, Any]]:
    """Rubric by rubric, item by item, as it counts now; earlier versions beside it. Four statements."""
    scores: dict[tuple[str, str], list[ItemScore]] = defaultdict(list)
    rows = ItemScore.objects.at_estate(row.estate_id).filter(inspection=row).order_by("-version").select_related("by")
    for one in rows.prefetch_related("deductions__photos", "deductions__rectifications"):
        for lack in one.deductions.all():
            lack.shown = [_photo(row, photo, lack.title) for photo in lack.photos.all()]
            lack.label = turned(lack.title)
            lack.fixes = list(lack.rectifications.all())
        scores[one.rubric, one.item].append(one)
    found = []
    for rubric in row.rubrics:
        items = []
        for item in rubric["items"]:
            versions = scores.get((rubric["key"], item["key"]), [])
            now = versions[0] if versions and versions[0].superseded_at is None else None
            items.append({**item, "name": turned(item["title"]), "now": now, "earlier": versions[1:] if now else []})
        found.append({**rubric, "name": turned(rubric["title"]), "rows": items})
    return found


def _photo(row: Inspection, photo: Any, title: str) -> dict[str, str]:
    url = reverse("quality:photo", args=[row.estate.code, photo.pk])
    return {"url": url, "thumb": url, "alt": title}


@needs()
def report(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    row = get_object_or_404(inspections_seen(request).select_related(*PEOPLE), pk=pk)
    if kind not in ("pdf", "xlsx"):
        raise Http404
    sheets = sheets_of(row)
    return file(inspection_pdf(row, sheets) if kind == "pdf" else inspection_sheet(row, sheets), row.title, kind)


@require_POST
@needs("quality.covert")
def opening(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(inspections_seen(request), pk=pk)
    act(request, lambda: row.open_up(by=request.reach), _("已公开。"))
    return to(request, "inspection", pk)


@require_POST
@needs("quality.plan")
def call_off(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(inspections_seen(request), pk=pk)
    act(request, lambda: row.call_off(request.POST.get("why", ""), by=request.reach), _("已取消。"))
    return to(request, "inspection", pk)

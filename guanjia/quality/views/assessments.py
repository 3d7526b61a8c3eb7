"""综合考评: combining inspections, the bands and the table of money, the proposal and its approval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.reading import row_id
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..combining import weights
from ..exporting import assessment_pdf, assessment_sheet
from ..grading import examples, grading, rule_words
from ..models import Assessment, Campaign
from ..models.inspection import COVERT
from ..money import table, team_award
from ..rubric_book import rubrics_book
from ..rubrics import turned
from .common import file, inspections_seen, render, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 60


def caution() -> str:
    return _(
        "单位不能罚款，也不能直接从工资里扣：这里的扣减只是绩效工资的核算建议，前提是规章经民主程序通过并已公示；"
        "扣减后不得低于当地最低工资。按建议发放前请人事核对劳动合同和绩效办法。"
    )


@needs("quality.read", "quality.plan", "quality.award")
def assessments(request: HttpRequest) -> HttpResponse:
    """What was assessed, and by which rules; whoever plans combines finished inspections."""
    error = ""
    if request.method == "POST":
        picked = [pk for text in request.POST.getlist("inspection") if (pk := row_id(text))]
        rows = inspections_seen(request).filter(pk__in=picked, finished_at__isnull=False)
        campaign = row_id(request.POST.get("campaign"))
        try:
            made = Assessment.objects.combine(
                request.POST.get("title", ""), rows, by=request.reach,
                campaign=Campaign.objects.at_estate(request.estate).filter(pk=campaign).first() if campaign else None,
            )  # fmt: skip
            messages.success(request, _("已做出综合考评，等待审批。"))
            return to(request, "assessment", made.pk)
        except NotAllowed as refused:
            raise Http404 from refused
        except Refused as refused:
            error = str(refused)
    page = _rules(request) | {
        "rows": Assessment.objects.visible_to(request.reach).order_by("-made_at").select_related("made_by")[:SHOWN], "error": error, "said": request.POST,
        "picked": request.POST.getlist("inspection"), "campaigns": Campaign.objects.at_estate(request.estate).order_by("-year"),
        "choices": inspections_seen(request).exclude(COVERT).filter(finished_at__isnull=False).order_by("-planned_on")[:SHOWN] if request.reach.may("quality.plan") else [],
    }  # fmt: skip
    return render(request, "quality/assessments.html", page, status=422 if error else 200)


def _rules(request: HttpRequest) -> dict[str, Any]:
    """Bands, rounding, weights and money as they are in force now; what does not agree is said instead."""
    now = clock.now()
    since, amount = team_award(request.estate, now)
    page: dict[str, Any] = {"table": table(request.estate, now), "team_since": since, "team_amount": amount, "caution": caution()}
    shares = weights(request.estate, now)
    page |= {"weights": [(_(rubrics_book().groups[key].title), share) for key, share in shares.items()], "weights_sum": sum(shares.values())}
    try:
        found = grading(request.estate, now)
    except Refused as slip:
        return page | {"bands_wrong": str(slip)}
    return page | {"bands": found, "rule": rule_words(found.rule), "examples": examples(found)}


def _one(request: HttpRequest, pk: int) -> Assessment:
    rows = Assessment.objects.visible_to(request.reach).select_related("made_by", "decided_by", "campaign")
    found: Assessment = get_object_or_404(rows, pk=pk)
    return found


@needs("quality.read", "quality.plan", "quality.award")
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    row = _one(request, pk)
    payouts = list(row.payouts.order_by("pk").select_related("person"))
    seen = set(inspections_seen(request).values_list("pk", flat=True))
    parts = [{**part, "name": turned(part["title"]), "inspections": [one | {"seen": one["id"] in seen} for one in part["inspections"]]} for part in row.parts]
    theirs = request.reach.person_id in {row.made_by_id, *(one.person_id for one in payouts)}
    page = {
        "row": row, "payouts": payouts, "parts": parts, "rule": rule_words(row.rule), "caution": caution(), "total": sum(one.amount for one in payouts if one.kind != "fine"),
        "may_decide": request.reach.may("quality.award") and row.decided_at is None and not theirs,
    }  # fmt: skip
    return render(request, "quality/assessment.html", page)


@require_POST
@needs("quality.award")
def verdict(request: HttpRequest, pk: int) -> HttpResponse:
    row, post = _one(request, pk), request.POST
    act(request, lambda: row.decide(post.get("granted") == "yes", post.get("words", ""), by=request.reach), _("已审批。"))
    return to(request, "assessment", pk)


@needs("quality.read", "quality.plan", "quality.award")
def report(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    row = _one(request, pk)
    if kind not in ("pdf", "xlsx"):
        raise Http404
    return file(assessment_pdf(row, caution()) if kind == "pdf" else assessment_sheet(row), row.title, kind)

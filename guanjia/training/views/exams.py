"""考试: setting one up, its results, its report as page, Excel and PDF (QLT-16)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..book import group_titles, title
from ..forms import ExamForm
from ..models import Exam
from ..paper import report_pdf, report_sheet
from ..results import results
from .common import render, to

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

SHOWN = 60


@needs("training.manage")
def exams(request: HttpRequest) -> HttpResponse:
    """Every exam, newest first, and the form for the next."""
    now = clock.now()
    morning = datetime.combine(clock.today(request.estate), time(9), ZoneInfo(request.estate.time_zone))
    first = {"opens_at": morning, "closes_at": morning + timedelta(days=7)}
    form = ExamForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_bound and form.is_valid():
        said = {key: value for key, value in form.cleaned_data.items() if value is not None}
        if act(request, lambda: Exam.objects.set_up(**said, by=request.reach), _("考试已发布，通知已发给参加的人。")):
            return to(request, "exams")
    done = Q(sittings__ended_at__isnull=False)
    rows = Exam.objects.at_estate(request.estate).annotate(
        sat=Count("sittings__person", distinct=True), passed=Count("sittings", filter=Q(sittings__passed=True)),
        to_mark=Count("sittings", filter=done & Q(sittings__score__isnull=True)),
    )  # fmt: skip
    found = list(rows.order_by("-opens_at")[:SHOWN])
    for row in found:
        row.audience, row.paper_title = group_titles(row.groups), title("papers", row.paper)
    page = {"rows": found, "form": form, "now": now}
    return render(request, "training/exams.html", page, status=422 if form.errors else 200)


def _exam(request: HttpRequest, pk: int) -> Exam:
    row: Exam = get_object_or_404(Exam.objects.at_estate(request.estate).select_related("reported_by", "by", "estate", "estate__company"), pk=pk)
    return row


@needs("training.manage")
def exam(request: HttpRequest, pk: int) -> HttpResponse:
    row = _exam(request, pk)
    page = {"row": row, "told": results(row), "audience": group_titles(row.groups), "now": clock.now()}
    return render(request, "training/exam.html", page)


@require_POST
@needs("training.manage")
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the report in: it goes to the company, and the exam is closed."""
    row = _exam(request, pk)
    act(request, lambda: row.report(request.POST.get("words", ""), by=request.reach), _("考试报告已提交。"))
    return to(request, "exam", pk)


@needs("training.manage")
def paper(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """The report as a file: pdf or xlsx."""
    if kind not in ("pdf", "xlsx"):
        raise Http404
    row = _exam(request, pk)
    name = _("考试报告 %(title)s") % {"title": row.title}
    if kind == "xlsx":
        return FileResponse(report_sheet(row), as_attachment=True, filename=f"{name}.xlsx")
    return HttpResponse(report_pdf(row), content_type="application/pdf", headers={"Content-Disposition": "attachment; filename=exam-report.pdf"})

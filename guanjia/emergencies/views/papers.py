"""Papers and pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404

from guanjia.keys.views.common import pdf
from guanjia.web.guard import needs

from ..book import emergency_book
from ..models import Hazard, LogEntry, Plan
from ..paper import plan_pdf, report_pdf
from .common import found
from .plans import tasks_of

if TYPE_CHECKING:
    from django.http import HttpRequest


@needs()
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper as it was signed; before that, as things stand."""
    row = found(request, pk)
    signed = row.evaluations.first() if row.drill else row.analyses.filter(signed_at__isnull=False).first()
    if signed and signed.paper:
        with signed.paper.open("rb") as file:
            return pdf(file.read(), row.number)
    return pdf(report_pdf(row), row.number)


@needs()
def plan(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in emergency_book().kinds:
        raise Http404
    row = Plan.objects.newest(request.estate).get(kind)
    return pdf(plan_pdf(request.estate, kind, row, tasks_of(row, kind)), f"plan-{kind}")


@needs()
def entry_photo(request: HttpRequest, pk: int) -> Any:
    row = get_object_or_404(LogEntry.objects.at_estate(request.estate).exclude(photo=""), pk=pk)
    return _picture(row.photo)


@needs()
def hazard_photo(request: HttpRequest, pk: int, part: str) -> Any:
    """found or cleared."""
    row = get_object_or_404(Hazard.objects.visible_to(request.reach), pk=pk)
    file = {"found": row.photo, "cleared": row.cleared_photo}.get(part)
    if not file:
        raise Http404
    return _picture(file)


def _picture(file: Any) -> FileResponse:
    answer = FileResponse(file.open("rb"), content_type="image/jpeg")
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer

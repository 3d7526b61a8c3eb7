"""Records: one on a page, its photos, and the list of those that a person should look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.db.models.functions import TruncDate
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.estates.marks import NOUNS
from guanjia.households.models import Occupancy
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.web.guard import needs

from ..models import Record, RecordPhoto, Suspicion
from ..telling import told
from ..vacancy import FORM

if TYPE_CHECKING:
    from django.http import HttpRequest

LINKS = ("task__duty", "task__unit", "task__place", "task__building", "task__zone", "by")
SHOWN = 50


@needs()
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """What was found, by whom, when and where, and what looks odd about it."""
    rows = Record.objects.visible_to(request.reach).select_related(*LINKS)
    row = get_object_or_404(rows, pk=pk)
    return render(request, "duties/record.html", page_of(row, request.reach))


def page_of(row: Record, reach: Any) -> dict[str, Any]:
    spot = (
        NOUNS[row.mark_kind].objects.at_estate(row.estate_id).filter(pk=row.mark_id).first() if row.mark_kind else None
    )
    return {
        "record": row, "task": row.task, "told": told(row), "photos_shown": album(row), "spot": spot,
        "doubts": row.suspicions.select_related("judged_by").order_by("pk"), "found": row.findings.select_related("ticket", "mended_by"),
        "may_judge": reach.may("record.judge") and row.by_id != reach.person_id,
    }  # fmt: skip


def album(row: Record) -> list[dict[str, str]]:
    names = {said.name: said.title for said in told(row)}
    pairs = [(photo, reverse("duties:photo", args=[row.estate.code, photo.pk])) for photo in row.photos.order_by("pk")]
    return [
        {"url": url, "thumb": url, "alt": names.get(photo.item, "") or _("现场照片"), "tag": names.get(photo.item, "")}
        for photo, url in pairs
    ]


@needs("record.judge")
def doubts(request: HttpRequest) -> HttpResponse:
    """Records to look at, newest first; with `?show=judged` the verdicts."""
    judged = request.GET.get("show") == "judged"
    rows = (
        Suspicion.objects.at_estate(request.estate)
        .filter(judged_at__isnull=not judged)
        .select_related("judged_by", *(f"record__{link}" for link in LINKS))
    )
    rows = rows.order_by("-judged_at" if judged else "-pk")
    waiting = Suspicion.objects.at_estate(request.estate).filter(judged_at__isnull=True).count()
    return render(request, "duties/doubts.html", {"doubts": rows[:SHOWN], "judged": judged, "waiting": waiting})


@require_POST
@needs("record.judge")
def verdict(request: HttpRequest, pk: int) -> HttpResponse:
    """It counts, or it does not and its task is open again."""
    row = get_object_or_404(Suspicion.objects.at_estate(request.estate).select_related("record"), pk=pk)
    try:
        row.judge(request.POST.get("stands") == "1", request.POST.get("why", ""), by=request.reach)
        messages.success(request, _("已核实。"))
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(reverse("duties:record", args=[request.estate.code, row.record_id]))


def _may_see(request: HttpRequest, record_id: int) -> bool:
    if request.reach.is_staff:
        return bool(Record.objects.visible_to(request.reach).filter(pk=record_id).exists())
    return bool(_visits(request).filter(pk=record_id).exists())


def _visits(request: HttpRequest) -> Any:
    """Checks of a resident's own vacant homes, while they were theirs."""
    theirs = Occupancy.objects.at_estate(request.estate).filter(
        household_id__in=request.reach.households, unit=OuterRef("task__unit"), during__contains=OuterRef("day")
    )
    day = TruncDate("done_at", tzinfo=ZoneInfo(request.estate.time_zone))
    rows = Record.objects.at_estate(request.estate).filter(form=FORM, beside=False).annotate(day=day)
    return rows.filter(Exists(theirs)).counted().select_related(*LINKS)


@needs(resident=True)
def photo(request: HttpRequest, pk: int) -> FileResponse:
    """To whoever may see its record; owners see the photos of their vacant home."""
    row = RecordPhoto.objects.at_estate(request.estate).filter(pk=pk).first()
    if row is None or not _may_see(request, row.record_id):
        raise Http404
    answer = FileResponse(
        row.file.open("rb"), content_type="image/png" if str(row.file.name).endswith("png") else "image/jpeg"
    )
    answer.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return answer


@needs(resident=True)
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """VAC-05: what was seen in an owner's vacant home, with photos."""
    if request.reach.is_staff:
        return redirect("duties:record", request.estate.code, pk)
    row = get_object_or_404(_visits(request), pk=pk)
    return render(
        request,
        "duties/visit.html",
        {
            "record": row,
            "task": row.task,
            "told": told(row),
            "photos_shown": album(row),
            "found": row.findings.select_related("ticket"),
        },
    )

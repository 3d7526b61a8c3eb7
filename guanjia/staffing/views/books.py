"""交接班本: one book with its ledger and signatures, taking it over, its review, and the month's file."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.rulebooks.shifts import title_of as shift_title
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..exporting import month_of_books
from ..models import Attendance, Drawing, LedgerItem, ShiftBook
from ..models.book import CHECKS
from .common import render, to
from .shift import PEOPLE, titled

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase


@needs()
def book(request: HttpRequest, pk: int) -> HttpResponse:
    """One book with its ledger and signatures, as it is printed."""
    row = get_object_or_404(ShiftBook.objects.visible_to(request.reach).select_related(*PEOPLE), pk=pk)
    rows = (
        LedgerItem.objects.at_estate(request.estate).filter(book=row).select_related("handler", "unit").order_by("at")
    )
    page = {
        "book": row,
        "title": shift_title(row.shift),
        "items": rows,
        "checks": [(label, key in row.checks) for key, label in CHECKS.items()],
        "drawn": {each.part: each for each in row.drawings.all()},
        "may_take": row.given_at
        and not row.taken_at
        and request.reach.person_id not in (row.person_id, row.reviewed_by_id),
        "may_review": request.reach.may("duty.roster")
        and row.given_at
        and not row.reviewed_at
        and request.reach.person_id not in (row.person_id, row.taken_by_id),
    }
    return render(request, "staffing/book.html", page)


@needs()
def drawing(request: HttpRequest, pk: int, part: str) -> FileResponse:
    """A signature as it was drawn."""
    rows = Drawing.objects.at_estate(request.estate).filter(book__in=ShiftBook.objects.visible_to(request.reach))
    answer = FileResponse(get_object_or_404(rows, book=pk, part=part).file.open("rb"), content_type="image/png")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@require_POST
@needs()
def taking(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ShiftBook.objects.visible_to(request.reach), pk=pk)
    act(request, lambda: row.take(drawn=request.POST.get("signature", ""), by=request.reach), _("已签字接班。"))
    return to(request, "book", row.pk)


@require_POST
@needs("duty.roster")
def review(request: HttpRequest, pk: int) -> HttpResponse:
    row, drawn = get_object_or_404(ShiftBook.objects.visible_to(request.reach), pk=pk), request.POST.get("signature", "")
    act(request, lambda: row.look_over(request.POST.get("words", ""), drawn=drawn, by=request.reach), _("已审核签字。"))
    return to(request, "book", row.pk)


def _month(request: Any, words: str) -> date:
    today = clock.today(request.estate)
    try:
        found = date.fromisoformat(f"{words}-01")
    except ValueError:
        return today.replace(day=1)
    return found if 2000 <= found.year < 2100 else today.replace(day=1)


@needs()
def archive(request: HttpRequest) -> HttpResponseBase:
    """A month's books and attendance, in date order; `?xlsx=1` is the file (HND-16)."""
    month = _month(request, request.GET.get("month", ""))
    rows = (
        ShiftBook.objects.visible_to(request.reach)
        .filter(day__year=month.year, day__month=month.month)
        .select_related(*PEOPLE)
    )
    here = (
        Attendance.objects.at_estate(request.estate)
        .filter(day__year=month.year, day__month=month.month)
        .select_related("person")
    )
    if not request.reach.may("duty.roster"):
        here = here.filter(person_id=request.reach.person_id)
    rows, here = rows.order_by("day", "shift", "pk"), here.order_by("day", "shift", "pk")
    if request.GET.get("xlsx"):
        name = _("交接班 %(month)s.xlsx") % {"month": f"{month:%Y-%m}"}
        return FileResponse(month_of_books(request.estate, rows, here), as_attachment=True, filename=name)
    books, present = titled(rows[:500]), titled(here[:500])
    page = {
        "month": month,
        "books": books,
        "present": present,
        "late": sum(row.is_late for row in present),
        "unreviewed": sum(row.reviewed_at is None for row in books),
        "unfiled": sum(row.reviewed_at is not None and row.filed_at is None for row in books),
        "may_file": request.reach.may("duty.roster"),
    }
    return render(request, "staffing/archive.html", page)


@require_POST
@needs("duty.roster")
def filing(request: HttpRequest) -> HttpResponse:
    month = _month(request, request.POST.get("month", ""))
    act(request, lambda: ShiftBook.objects.file_month(month, by=request.reach), _("已归档审核过的交接班本。"))
    return to(request, "archive")

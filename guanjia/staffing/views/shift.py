"""交接班: clocking in and out, the shift's book and ledger, the signatures, review and the month's file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.duties.whereabouts import Position
from guanjia.estates.marks import place_of
from guanjia.rulebooks.shifts import title_of as shift_title
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..exporting import month_of_books
from ..finding import unit_for
from ..models import Attendance, LedgerItem, ShiftBook
from ..models.book import CHECKS
from ..turns import turn_of
from .common import render, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 30
PEOPLE = ("person", "taken_by", "reviewed_by")


@needs()
def shift(request: HttpRequest) -> HttpResponse:
    """The order of a shift: clock in, sign what the last one left, write, sign, clock out."""
    reach, now = request.reach, clock.now()
    turn = turn_of(request.estate, reach.person_id, now)
    books = ShiftBook.objects.visible_to(reach).select_related(*PEOPLE)
    mine = books.filter(person_id=reach.person_id, day=turn.day, shift=turn.shift).first() if turn else None
    present = (
        Attendance.objects.at_estate(request.estate).filter(person_id=reach.person_id, day=turn.day, shift=turn.shift)
        if turn
        else None
    )
    page = {
        "turn": turn,
        "shift_title": shift_title(turn.shift) if turn else "",
        "present": present.first() if present is not None else None,
        "book": mine,
        "checks": [(key, label, mine is not None and key in mine.checks) for key, label in CHECKS.items()],
        "to_take": _titled(
            books.filter(given_at__isnull=False, taken_at__isnull=True)
            .exclude(person_id=reach.person_id)
            .exclude(reviewed_by_id=reach.person_id)
            .order_by("-day", "-given_at")[:SHOWN]
        ),
        "to_review": _titled(
            books.filter(given_at__isnull=False, reviewed_at__isnull=True)
            .exclude(person_id=reach.person_id)
            .exclude(taken_by_id=reach.person_id)
            .order_by("day")[:SHOWN]
        )
        if reach.may("duty.roster")
        else [],
        "items": LedgerItem.objects.at_estate(request.estate)
        .open()
        .select_related("book", "by", "unit")
        .order_by("at")[:100],
        "may_review": reach.may("duty.roster"),
    }
    return render(request, "staffing/shift.html", page)


def _titled(rows: Any) -> list[Any]:
    found = list(rows)
    for row in found:
        row.title = shift_title(row.shift)
    return found


@require_POST
@needs()
def attendance(request: HttpRequest) -> HttpResponse:
    """Clock in; with `out`, clock out of the shift that runs."""
    if request.POST.get("out"):
        turn = turn_of(request.estate, request.reach.person_id, clock.now())
        rows = Attendance.objects.at_estate(request.estate).filter(
            person_id=request.reach.person_id, out_at__isnull=True
        )
        row = (rows.filter(day=turn.day, shift=turn.shift).first() if turn else None) or rows.order_by("-in_at").first()
        if row:
            act(request, lambda: row.clock_out(by=request.reach), _("已下班打卡。"))
        return to(request, "shift")
    mark = bool(place_of(request.POST.get("mark", ""), request.estate)) if request.POST.get("mark") else False
    where = _position(request)
    act(request, lambda: Attendance.objects.clock_in(by=request.reach, mark=mark, position=where), _("已上班打卡。"))
    return to(request, "shift")


def _position(request: Any) -> Position | None:
    try:
        latitude, longitude = Decimal(request.POST.get("latitude", "")), Decimal(request.POST.get("longitude", ""))
    except InvalidOperation:
        return None
    if not (latitude.is_finite() and longitude.is_finite() and abs(latitude) <= 90 and abs(longitude) <= 180):
        return None
    return Position(latitude, longitude)


@require_POST
@needs()
def writing(request: HttpRequest) -> HttpResponse:
    """Keep the book of the present shift; with `give`, sign it as well."""
    said: dict[str, Any] = {
        name: request.POST.get(name, "")[:2000] for name in ("plan", "matters", "movements", "guests")
    }
    said["checks"] = request.POST.getlist("checks")

    def write() -> None:
        book = ShiftBook.objects.begin(by=request.reach)
        book.write(by=request.reach, **said)
        if request.POST.get("give"):
            book.give(by=request.reach)

    act(request, write, _("已签字交班。") if request.POST.get("give") else _("已保存。"))
    return to(request, "shift")


@require_POST
@needs()
def items(request: HttpRequest) -> HttpResponse:
    """A new line of the ledger."""
    room = request.POST.get("room", "").strip()
    said: dict[str, Any] = {
        "unit": unit_for(request.estate, room) if room else None,
        "who": request.POST.get("who", ""),
    }

    def enter() -> None:
        LedgerItem.objects.enter(
            ShiftBook.objects.begin(by=request.reach), request.POST.get("words", ""), by=request.reach, **said
        )

    act(request, enter, _("已记入台账。"))
    return to(request, "shift")


@require_POST
@needs()
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """How a line stands, or its result."""
    row = get_object_or_404(LedgerItem.objects.at_estate(request.estate), pk=pk)
    words = request.POST.get("words", "")
    if request.POST.get("done"):
        act(request, lambda: row.finish(words, by=request.reach), _("已办结。"))
    else:
        act(request, lambda: row.follow(words, by=request.reach), _("已记下跟进情况。"))
    return to(request, "shift")


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
        "may_take": row.given_at
        and not row.taken_at
        and request.reach.person_id not in (row.person_id, row.reviewed_by_id),
        "may_review": request.reach.may("duty.roster")
        and row.given_at
        and not row.reviewed_at
        and request.reach.person_id not in (row.person_id, row.taken_by_id),
    }
    return render(request, "staffing/book.html", page)


@require_POST
@needs()
def taking(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ShiftBook.objects.visible_to(request.reach), pk=pk)
    act(request, lambda: row.take(by=request.reach), _("已签字接班。"))
    return to(request, "book", row.pk)


@require_POST
@needs("duty.roster")
def review(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ShiftBook.objects.visible_to(request.reach), pk=pk)
    act(request, lambda: row.look_over(request.POST.get("words", ""), by=request.reach), _("已审核签字。"))
    return to(request, "book", row.pk)


def _month(request: Any, words: str) -> date:
    today = clock.today(request.estate)
    try:
        found = date.fromisoformat(f"{words}-01")
    except ValueError:
        return today.replace(day=1)
    return found if 2000 <= found.year < 2100 else today.replace(day=1)


@needs()
def archive(request: HttpRequest) -> HttpResponse:
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
        return FileResponse(month_of_books(request.estate, rows, here), as_attachment=True, filename=name)  # type: ignore[return-value]
    books, present = _titled(rows[:500]), _titled(here[:500])
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

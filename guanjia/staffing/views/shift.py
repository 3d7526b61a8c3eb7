"""交接班: clocking in and out, the shift's book and ledger, the signatures, review and the month's file."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.duties.whereabouts import Position
from guanjia.estates.marks import place_of
from guanjia.rulebooks.shifts import title_of as shift_title
from guanjia.web.acting import act
from guanjia.web.guard import needs

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
        "to_take": titled(
            books.filter(given_at__isnull=False, taken_at__isnull=True)
            .exclude(person_id=reach.person_id)
            .exclude(reviewed_by_id=reach.person_id)
            .order_by("-day", "-given_at")[:SHOWN]
        ),
        "to_review": titled(
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


def titled(rows: Any) -> list[Any]:
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
    said["checks"], giving = request.POST.getlist("checks"), bool(request.POST.get("give"))

    if act(request, lambda: _written(request.reach, said), "" if giving else _("已保存。")) and giving:
        # What was written stays even where the signature is refused.
        book, drawn = ShiftBook.objects.begin(by=request.reach), request.POST.get("signature", "")
        act(request, lambda: book.give(drawn=drawn, by=request.reach), _("已签字交班。"))
    return to(request, "shift")


def _written(reach: Any, said: dict[str, Any]) -> None:
    ShiftBook.objects.begin(by=reach).write(by=reach, **said)


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

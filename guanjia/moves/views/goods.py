"""搬家与放行: the desk's day, one move, the slip at the gate (MOV-04)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.billing.models import BillLine
from guanjia.gate.views.common import filled_in, picture_of
from guanjia.gate.views.common import to as to_gate
from guanjia.keys.views.common import pdf
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..book import slot_title
from ..forms import MoveForm
from ..models import Move
from ..paper import slip_pdf
from .common import day_of, move_of, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs("move.take")
def moves(request: HttpRequest) -> HttpResponse:
    """A day's moves by slot, with what is still free."""
    day = day_of(request)
    rows = Move.objects.visible_to(request.reach).filter(day=day).select_related("unit", "household").order_by("cancelled_at", "slot", "place")
    free = [(slot_title(slot), n) for slot, n in Move.objects.free(request.estate, day, clock.now()).items()]
    page = {"day": day, "before": day - timedelta(days=1), "after": day + timedelta(days=1), "rows": rows[:200], "free": free}
    return render(request, "moves/moves.html", page)


def booked(request: Any, template: str, leads: str) -> HttpResponse:
    form = MoveForm(request.POST or None, reach=request.reach)

    def book(said: dict[str, Any]) -> Move:
        return Move.objects.book(said.pop("room"), form.household, said.pop("direction"), said.pop("day"), said.pop("slot"), said.pop("goods"), by=request.reach, **said)

    return filled_in(request, form, template, book, _("已预约。"), lambda made: to(request, leads, made.pk))


@needs("move.take")
def booking(request: HttpRequest) -> HttpResponse:
    return booked(request, "moves/move_booking.html", "move")


def code_of(request: Any, row: Move) -> str:
    return picture_of(request, reverse("moves:release_slip", args=[request.estate.code, row.mark]))


@needs("move.take")
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """With what the household owes, which is said and never holds the goods back."""
    row = move_of(request, pk)
    lines: Any = BillLine.objects.owing(request.estate).filter(bill__household=row.household_id) if request.reach.may("bill.read") else []
    shows = row.released_at and not row.passed_at and not row.cancelled_at
    return render(request, "moves/move.html", {"move": row, "owed": sum(line.owed for line in lines), "svg": code_of(request, row) if shows else ""})


@require_POST
@needs("move.take", resident=True)
def word(request: HttpRequest, pk: int, noun: str) -> HttpResponse:
    """release (the desk's), cancellation (the household's or the desk's)."""
    row = move_of(request, pk)
    if noun == "release":
        act(request, lambda: row.release(by=request.reach, owner_agrees=bool(request.POST.get("owner"))), _("已放行，住户手机上可以出示放行条。"))
    elif noun == "cancellation":
        act(request, lambda: row.cancel(request.POST.get("why", ""), by=request.reach), _("已取消预约。"))
    else:
        raise Http404
    return to(request, "move" if request.reach.is_staff else "mine_move", row.pk)


@needs("move.take", resident=True)
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    row = move_of(request, pk)
    if not row.released_at:
        raise Http404
    return pdf(slip_pdf(row), f"release-{row.pk}")


@needs("gate.watch")
def gate(request: HttpRequest, mark: str) -> HttpResponse:
    """A slip was scanned at the gate: through, or why not."""
    row = Move.objects.of_mark(mark, request.estate)
    page = {"mark": mark, "move": row, "refusal": row.refusal(clock.today(request.estate)) if row else ""}
    return render(request, "moves/slip.html", page)


@require_POST
@needs("gate.watch")
def passage(request: HttpRequest, mark: str) -> HttpResponse:
    row = Move.objects.of_mark(mark, request.estate)
    if row is None:
        raise Http404
    done = act(request, lambda: row.let_through(by=request.reach), _("已放行，放行条不能再用。"))
    return to_gate(request, "scan") if done else to(request, "release_slip", mark)

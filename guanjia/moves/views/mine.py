"""入伙、迁出与搬家 on the resident's phone: book, see how far it is, read and sign, show the slip."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanjia.gate.views.common import filled_in
from guanjia.keys.models import Autograph
from guanjia.web.guard import needs

from ..book import moves_book
from ..forms import BookForm
from ..models import Handover, Move
from ..models.papered import part_of
from .common import about, handover_of, move_of, to
from .goods import booked, code_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs(staff=False, resident=True)
def mine(request: HttpRequest) -> HttpResponse:
    rows = Handover.objects.visible_to(request.reach).select_related("unit").order_by("-day", "-hour")
    goods = Move.objects.visible_to(request.reach).select_related("unit").order_by("-day")
    return render(request, "moves/mine.html", {"rows": rows[:20], "goods": goods[:20]})


@needs(staff=False, resident=True)
def book(request: HttpRequest) -> HttpResponse:
    form = BookForm(request.POST or None, reach=request.reach)

    def take(said: dict[str, Any]) -> Handover:
        return Handover.objects.book(said["room"], form.household, said["direction"], said["day"], said["hour"], by=request.reach)

    return filled_in(request, form, "moves/book.html", take, _("已预约。"), lambda made: to(request, "mine_handover", made.pk))


@needs(staff=False, resident=True)
def book_move(request: HttpRequest) -> HttpResponse:
    return booked(request, "moves/book_move.html", "mine_move")


@needs(staff=False, resident=True)
def mine_handover(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "moves/mine_handover.html", about(handover_of(request, pk)))


@needs(staff=False, resident=True)
def agreement(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Read it, then sign it."""
    row = handover_of(request, pk)
    if name not in moves_book().agreements or "agreements" not in row.steps:
        raise Http404
    page = {"handover": row, "key": name, "paper": row.agreement(name), "signed": Autograph.objects.under(row).get(part_of(name))}
    return render(request, "moves/agreement.html", page)


@needs(staff=False, resident=True)
def mine_move(request: HttpRequest, pk: int) -> HttpResponse:
    row = move_of(request, pk)
    shows = row.released_at and not row.passed_at and not row.cancelled_at
    return render(request, "moves/mine_move.html", {"move": row, "svg": code_of(request, row) if shows else ""})

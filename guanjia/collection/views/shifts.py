"""The drawer: open it, see what should lie in it, count it, bank it, close it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.people.models import Person
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.reading import row_id
from guanjia.web.acting import carry_out
from guanjia.web.guard import needs

from ..forms import CloseForm, OpenForm
from ..kinds import Way
from ..models import Shift

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = 30


@needs("payment.take", "payment.judge")
def shifts(request: HttpRequest) -> HttpResponse:
    """GET: one's drawer and the shifts before. POST: open one's drawer."""
    if request.method != "POST":
        return render(request, "collection/shifts.html", _page(request))
    form = OpenForm(request.POST)
    over = (
        Shift.objects.to_take_over(request.reach.estate)
        .filter(pk=row_id(request.POST.get("takes_over", "")) or 0)
        .first()
    )
    answer = carry_out(
        request, form, lambda said: Shift.objects.begin(request.reach.estate, said["amount"], by=request.reach, takes_over=over), _("已开班。"),
        lambda _made: reverse("collection:counter", args=[request.estate.code]),
    )  # fmt: skip
    return (
        render(request, "collection/shifts.html", _page(request) | {"open_form": form}, status=answer)
        if isinstance(answer, int)
        else answer
    )


@needs("payment.take", "payment.judge")
def shift(request: HttpRequest, pk: int) -> HttpResponse:
    """One shift with every payment of it: to print and file."""
    row = get_object_or_404(Shift.objects.at_estate(request.reach.estate), pk=pk)
    rows = row.payments.select_related("unit", "household").prefetch_related("receipts").order_by("at")
    page = {
        "shift": row,
        "cashier": Person.objects.filter(pk=row.cashier_id).first(),
        "rows": rows,
        "sums": _sums(row),
        "in_drawer": row.in_drawer(),
    }
    return render(request, "collection/shift.html", page)


@require_POST
@needs("payment.take", "payment.judge")
def closure(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Shift.objects.at_estate(request.reach.estate), pk=pk)
    form = CloseForm(request.POST)
    answer = carry_out(
        request, form, lambda said: row.close(said["counted"], said["banked"], why=said["why"], slip=said["slip"], escort=said["escort"], by=request.reach), _("已结班。"),
        lambda _made: reverse("collection:shift", args=[request.estate.code, pk]),
    )  # fmt: skip
    return (
        render(request, "collection/shifts.html", _page(request) | {"close_form": form}, status=answer)
        if isinstance(answer, int)
        else answer
    )


def _sums(row: Shift) -> list[tuple[str, Any]]:
    return [(str(Way(way).label), amount) for way, amount in row.takings().items()]


def _page(request: HttpRequest) -> dict[str, Any]:
    estate = request.reach.estate
    rows = list(Shift.objects.at_estate(estate).order_by("-opened_at")[:PAGE])
    people = Person.objects.in_bulk({row.cashier_id for row in rows})
    mine = next((row for row in rows if row.closed_at is None and row.cashier_id == request.reach.person_id), None)
    drawer = mine.in_drawer() if mine else None
    return {
        "mine": mine, "sums": _sums(mine) if mine else [], "in_drawer": drawer, "rows": [{"row": row, "cashier": people.get(row.cashier_id)} for row in rows],
        "open_form": OpenForm(), "close_form": CloseForm(initial={"counted": drawer, "banked": drawer}), "to_take_over": Shift.objects.to_take_over(estate)[:5],
        "policy": parameter(estate, "cash.overnight", clock.now()), "today": clock.today(estate),
    }  # fmt: skip

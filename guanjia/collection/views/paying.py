"""The resident's phone: what is owed, pay it, see the receipt. And the gateway's callback."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.reading import row_id
from guanjia.web.guard import needs, public

from ..gateway import Simulator, gateway, receive
from ..models import Payer, Payment, PayOrder, Receipt

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LAST = 12


@needs(resident=True, staff=False)
def bills(request: HttpRequest) -> HttpResponse:
    """What each of my households owes, and what was paid."""
    return _bills(request)


def _bills(request: HttpRequest, status: int = 200, sorry: str = "") -> HttpResponse:
    reach = request.reach
    found = [payer for pk in sorted(reach.households) if (payer := Payer.of(reach.estate, pk))]
    paid = (
        Payment.objects.visible_to(reach)
        .order_by("-at")
        .prefetch_related(Prefetch("receipts", Receipt.objects.order_by("pk")))
    )
    page = {
        "homes": [_home(payer) for payer in found], "paid": paid[:LAST], "sorry": sorry, "online": gateway() is not None,
        "today": clock.today(reach.estate),
    }  # fmt: skip
    return render(request, "collection/resident/bills.html", page, status=status)


def _home(payer: Payer) -> dict[str, Any]:
    """The months a household owes for, each with its lines."""
    lines = list(payer.owing())
    months = [
        {
            "month": month,
            "lines": rows,
            "owed": sum((row.owed for row in rows), Decimal("0.00")),
            "due_on": max(row.bill.due_on for row in rows),
        }
        for month, rows in ((month, list(group)) for month, group in itertools.groupby(lines, lambda line: line.period))
    ]
    return {
        "payer": payer,
        "months": months,
        "owed": sum((line.owed for line in lines), Decimal("0.00")),
        "prepaid": payer.prepaid(),
        "token": _token(payer, lines),
    }


def _token(payer: Payer, lines: list[Any]) -> str:
    """The same bills asked for again within the hour are the same order: a second tap asks nothing new."""
    import hashlib

    said = "|".join([str(payer.household_id), f"{clock.now():%Y%m%d%H}", *(f"{line.pk}:{line.owed}" for line in lines)])
    return hashlib.sha256(said.encode()).hexdigest()[:40]


@require_POST
@needs(resident=True, staff=False)
def orders(request: HttpRequest) -> HttpResponse:
    """Ask the gateway for the money of what was ticked."""
    household = row_id(request.POST.get("household", "")) or 0
    payer = Payer.of(request.reach.estate, household) if household in request.reach.households else None
    if payer is None or gateway() is None:
        raise Http404
    chosen = sorted(pk for text in request.POST.getlist("line") if (pk := row_id(text)))
    key = f"{request.POST.get('token', '')[:40]} {','.join(map(str, chosen))}"[:64]
    try:
        if not chosen:
            raise Refused(_("请选择要缴的费用。"), code="nothing_chosen")
        made = PayOrder.objects.ask(payer, chosen, by=request.reach, key=_digest(key))
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        return _bills(request, status=409, sorry=str(refused))
    return redirect("collection:pay_order", request.estate.code, made.number)


def _digest(key: str) -> str:
    import hashlib

    return hashlib.sha256(key.encode()).hexdigest()


@needs(resident=True, staff=False)
def order(request: HttpRequest, number: str) -> HttpResponse:
    """One order, until the gateway has answered."""
    row = get_object_or_404(
        PayOrder.objects.visible_to(request.reach).select_related("payment", "unit", "estate"), number=number
    )
    port = gateway()
    page = {
        "order": row,
        "there": port.page(row) if port else "",
        "receipt": row.payment.receipts.first() if row.payment else None,
    }
    part = "#live" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"collection/resident/order.html{part}", page)


@needs(resident=True, staff=False)
def simulator(request: HttpRequest, number: str) -> HttpResponse:
    """The gateway in a box: where a real one would show its own page. Play money; absent in production."""
    port = gateway()
    row = get_object_or_404(PayOrder.objects.visible_to(request.reach).select_related("unit", "estate"), number=number)
    if not isinstance(port, Simulator):
        raise Http404
    if row.state != PayOrder.State.ASKED or row.expired:  # nothing is left to confirm
        return redirect("collection:pay_order", request.estate.code, row.number)
    if request.method == "POST":
        headers, body = port.callback(
            row.number, row.amount, paid=request.POST.get("paid") == "yes", transaction=f"4200{row.number[:60]}"
        )
        receive(row.estate, headers, body)
        return redirect("collection:pay_order", request.estate.code, row.number)
    return render(request, "collection/resident/simulator.html", {"order": row})


@csrf_exempt
@require_POST
@public
def callback(request: HttpRequest) -> HttpResponse:
    """The gateway's word: believed by its signature alone, repeated as often as it likes. It never speaks in forms."""
    if (request.content_type or "").startswith(("application/x-www-form-urlencoded", "multipart/")):
        return JsonResponse({"code": "not_json"}, status=415)
    status, code = receive(request.estate, request.headers, request.body)
    return JsonResponse({"code": code}, status=status)

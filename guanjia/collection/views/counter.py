"""收费: find the payer, see what is owed, take the money, hand out the receipt. The whole way by keyboard."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.estates.models import Unit
from guanjia.tenancy.reading import row_id
from guanjia.tickets import callers
from guanjia.web.acting import carry_out
from guanjia.web.guard import needs

from ..forms import TakeForm
from ..models import Payer, Payment, Shift

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

FOUND, LAST = 10, 5


@needs("payment.take")
def counter(request: HttpRequest) -> HttpResponse:
    """GET: search, or the payer chosen. POST: take the money."""
    payer = _payer(request, request.POST or request.GET)
    if request.method == "POST" and payer:
        form = TakeForm(request.POST)
        only = {pk for text in request.POST.getlist("line") if (pk := row_id(text))}
        key = f"desk {request.POST.get('token', '')[:64]}"

        def take(data: dict[str, Any]) -> Payment:
            said = {name: data[name] for name in ("reference", "name", "words")}
            return Payment.objects.take(
                payer, data["amount"], way=data["way"], key=key, by=request.reach, only=only, **said
            )

        answer = carry_out(request, form, take, _("已收款，请打印收据。"), lambda paid: _receipt(request, paid))
        if not isinstance(answer, int):
            return answer
        return render(request, "collection/counter.html", _page(request, payer, form, only), status=answer)
    words = request.GET.get("q", "").strip()
    if words and payer is None:
        hits = callers.find_households(request.reach, words, FOUND)
        if len(hits) == 1:
            one = hits[0]
            return redirect(
                f"{request.path}?" + (f"household={one.household_id}" if one.household_id else f"unit={one.unit_id}")
            )
    return render(request, "collection/counter.html", _page(request, payer))


@needs("payment.take")
def search(request: HttpRequest) -> HttpResponse:
    """Payers for what was typed."""
    words = request.GET.get("q", "").strip()
    if not request.htmx:
        return redirect(f"{reverse('collection:counter', args=[request.estate.code])}?{urlencode({'q': words})}")
    return render(
        request,
        "collection/counter.html#found",
        {"q": words, "hits": callers.find_households(request.reach, words, FOUND) if words else []},
    )


@needs("payment.take")
def chosen(request: HttpRequest) -> HttpResponse:
    """What the ticked lines come to: the amount field again, filled in."""
    payer = _payer(request, request.GET)
    if payer is None or not request.htmx:
        return redirect("collection:counter", request.estate.code)
    only = {pk for text in request.GET.getlist("line") if (pk := row_id(text))}
    amount = sum((line.owed for line in payer.owing() if line.pk in only), Decimal("0.00"))
    return render(request, "collection/counter.html#amount", {"form": TakeForm(initial={"amount": amount})})


@require_POST
@needs("payment.take")
def prepaid(request: HttpRequest) -> HttpResponse:
    """Pay what is owed from what was paid ahead."""
    payer = _payer(request, request.POST)
    if payer is None:
        return redirect("collection:counter", request.estate.code)
    used = Payment.objects.use_prepaid(payer, by=request.reach)
    messages.success(request, _("预存抵扣 %(amount)s 元。") % {"amount": used})
    return redirect(_here(request, payer))


def _payer(request: HttpRequest, given: Any) -> Payer | None:
    """The household or the developer's unit that was chosen; nonsense is nobody."""
    estate = request.reach.estate
    if pk := row_id(given.get("household", "")):
        household = get_object_or_404(callers.may_call(request.reach), pk=pk)
        return Payer.of(estate, household.pk)
    if pk := row_id(given.get("unit", "")):
        return Payer.of(estate, None, get_object_or_404(Unit.objects.at_estate(estate), pk=pk).pk)
    return None


def _here(request: HttpRequest, payer: Payer) -> str:
    whom = {"household": payer.household_id} if payer.household_id else {"unit": payer.unit_id}
    return f"{reverse('collection:counter', args=[request.estate.code])}?{urlencode(whom)}"


def _receipt(request: HttpRequest, paid: Payment) -> str:
    return reverse("collection:receipt", args=[request.estate.code, paid.receipts.order_by("pk")[0].pk])


def _page(request: HttpRequest, payer: Payer | None, form: Any = None, only: set[int] | None = None) -> dict[str, Any]:
    reach = request.reach
    words = request.GET.get("q", "").strip()
    shift = Shift.objects.at_estate(reach.estate).open_now().filter(cashier_id=reach.person_id).first()
    page: dict[str, Any] = {
        "q": words, "hits": callers.find_households(reach, words, FOUND) if words and payer is None else None, "payer": payer, "shift": shift,
        "today": clock.today(reach.estate),
    }  # fmt: skip
    if payer is None:
        return page
    lines = list(payer.owing())
    owed = sum((line.owed for line in lines), Decimal("0.00"))
    unit = Unit.objects.at_estate(reach.estate).get(pk=payer.unit_id)
    caller = (
        callers.file_of(reach, [callers.may_call(reach).get(pk=payer.household_id)])[0] if payer.household_id else None
    )
    last = (
        Payment.objects.visible_to(reach)
        .filter(household_id=payer.household_id)
        .with_back()
        .prefetch_related("receipts")
    )
    last = last if payer.household_id else last.filter(unit_id=payer.unit_id)
    return page | {
        "lines": lines, "owed": owed, "prepaid": payer.prepaid(), "unit": unit, "caller": caller, "ticked": only,
        "form": form or TakeForm(initial={"amount": owed or None}), "last": last.order_by("-at")[:LAST],
    }  # fmt: skip

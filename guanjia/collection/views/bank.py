"""银行对账: bring a statement in, see what was matched, settle what was not, and the month's two balances."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.billing.months import month_after
from guanjia.people.models import Person
from guanjia.tenancy.reading import row_id
from guanjia.tickets import callers
from guanjia.web.acting import carry_out
from guanjia.web.guard import needs

from ..balancing import balance, days
from ..forms import FileForm, GrossForm, SheetForm
from ..models import BankRow, Payer, Reconciliation

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN, FOUND = 200, 8


@needs("bank.reconcile")
def bank(request: HttpRequest) -> HttpResponse:
    """GET: a month, both sides, and why they differ. POST: bring in a statement."""
    month = _month(request)
    if request.method != "POST":
        return render(request, "collection/bank.html", _page(request, month))
    form = FileForm(request.POST, request.FILES)

    def act(said: dict[str, Any]) -> dict[str, int]:
        return BankRow.objects.bring_in(request.reach.estate, said["file"].name, said["file"].read(), by=request.reach)

    words = _("共 %(rows)d 行，新增 %(new)d 行，勾对 %(matched)d 行。")
    answer = carry_out(request, form, act, lambda counts: words % counts, lambda _counts: request.get_full_path())
    return (
        render(request, "collection/bank.html", _page(request, month) | {"form": form}, status=answer)
        if isinstance(answer, int)
        else answer
    )


@needs("bank.reconcile")
def row(request: HttpRequest, pk: int) -> HttpResponse:
    """One line that waits: which entry it is, whose payment, a settlement, or the bank's costs."""
    found = get_object_or_404(BankRow.objects.at_estate(request.reach.estate), pk=pk)
    words = request.GET.get("q", "").strip()
    page = {
        "row": found, "candidates": found.candidates()[:20] if not found.entry_id else [], "form": GrossForm(initial={"gross": found.amount}), "q": words,
        "hits": callers.find_households(request.reach, words, FOUND) if words else None,
    }  # fmt: skip
    return render(request, "collection/bank_row.html", page)


@require_POST
@needs("bank.reconcile")
def act(request: HttpRequest, pk: int, noun: str) -> HttpResponse:
    """match, unmatch, payment, settlement, costs."""
    found = get_object_or_404(BankRow.objects.at_estate(request.reach.estate), pk=pk)
    by, given = request.reach, request.POST
    acts: dict[str, Any] = {
        "match": lambda _said: found.match(row_id(given.get("entry", "")) or 0, by=by),
        "unmatch": lambda _said: found.unmatch(by=by),
        "payment": lambda _said: found.take(_payer(request), by=by),
        "settlement": lambda said: found.settle(said["gross"], by=by),
        "costs": lambda _said: found.book_costs(by=by),
    }
    if noun not in acts:
        raise Http404
    form = GrossForm(given if noun == "settlement" else {"gross": "0"})
    there = reverse("collection:bank", args=[request.estate.code]) + f"?month={found.on:%Y-%m}"
    answer = carry_out(
        request, form, acts[noun], _("已勾对。") if noun != "unmatch" else _("已取消勾对。"), lambda _made: there
    )
    if isinstance(answer, int):
        messages.error(request, " ".join(map(str, form.non_field_errors())) or _("没有保存，请检查填写的内容。"))
        return redirect("collection:bank_row", request.estate.code, pk)
    return answer


def _payer(request: HttpRequest) -> Payer:
    household = get_object_or_404(callers.may_call(request.reach), pk=row_id(request.POST.get("household", "")) or 0)
    payer = Payer.of(request.reach.estate, household.pk)
    if payer is None:
        raise Http404
    return payer


def _month(request: HttpRequest) -> date:
    text = request.GET.get("month", "")
    try:
        return date.fromisoformat(f"{text}-01") if len(text) == 7 else clock.today(request.reach.estate).replace(day=1)
    except ValueError:
        return clock.today(request.reach.estate).replace(day=1)


def _page(request: HttpRequest, month: date) -> dict[str, Any]:
    estate = request.reach.estate
    found = balance(estate, month)
    rows = BankRow.objects.at_estate(estate).filter(on__gte=month, on__lte=found.last, entry__isnull=False)
    theirs = BankRow.objects.at_estate(estate).unmatched().filter(on__lte=found.last)
    signed = Reconciliation.objects.at_estate(estate).filter(month=month).first()
    people = Person.objects.in_bulk({signed.maker_id, signed.checker_id}) if signed else {}
    return {
        "form": FileForm(), "balance": found, "month": month, "before": month_after(month, -1), "after": month_after(month),
        "matched": rows.order_by("-on", "-place")[:SHOWN], "theirs": theirs.order_by("-on", "-place")[:SHOWN], "ours": found.ours[:SHOWN],
        "days": days(estate, month, found.last), "signed": signed, "maker": signed and people.get(signed.maker_id), "checker": signed and people.get(signed.checker_id),
        "sheet_form": SheetForm(), "may_check": bool(signed and not signed.checked_at and signed.maker_id != request.reach.person_id),
    }  # fmt: skip


@require_POST
@needs("bank.reconcile")
def sheet(request: HttpRequest) -> HttpResponse:
    """The month's sheet, drawn up by one and checked by another."""
    month, given = _month(request), request.POST.get("noun", "")
    act: Any
    if given == "check":
        row = get_object_or_404(Reconciliation.objects.at_estate(request.reach.estate), month=month)
        words, act = _("已复核。"), lambda _said: row.check_it(by=request.reach)
    else:
        words = _("已编制，等另一个人复核。")
        act = lambda said: Reconciliation.objects.draw_up(request.reach.estate, month, said["why"], by=request.reach)  # noqa: E731
    form = SheetForm(request.POST)
    there = reverse("collection:bank", args=[request.estate.code]) + f"?month={month:%Y-%m}"
    answer = carry_out(request, form, act, words, lambda _made: there)
    if isinstance(answer, int):
        return render(request, "collection/bank.html", _page(request, month) | {"sheet_form": form}, status=answer)
    return answer

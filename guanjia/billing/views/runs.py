"""A run: drawn up as a job, looked at, posted as a job, sent out, reversed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.billing.models import BillRun
from guanjia.billing.reckoning.difference import CAUSES
from guanjia.billing.reckoning.figures import reason
from guanjia.billing.work import DRAFT, POST, ask
from guanjia.events.models import Event
from guanjia.web.acting import act
from guanjia.web.guard import needs

from .common import around, month_of, to
from .month import running

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

REFUSED_SHOWN = 50


def _run(request: Any, pk: int) -> BillRun:
    return get_object_or_404(BillRun.objects.at_estate(request.estate).select_related("estate"), pk=pk)


@needs("bill.read")
def show(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    report = run.report
    causes = [{**row, "title": CAUSES[row["cause"]]} for row in report.get("causes", [])]
    told: dict[str, int] = {}
    for row in report.get("refused", []):
        told[reason(row["code"])] = told.get(reason(row["code"]), 0) + 1
    rows = [{**row, "reason": reason(row["code"])} for row in report.get("refused", [])]
    page = Paginator(rows, REFUSED_SHOWN).get_page(request.GET.get("page"))
    earlier = sum((money(row["earlier"]) for row in report.get("fees", [])), money("0"))
    shown = around(run.period) | {
        "run": run, "fees": report.get("fees", []), "causes": causes, "refused": page, "refused_total": len(rows), "told": sorted(told.items()),
        "earlier_total": earlier, "events": [{"at": event.at, "sentence": event.sentence} for event in Event.objects.about(run)], "job": running(request, run.period),
    }  # fmt: skip
    part = "#live" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"billing/run.html{part}", shown)


def money(text: str) -> Any:
    from decimal import Decimal

    return Decimal(text)


@needs("bill.draft")
def draft(request: HttpRequest) -> HttpResponse:
    """POST: draw a month up, or up again."""
    period = month_of(request)
    if request.method == "POST":
        ask(DRAFT, estate=request.estate, by=request.reach, period=f"{period}")
    return to(request, "month", period=period)


@require_POST
@needs("bill.review")
def review(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    act(
        request,
        lambda: run.review(by=request.reach, words=request.POST.get("words", "")[:200]),
        _("已复核，可以过账。"),
    )
    return to(request, "run", pk)


@require_POST
@needs("bill.post")
def posting(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    ask(
        POST,
        estate=request.estate,
        by=request.reach,
        key=f"{run.pk} {run.digest}"[:64],
        run=run.pk,
        period=f"{run.period}",
    )
    return to(request, "run", pk)


@require_POST
@needs("bill.draft")
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    act(request, lambda: run.discard(by=request.reach), _("草稿已作废。"))
    return to(request, "month", period=run.period)


@require_POST
@needs("bill.reverse")
def reversal(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    act(
        request, lambda: run.reverse(by=request.reach, why=request.POST.get("why", "")), _("整批已冲销，可以重新出账。")
    )
    return to(request, "run", pk)


@require_POST
@needs("bill.draft")
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    act(request, lambda: run.issue(by=request.reach), _("对账单已发出。"))
    return redirect("billing:run", request.estate.code, pk)

"""The improvement fund with its requests, and the year's budget beside the books."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.billing.budgeting import as_xlsx, budget_lines
from guanjia.billing.forms import FundForm, budget_form
from guanjia.billing.models import Budget, Entry, FundUse
from guanjia.people.models import Person
from guanjia.rulebooks.parameters import parameter
from guanjia.web.acting import act
from guanjia.web.guard import needs

from .common import to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 100


@needs("ledger.read", "fund.ask", "fund.judge")
def fund(request: HttpRequest) -> HttpResponse:
    """What is left, what was asked for, and asking."""
    reach, estate = request.reach, request.estate
    form = FundForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        if act(request, lambda: FundUse.objects.ask(estate, said["amount"], said["why"], by=reach), _("已提交审批。")):
            return to(request, "fund")
    rows = list(FundUse.objects.at_estate(estate).order_by("-asked_at")[:SHOWN])
    people = Person.objects.in_bulk({pk for row in rows for pk in (row.asker_id, row.judge_id) if pk})
    may_judge, year = reach.may("fund.judge"), clock.today(estate).year
    lines = [
        {"row": row, "asker": people.get(row.asker_id), "judge": people.get(row.judge_id),
         "mine": row.state == "asked" and may_judge and row.asker_id != reach.person_id}
        for row in rows
    ]  # fmt: skip
    page = {
        "lines": lines, "form": form, "left": FundUse.objects.left(estate), "year": year, "may_ask": reach.may("fund.ask"), "may_judge": may_judge,
        "annual": parameter(estate, "fund.annual", clock.now()), "granted": Entry.objects.at_estate(estate).filter(key=f"fund {year}").exists(),
        "used": FundUse.objects.used(estate, year),
        "waiting": sum(row.amount for row in rows if row.state == "asked"),
    }  # fmt: skip
    return render(request, "billing/fund.html", page, status=422 if form.errors else 200)


@require_POST
@needs("fund.judge")
def grant(request: HttpRequest) -> HttpResponse:
    act(request, lambda: FundUse.objects.grant(request.estate, by=request.reach), _("本年基金已入账。"))
    return to(request, "fund")


@require_POST
@needs("fund.judge")
def fund_verdict(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(FundUse.objects.at_estate(request.estate).select_related("estate"), pk=pk)
    approved = request.POST.get("approved") == "yes"
    act(request, lambda: row.decide(approved, by=request.reach, words=request.POST.get("words", "")), _("已审批。"))
    return to(request, "fund")


def _year(request: Any) -> int:
    found = re.fullmatch(r"20\d\d", request.GET.get("year", ""))
    return int(found[0]) if found else clock.today(request.estate).year


@needs("ledger.read", "budget.set")
def budget(request: HttpRequest) -> HttpResponse:
    """A year's groups: planned, so far, what is left."""
    year = _year(request)
    lines = budget_lines(request.estate, year)
    form = budget_form(lines, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        said = {group: amount for group, amount in form.cleaned_data.items() if amount is not None}
        if act(request, lambda: Budget.objects.set_to(request.estate, year, said, by=request.reach), _("已保存。")):
            return redirect(f"{reverse('billing:budget', args=[request.estate.code])}?year={year}")
    sums = {
        name: sum((getattr(line, name) or 0) * (1 if line.income else -1) for line in lines)
        for name in ("budget", "actual")
    }
    page = {
        "lines": lines,
        "form": form,
        "year": year,
        "sums": sums,
        "may_set": request.reach.may("budget.set"),
        "over": [line for line in lines if line.over],
    }
    return render(request, "billing/budget.html", page, status=422 if form.errors else 200)


@needs("ledger.read", "budget.set")
def budget_xlsx(request: HttpRequest) -> FileResponse:
    year = _year(request)
    name = _("预算 %(year)s.xlsx") % {"year": year}
    return FileResponse(as_xlsx(request.estate, year), as_attachment=True, filename=name)

"""Discounts and vacancy rebates: asked for, judged by level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.billing.forms import DiscountForm
from guanjia.billing.models import Discount
from guanjia.people.models import Person
from guanjia.web.acting import act
from guanjia.web.guard import needs

from .common import to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 100


@needs("discount.ask", "discount.approve_small", "bill.read")
def discounts(request: HttpRequest) -> HttpResponse:
    reach = request.reach
    form = DiscountForm(
        request.POST if request.method == "POST" else None,
        reach=reach,
        initial={"starts_on": clock.today(request.estate).replace(day=1)},
    )
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        if act(request, lambda: Discount.objects.ask(**said, by=reach), _("已提交审批。")):
            return to(request, "discounts")
    rows = Discount.objects.at_estate(request.estate).select_related("unit", "fee").order_by("-asked_at")
    rows = rows if reach.sees == "estate" else rows.filter(unit__zone_id__in=reach.zones)
    found = list(rows[:SHOWN])
    people = Person.objects.in_bulk({pk for row in found for pk in (row.asker_id, row.judge_id) if pk})
    lines = [
        {
            "row": row,
            "asker": people.get(row.asker_id),
            "judge": people.get(row.judge_id),
            "mine": row.state == "asked" and reach.may(row.level) and row.asker_id != reach.person_id,
        }
        for row in found
    ]
    return render(
        request,
        "billing/discounts.html",
        {"lines": lines, "form": form, "may_ask": reach.may("discount.ask")},
        status=422 if form.errors else 200,
    )


@require_POST
@needs("discount.approve_small", "discount.approve", "discount.approve_any")
def verdict(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Discount.objects.at_estate(request.estate).select_related("unit"), pk=pk)
    approved = request.POST.get("approved") == "yes"
    act(request, lambda: row.decide(approved, by=request.reach, words=request.POST.get("words", "")), _("已审批。"))
    return to(request, "discounts")

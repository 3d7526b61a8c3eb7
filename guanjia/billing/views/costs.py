"""A month's shared costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext as _

from guanjia.billing.forms import CostForm
from guanjia.billing.models import SharedCost
from guanjia.web.acting import act
from guanjia.web.guard import needs

from .common import around, month_of, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs("bill.read")
def costs(request: HttpRequest) -> HttpResponse:
    period = month_of(request)
    form = CostForm(request.POST if request.method == "POST" else None, estate=request.estate)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        where = {name: said[name] for name in ("method", "zone", "building", "words")}
        if act(
            request,
            lambda: SharedCost.objects.enter(said["fee"], period, said["amount"], by=request.reach, **where),
            _("已登记，出账时分摊。"),
        ):
            return to(request, "costs", period=period)
    rows = (
        SharedCost.objects.at_estate(request.estate)
        .filter(period=period)
        .select_related("fee", "zone", "building")
        .order_by("fee__number", "pk")
    )
    return render(
        request, "billing/costs.html", around(period) | {"rows": rows, "form": form}, status=422 if form.errors else 200
    )

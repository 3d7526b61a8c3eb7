"""车位台账 → 租赁位置: the bays of the imported register that are no spaces yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Exists, OuterRef
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia.households.models import Parking
from guanjia.web.acting import carry_out
from guanjia.web.guard import needs

from ..bays import SOLD, gather
from ..models import Space
from .desk import there

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 200


class PriceForm(forms.Form):
    price = forms.DecimalField(label=gettext_lazy("月租金（元）"), max_digits=8, decimal_places=2, min_value=0)


@needs("lease.make")
def bays(request: HttpRequest) -> HttpResponse:
    """GET: which are left. POST: all of them become spaces at one price of the list."""
    estate = request.estate
    form, status = PriceForm(request.POST or None), 200
    if request.method == "POST":
        answer: Any = carry_out(
            request, form, lambda data: gather(estate, data["price"], by=request.reach), lambda n: _("已登记 %(n)d 个车位。") % {"n": n},
            lambda _n: there(request, "spaces") + "?show=free",
        )  # fmt: skip
        if not isinstance(answer, int):
            return answer
        status = answer
    known = Space.objects.filter(estate=OuterRef("estate"), parking=OuterRef("pk"))
    rows = Parking.objects.at_estate(estate).exclude(tenure=SOLD).exclude(Exists(known)).select_related("household")
    page = {"form": form, "rows": rows.order_by("lot", "code")[:SHOWN], "total": rows.count(), "sold": Parking.objects.at_estate(estate).filter(tenure=SOLD).count()}
    return render(request, "lettings/bays.html", page, status=status)

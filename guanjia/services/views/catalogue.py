"""服务目录: what is offered, at which price, within what time, each from a date on (VAS-11, VAS-13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Avg, Count, Sum
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.web.acting import carry_out
from guanjia.web.guard import needs

from ..book import services_book
from ..forms import OfferForm
from ..models import Offer, ServiceOrder
from .desk import groups

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs("service.order", "service.set")
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every item with its switch, and what it brought this year (VAS-18)."""
    today = clock.today(request.estate)
    done = ServiceOrder.objects.at_estate(request.estate).filter(stage="done", done_at__year=today.year)
    rows = done.order_by().values("item").annotate(n=Count("pk"), yuan=Sum("amount"), stars=Avg("stars"))
    brought = {row["item"]: row for row in rows}
    cut = groups(Offer.objects.catalogue(request.estate, today))
    page = {
        "groups": [(title, [(one, brought.get(one.key)) for one in ones]) for title, ones in cut], "may_set": request.reach.may("service.set"),
        "families": [(key, _(entry.title)) for key, entry in services_book().families.items()],
    }  # fmt: skip
    return render(request, "services/catalogue.html", page)


@needs("service.set")
def offer(request: HttpRequest, item: str) -> HttpResponse:
    today = clock.today(request.estate)
    one = Offer.objects.catalogue(request.estate, today).get(item)
    if one is None:
        raise Http404
    initial = {"on": one.on, "amount": one.amount, "hours": f"{one.hours.normalize():f}", "since": today}
    form = OfferForm(request.POST or None, initial=initial)
    answer: Any = 200
    if form.is_bound:
        answer = carry_out(
            request, form, lambda data: Offer.objects.set(request.estate, item, by=request.reach, **form.said()), _("已保存。"),
            lambda made: reverse("services:catalogue", args=[request.estate.code]),
        )  # fmt: skip
        if not isinstance(answer, int):
            return answer
    past = Offer.objects.at_estate(request.estate).filter(key=item).select_related("by").order_by("-since")
    return render(request, "services/offer.html", {"form": form, "one": one, "past": past[:20]}, status=answer)

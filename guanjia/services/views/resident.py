"""特约服务 on the resident's phone: the menu, an order, what became of it (VAS-16)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from guanjia import clock
from guanjia.web.guard import needs

from ..models import Offer, ServiceOrder
from .desk import about, found, groups, ordered

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs(staff=False, resident=True)
def menu(request: HttpRequest) -> HttpResponse:
    rows = ServiceOrder.objects.visible_to(request.reach).open().select_related("unit").order_by("-ordered_at")
    return render(request, "services/menu.html", {"groups": groups(Offer.objects.offered(request.estate, clock.today(request.estate))), "rows": rows[:10]})


@needs(staff=False, resident=True)
def ask(request: HttpRequest, item: str) -> HttpResponse:
    return ordered(request, item, "services/ask.html", "mine_order")


@needs(staff=False, resident=True)
def mine(request: HttpRequest) -> HttpResponse:
    rows = ServiceOrder.objects.visible_to(request.reach).select_related("unit").order_by("-ordered_at")
    return render(request, "services/mine.html", {"rows": rows[:50]})


@needs(staff=False, resident=True)
def mine_order(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    return render(request, "services/mine_order.html", {**about(row), "may_cancel": row.is_open and not row.is_under_way})

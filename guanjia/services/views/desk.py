"""特约服务 for staff: the list, ordering for a household, one order with what may be done with it now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.web.guard import needs

from ..book import services_book
from ..charging import owed
from ..exporting import orders_book
from ..forms import AssignForm, OrderForm, QuoteForm
from ..models import Offer, ServiceOrder
from ..story import steps

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from ..models import Offered

SHOWN = 200


def to(request: Any, name: str, *args: Any) -> HttpResponse:
    return redirect(reverse(f"services:{name}", args=[request.estate.code, *args]))


def found(request: Any, pk: int) -> ServiceOrder:
    rows = ServiceOrder.objects.visible_to(request.reach).select_related("unit", "household", "estate__company", "worker", "supplier", "bill", "orderer", "taken_by")
    row: ServiceOrder = get_object_or_404(rows, pk=pk)
    return row


def groups(offered: dict[str, Offered]) -> list[tuple[str, list[Offered]]]:
    """The catalogue by group, in the book's order; groups without anything offered are left out."""
    book = services_book()
    cut = [(_(entry.title), [one for one in offered.values() if one.item.group == key]) for key, entry in book.groups.items()]
    return [(title, ones) for title, ones in cut if ones]


@needs("service.order", "service.work")
def orders(request: HttpRequest) -> HttpResponseBase:
    """Late ones first; `?show=` open, fresh (nobody sent yet), quoted, over; `?xlsx=1` is the register."""
    show, q, now = request.GET.get("show", "open"), request.GET.get("q", "").strip()[:40], clock.now()
    mine = ServiceOrder.objects.visible_to(request.reach)
    rows = {
        "fresh": mine.open().filter(assigned_at__isnull=True), "quoted": mine.filter(stage__in=["asked", "quoted"]), "over": mine.filter(ended_at__isnull=False),
    }.get(show, mine.open())  # fmt: skip
    if q:
        keys = [key for key, item in services_book().items.items() if q in item.title or q in _(item.title)]
        rows = rows.filter(Q(unit__code__icontains=q) | Q(household__name__icontains=q) | Q(item__in=keys) | Q(supplier__name__icontains=q))
    if request.GET.get("xlsx"):
        name = _("特约服务单 %(day)s.xlsx") % {"day": f"{clock.today(request.estate):%F}"}
        return FileResponse(orders_book(request.estate, rows), as_attachment=True, filename=name)
    rows = rows.select_related("unit", "household", "worker", "supplier").order_by(*(["-ended_at"] if show == "over" else ["due_at", "pk"]))
    made = list(rows[:SHOWN])
    for row in made:
        row.late = row.is_late(now)
    return render(request, "services/orders.html", {"rows": made, "show": show, "q": q})


@needs("service.order")
def choose(request: HttpRequest) -> HttpResponse:
    return render(request, "services/choose.html", {"groups": groups(Offer.objects.offered(request.estate, clock.today(request.estate)))})


@needs("service.order")
def order_new(request: HttpRequest, item: str) -> HttpResponse:
    return ordered(request, item, "services/order_new.html", "order")


def ordered(request: Any, item: str, template: str, leads: str) -> HttpResponse:
    """The order that a form describes; the same for the desk and the phone."""
    one = Offer.objects.offered(request.estate, clock.today(request.estate)).get(item)
    if one is None:
        raise Http404
    form = OrderForm(request.POST or None, reach=request.reach, one=one, initial={"room": request.GET.get("room", "")})
    if form.is_bound and form.is_valid():
        try:
            row = ServiceOrder.objects.place(by=request.reach, photos=request.FILES.getlist("photos"), **form.said())
        except NotAllowed as refused:
            raise Http404 from refused
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已下单。"))
            return to(request, leads, row.pk)
    return render(request, template, {"form": form, "one": one}, status=422 if form.errors else 200)


def about(row: ServiceOrder) -> dict[str, Any]:
    """What both faces of an order show."""
    quotes = list(row.quotes.order_by("-round"))
    photos = list(row.photos.order_by("at"))
    return {
        "order": row, "steps": steps(row, row.is_late(clock.now())), "quotes": quotes, "open_quote": next((one for one in quotes if one.agreed is None), None),
        "agreed": next((one for one in quotes if one.agreed), None), "asks": [one for one in photos if one.moment == "ask"],
        "dones": [one for one in photos if one.moment == "done"], "owed": owed(row),
    }  # fmt: skip


@needs("service.order", "service.work")
def order(request: HttpRequest, pk: int) -> HttpResponse:
    return shown(request, found(request, pk))


def shown(request: Any, row: ServiceOrder, quote: QuoteForm | None = None) -> HttpResponse:
    page = {
        **about(row), "may_order": request.reach.may("service.order"), "may_work": row.may_work(request.reach) and row.is_open,
        "assign_form": AssignForm(order=row) if row.is_open and request.reach.may("service.order") else None,
        "quote_form": quote or QuoteForm(), "ordered_by": row.orderer or row.taken_by,
    }  # fmt: skip
    return render(request, "services/order.html", page, status=422 if quote else 200)

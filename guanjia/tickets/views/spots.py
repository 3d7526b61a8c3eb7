"""Where a phone stands: scanned labels, their printing, and the reporter's telephone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import segno
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.estates.marks import is_at, mark_of, place_of
from guanjia.estates.models import Building, Entrance, Place
from guanjia.tenancy.errors import Refused
from guanjia.web.guard import needs

from .. import agenda
from ..kinds import WorkStage
from ..models import Ticket, WorkOrder

if TYPE_CHECKING:
    from django.http import HttpRequest


@needs(resident=True)
def scanned(request: HttpRequest, mark: str) -> HttpResponse:
    """A label was scanned: a worker sees their orders here, a resident reports from here."""
    spot = place_of(mark, request.estate)
    if spot is None:
        raise Http404
    if not request.reach.is_staff:
        query = f"?place={spot.pk}" if isinstance(spot, Place) else ""
        return redirect(reverse("tickets:report", args=[request.estate.code]) + query)
    waiting = WorkOrder.objects.visible_to(request.reach).filter(
        worker_id=request.reach.person_id, stage__in=[WorkStage.OFFERED, WorkStage.TAKEN]
    )
    here = [order for order in waiting.select_related("ticket__unit", "ticket__place") if is_at(spot, order.ticket.unit, order.ticket.place)]
    return render(request, "tickets/scanned.html", {"spot": spot, "orders": here, "entries": agenda.here(request.reach, spot), "mark": mark})


@needs("estate.import", "post.manage")
def labels(request: HttpRequest) -> HttpResponse:
    """A4 sheets of labels: a building's entrances and places, or the places of no building."""
    buildings = list(Building.objects.at_estate(request.estate))
    chosen = next((row for row in buildings if str(row.pk) == request.GET.get("building")), None)
    rows: list[Any] = list(Place.objects.at_estate(request.estate).filter(building=chosen).order_by("code"))
    if chosen:
        rows = [*Entrance.objects.at_estate(request.estate).filter(building=chosen).select_related("building").order_by("number"), *rows]
    page = {"buildings": buildings, "chosen": chosen, "labels": [_label(request, row) for row in rows]}
    return render(request, "tickets/labels.html", page)


def _label(request: HttpRequest, row: Any) -> dict[str, Any]:
    address = request.build_absolute_uri(reverse("tickets:scanned", args=[request.estate.code, mark_of(row)]))
    svg = segno.make(address, error="m").svg_inline(scale=3, border=2, svgclass="qr", lineclass="", omitsize=False)
    words = _("%(building)s栋%(entrance)s单元") % {"building": row.building.number, "entrance": row.number} if isinstance(row, Entrance) else row.name
    return {"words": words, "svg": mark_safe(svg)}


@require_POST
@needs()
def phone(request: HttpRequest, number: str) -> HttpResponse:
    """Show the reporter's telephone, and keep who looked."""
    ticket = get_object_or_404(Ticket.objects.visible_to(request.reach), number=number)
    try:
        shown = ticket.show_phone(by=request.reach)
    except Refused as refused:
        raise Http404 from refused
    plain = shown.removeprefix("+86")
    words = f"{plain[:3]} {plain[3:7]} {plain[7:]}" if len(plain) == 11 else shown
    template = "tickets/phone.html#shown" if request.htmx else "tickets/phone.html"
    return render(request, template, {"ticket": ticket, "phone": shown, "words": words})

"""管家服务卡: one card a home, with its steward's face and 24-hour number, eight to an A4 sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import segno
from django.urls import reverse
from django.utils.safestring import mark_safe

from guanjia.estates.marks import mark_of
from guanjia.estates.models import Building, Unit
from guanjia.tenancy.reading import row_id
from guanjia.web.guard import needs

from ..load import loads
from .common import render

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MOST = 240  # cards a page: one building


@needs("household.read")
def cards(request: HttpRequest) -> HttpResponse:
    """`?building=` or `?unit=`: the cards of a building's homes, or of one."""
    rows = Unit.objects.at_estate(request.estate).select_related("zone", "building")
    asked, unit = request.GET.get("building", ""), row_id(request.GET.get("unit"))
    buildings = list(Building.objects.at_estate(request.estate))
    chosen = next((row for row in buildings if str(row.pk) == asked), None)
    rows = rows.filter(pk=unit) if unit else rows.filter(building=chosen) if chosen else rows.none()
    stewards = {load.zone.pk: next(iter(load.stewards), None) for load in loads(request.estate)}
    page = {
        "buildings": buildings,
        "chosen": chosen,
        "cards": [
            _card(request, row, stewards.get(row.zone_id or 0))
            for row in rows.order_by("entrance__number", "floor", "code")[:MOST]
        ],
    }
    return render(request, "staffing/cards.html", page)


def _card(request: Any, unit: Unit, steward: Any) -> dict[str, Any]:
    address = request.build_absolute_uri(reverse("tickets:scanned", args=[request.estate.code, mark_of(unit)]))
    svg = segno.make(address, error="m").svg_inline(scale=2, border=1, svgclass="qr", lineclass="", omitsize=False)
    phone = (steward.phone or "").removeprefix("+86") if steward else ""
    words = f"{phone[:3]} {phone[3:7]} {phone[7:]}" if len(phone) == 11 else phone
    return {"unit": unit, "steward": steward, "phone": words or request.estate.hotline, "svg": mark_safe(svg)}

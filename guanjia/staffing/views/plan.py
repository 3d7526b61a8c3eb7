"""片区图 and 房态图: the estate at a glance, down to one home."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.estates.models import Building, UnitState
from guanjia.estates.planning import place_buildings
from guanjia.estates.rooms import building_number
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..board import board
from ..load import loads
from ..plan import spots
from .common import render, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs()
def plan(request: HttpRequest) -> HttpResponse:
    """`?by=tickets|collection|coverage` colours it; `?draw=1` lets the buildings be moved."""
    may_bill, may_draw = request.reach.may("bill.read"), request.reach.may("post.manage")
    by = request.GET.get("by", "")
    by = by if by in ("tickets", "coverage") or (by == "collection" and may_bill) else "tickets"
    found, drawing = spots(request.reach, by), may_draw and request.GET.get("draw") == "1"
    page = {
        "spots": found,
        "height": 114 if drawing else round(max((spot.y for spot in found), default=0)) + 13,
        "by": by,
        "loads": loads(request.estate),
        "drawing": drawing,
        "may_bill": may_bill,
        "may_draw": may_draw,
    }
    return render(request, "staffing/plan.html", page)


@require_POST
@needs("post.manage")
def positions(request: HttpRequest) -> HttpResponse:
    """Where the buildings stand: dragged or typed (`x_<id>`, `y_<id>`), or pasted as lines of number, x and y."""
    rows = {row.pk: row for row in Building.objects.at_estate(request.estate)}
    spots, wrong = _pasted(request.POST.get("pasted", ""), {row.number: pk for pk, row in rows.items()})
    for pk in rows:
        x, y = _number(request.POST.get(f"x_{pk}", "")), _number(request.POST.get(f"y_{pk}", ""))
        if pk not in spots and x is not None and y is not None:
            spots[pk] = (x, y)
    if wrong:
        messages.warning(request, _("这些行读不懂：%(lines)s") % {"lines": "；".join(wrong[:5])})
    elif spots:
        act(request, lambda: place_buildings(request.estate, spots, by=request.reach), _("已保存楼栋位置。"))
    return to(request, "plan")


def _pasted(text: str, numbers: dict[str, int]) -> tuple[dict[int, tuple[float, float]], list[str]]:
    found: dict[int, tuple[float, float]] = {}
    wrong = []
    for line in filter(None, map(str.strip, text.splitlines())):
        parts = re.split(r"[\t,，;； ]+", line)
        values = [_number(part) for part in parts[1:3]]
        pk = numbers.get(parts[0]) or numbers.get(building_number(parts[0]))
        if pk is None or len(values) < 2 or None in values:
            wrong.append(line)
        else:
            found[pk] = (values[0], values[1])  # type: ignore[assignment]
    return found, wrong


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d{1,3}(\.\d{1,6})?", text.strip()) else None


@needs()
def building(request: HttpRequest, pk: int) -> HttpResponse:
    """The unit board of one building."""
    row: Any = get_object_or_404(Building.objects.at_estate(request.estate).select_related("zone"), pk=pk)
    stairs, states = board(row, request.reach)
    order = list(Building.objects.at_estate(request.estate).order_by("order", "number").values_list("pk", flat=True))
    here = order.index(row.pk)
    cells = [cell for stair in stairs for _floor, line in stair.floors for cell in line if cell]
    page = {
        "building": row,
        "stairs": stairs,
        "states": [(state, label, states.get(state, 0)) for state, label in UnitState.choices],
        "owing": sum(cell.owes for cell in cells),
        "tickets": sum(cell.tickets for cell in cells),
        "late": sum(cell.late for cell in cells),
        "before": order[here - 1] if here else None,
        "after": order[here + 1] if here + 1 < len(order) else None,
        "may_names": request.reach.may("household.read"),
        "may_bill": request.reach.may("bill.read") or request.reach.may("household.read"),
    }
    return render(request, "staffing/building.html", page)

"""What the plan shows of each building: open reports, collection or patrols, as a number and a heat of 0–3."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from guanjia import clock
from guanjia.billing.arrears import rates
from guanjia.duties.coverage import coverage
from guanjia.estates.models import Building
from guanjia.tickets.models import Ticket

if TYPE_CHECKING:
    from guanjia.people.reach import Reach

MANY = 3  # open reports of one building that colour it
STEPS = ((95, 0), (85, 1), (70, 2))  # per cent collected → heat; below: 3
WIDE, ROWS = 8, 14  # where nothing is drawn: buildings a row, and the height of a row


@dataclass
class Spot:
    building: Building
    x: float
    y: float
    words: str = ""
    heat: int = 0
    late: int = 0


def spots(reach: Reach, by: str) -> list[Spot]:
    """Every building of the estate where it stands, or in rows where the plan has not been drawn."""
    rows = list(Building.objects.at_estate(reach.estate).select_related("zone").order_by("order", "number"))
    drawn = bool(rows) and all(row.plan_x is not None and row.plan_y is not None for row in rows)
    found = [
        Spot(row, row.plan_x or 0, row.plan_y or 0)
        if drawn
        else Spot(row, index % WIDE * 12.5 + 1, index // WIDE * ROWS + 2)
        for index, row in enumerate(rows)
    ]
    told = {"tickets": _tickets, "collection": _collection, "coverage": _coverage}[by](reach)
    for spot in found:
        spot.words, spot.heat, spot.late = told.get(spot.building.pk, told.get(spot.building.number, ("", 0, 0)))
    return found


def _tickets(reach: Reach) -> dict[Any, tuple[str, int, int]]:
    rows = (
        Ticket.objects.visible_to(reach).open().annotate(building=Coalesce("unit__building_id", "place__building_id"))
    )
    late = Count("pk", filter=Q(due_at__lt=clock.now()))
    counted = rows.filter(building__isnull=False).values_list("building").annotate(n=Count("pk"), late=late).order_by()
    return {pk: (str(n), 3 if bad else 2 if n >= MANY else 1, bad) for pk, n, bad in counted}


def _collection(reach: Reach) -> dict[Any, tuple[str, int, int]]:
    rows = rates(reach.estate, clock.today(reach.estate), "building")
    return {
        row.key: (f"{row.total:.0f}%", next((heat for least, heat in STEPS if row.total >= least), 3), 0)
        for row in rows
        if row.total is not None
    }


def _coverage(reach: Reach) -> dict[Any, tuple[str, int, int]]:
    return {
        row.building.pk: (f"{row.last:%-m-%-d}" if row.last else "—", row.heat, 0) for row in coverage(reach, 14).rows
    }

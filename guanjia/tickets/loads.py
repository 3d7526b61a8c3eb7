"""Who carries how much, and what waits for a verdict or for hands: the supervisor's side of 今日."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce

from guanjia.estates.models import Building
from guanjia.people.models import Person

from .models import HelpRequest, Refusal, Ticket, WorkOrder
from .workbench import CAP, open_to

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.people.reach import Reach

MANY = 80  # buildings shown at most; beyond that only those with open tickets


@dataclass
class Load:
    name: str
    open: int
    late: int
    worker: bool


@dataclass
class Spot:
    """A building on the plan: `heat` 0 none, 1 one, 2 two or three, 3 four and more."""

    building: Building
    open: int

    @property
    def heat(self) -> int:
        return 0 if not self.open else 1 if self.open == 1 else 2 if self.open < 4 else 3


def _first(reach: Reach) -> Any:
    return open_to(reach).by_due()[:CAP].values("pk")


def loads(reach: Reach, now: datetime) -> list[Load]:
    """Open and late per steward (tickets) and per worker (orders), the fullest hands first. Three statements."""
    late = Count("pk", filter=Q(due_at__lt=now))
    tickets = Ticket.objects.at_estate(reach.estate).filter(pk__in=_first(reach), steward__isnull=False)
    by_steward = list(tickets.order_by().values("steward_id").annotate(open=Count("pk"), late=late))
    works = WorkOrder.objects.at_estate(reach.estate).open().filter(ticket_id__in=_first(reach))
    by_worker = list(works.values("worker_id").annotate(open=Count("pk"), late=Count("pk", filter=Q(ticket__due_at__lt=now))))
    names = dict(Person.objects.filter(pk__in=[r["steward_id"] for r in by_steward] + [r["worker_id"] for r in by_worker]).values_list("pk", "name"))
    found = [Load(names.get(r["steward_id"], ""), r["open"], r["late"], False) for r in by_steward]
    found += [Load(names.get(r["worker_id"], ""), r["open"], r["late"], True) for r in by_worker]
    return sorted(found, key=lambda load: (load.worker, -load.late, -load.open, load.name))


def refusals(reach: Reach) -> list[Refusal]:
    """Orders refused as illegal or dangerous, waiting for a verdict (STF-02)."""
    rows = Refusal.objects.at_estate(reach.estate).filter(judged_at__isnull=True, work__in=WorkOrder.objects.visible_to(reach))
    return list(rows.select_related("work__ticket", "by").order_by("at")[:20])


def helps(reach: Reach) -> list[HelpRequest]:
    """Workers who asked for hands, got none yet, and are still at it (REQ-47)."""
    rows = HelpRequest.objects.at_estate(reach.estate).filter(met_at__isnull=True, work__in=WorkOrder.objects.visible_to(reach).open())
    return list(rows.select_related("work__ticket", "by").order_by("at")[:20])


def spots(reach: Reach) -> list[tuple[str, list[Spot]]]:
    """Open tickets per building, zone by zone. Two statements."""
    rows = Ticket.objects.at_estate(reach.estate).filter(pk__in=_first(reach))
    where = Coalesce(F("unit__building_id"), F("place__building_id"))
    numbers = dict(rows.order_by().annotate(at=where).filter(at__isnull=False).values_list("at").annotate(n=Count("pk")))
    buildings = Building.objects.at_estate(reach.estate).select_related("zone").order_by("zone__code", "order", "number")
    if reach.sees == "zone":
        buildings = buildings.filter(Q(zone_id__in=reach.zones) | Q(pk__in=numbers))
    found = [Spot(building, numbers.get(building.pk, 0)) for building in buildings]
    if len(found) > MANY:
        found = [spot for spot in found if spot.open][:MANY]
    zones: dict[str, list[Spot]] = {}
    for spot in found:
        zones.setdefault(str(spot.building.zone or ""), []).append(spot)
    return list(zones.items())

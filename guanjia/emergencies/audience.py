"""Which residents an emergency concerns: those of the zones and buildings its notices named; nothing named means everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from guanjia import clock
from guanjia.households.models import Member, Occupancy

if TYPE_CHECKING:
    from guanjia.events.models import Event


def homes(estate: Any, zones: Any, buildings: Any) -> Any:
    """Occupancies of today that are concerned."""
    rows = Occupancy.objects.at_estate(estate).filter(during__contains=clock.today(estate))
    return rows.filter(Q(unit__building_id__in=buildings) | Q(unit__zone_id__in=zones)) if zones or buildings else rows


def told(estate: Any, event: Event) -> set[int]:
    """Everybody who lives there and signs in (guanjia/notices/crowd.py)."""
    said = event.particulars
    if event.subject_type != "emergency":
        return set()
    there = homes(estate, said.get("zones", ()), said.get("buildings", ())).values("household_id")
    rows = Member.objects.at_estate(estate).filter(household_id__in=there, left_on__isnull=True, login__isnull=False)
    return set(rows.values_list("login_id", flat=True))


def is_for(reach: Any) -> Q:
    """Which notices a resident sees: their building's, their zone's, the estate's."""
    rows = Occupancy.objects.at_estate(reach.estate).filter(household_id__in=list(reach.households), during__contains=clock.today(reach.estate))
    found = Q(zones=[], buildings=[])
    for building, zone in rows.values_list("unit__building_id", "unit__zone_id"):
        found |= Q(buildings__contains=[building])
        found |= Q(zones__contains=[zone]) if zone else Q(pk__in=[])
    return found

"""Drawing zones: which buildings one steward answers for (EST-01)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.scope import estate_scope

from .models import Building, Place, Unit, Zone

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from .models import Estate


def draw_zone(
    estate: Estate, code: str, name: str, buildings: Iterable[Building], *, by: Any, at: datetime | None = None
) -> Zone:
    """Make or redraw a zone of whole buildings; their units and places come along, in three statements."""
    at = at or clock.now()
    if by is not None:
        by.must("post.manage")
    ids = [building.pk for building in buildings]
    with estate_scope(estate):
        zone, _new = Zone.objects.update_or_create(estate=estate, code=code, defaults={"name": name})
        Building.objects.at_estate(estate).filter(pk__in=ids).update(zone=zone)
        Unit.objects.at_estate(estate).filter(building_id__in=ids).update(zone=zone)
        Place.objects.at_estate(estate).filter(building_id__in=ids).update(zone=zone)
        Event.objects.record(Action.ZONE_DRAWN, zone, by=by, at=at, zone=name, buildings=len(ids), told=False)
        return zone

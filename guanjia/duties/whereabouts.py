"""Where a task has to be done, and whether somebody was there: by the label they scanned or by the phone's position."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING, Any

from guanjia.estates.marks import is_at
from guanjia.estates.models import Entrance, Place, Unit

if TYPE_CHECKING:
    from decimal import Decimal

    from .models import Task

EARTH = 6_371_000  # m


@dataclass(frozen=True)
class Position:
    """Of a phone; degrees, and metres of doubt."""

    latitude: Decimal
    longitude: Decimal
    accuracy: int = 0


def metres(one: Any, other: Any) -> float:
    """Between two points with latitude and longitude, on a sphere."""
    north, south = radians(float(one.latitude)), radians(float(other.latitude))
    across = radians(float(one.longitude) - float(other.longitude))
    return (
        2 * EARTH * asin(sqrt(min(1, sin((north - south) / 2) ** 2 + cos(north) * cos(south) * sin(across / 2) ** 2)))
    )


def belongs(task: Task, spot: Unit | Entrance | Place) -> bool:
    """Whether a label stands where the task has to be done. An estate's or a person's task: anywhere in the estate."""
    if task.unit_id:
        return is_at(spot, task.unit, None)
    if task.place_id:
        return is_at(spot, None, task.place)
    if task.subject_kind == "entrance":
        return isinstance(spot, Entrance) and spot.pk == task.subject_id
    building_id = spot.building_id
    if task.building_id:
        return building_id == task.building_id
    if task.zone_id:
        around = spot.building
        return task.zone_id in (getattr(spot, "zone_id", None), around.zone_id if around else None)
    return True


def located(task: Task) -> Any:
    """The row whose place on earth is known: the place, else its building, else the unit's."""
    place = task.place if task.place_id else None
    rows = [place, task.building if task.building_id else None]
    rows += [place.building if place and place.building_id else None, task.unit.building if task.unit else None]
    return next(
        (row for row in rows if row is not None and row.latitude is not None and row.longitude is not None), None
    )

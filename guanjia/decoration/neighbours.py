"""Who lives around a home: above, below, and on the same floor of its entrance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from guanjia.estates.models import Unit
from guanjia.households.models import Occupancy

if TYPE_CHECKING:
    from datetime import date


def around(unit: Any) -> Any:
    """The homes of its entrance (its building, where it has none) one floor up, one down, and beside it."""
    rows = Unit.objects.at_estate(unit.estate_id).filter(building_id=unit.building_id).exclude(pk=unit.pk)
    rows = rows.filter(entrance_id=unit.entrance_id) if unit.entrance_id else rows
    if not unit.floor:
        return rows.none()
    tail = unit.room[-2:]
    return rows.filter(Q(floor=unit.floor) | Q(floor__in=[unit.floor - 1, unit.floor + 1], room__endswith=tail))


def households_around(unit: Any, day: date) -> list[int]:
    rows = Occupancy.objects.at_estate(unit.estate_id).filter(unit__in=around(unit).values("pk"), during__contains=day)
    return sorted(set(rows.values_list("household_id", flat=True)))

"""The plan: where each building stands on it, in hundredths of its width and height."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope

from .models import Building

if TYPE_CHECKING:
    from datetime import datetime

    from .models import Estate


def place_buildings(
    estate: Estate, spots: dict[int, tuple[float, float]], *, by: Any, at: datetime | None = None
) -> int:
    """Put buildings at (x, y), both 0–100 from the upper left; how many were placed. Refused outside the plan."""
    if by is not None:
        by.must("post.manage")
    if any(not 0 <= value <= 100 for spot in spots.values() for value in spot):
        raise Refused(_("坐标要在 0 到 100 之间。"), code="off_the_plan")
    with estate_scope(estate):
        rows = list(Building.objects.at_estate(estate).filter(pk__in=spots))
        for row in rows:
            row.plan_x, row.plan_y = (round(value, 1) for value in spots[row.pk])
        Building.objects.update_each(rows, ["plan_x", "plan_y"])
        if rows:
            Event.objects.record(
                Action.PLAN_DRAWN, rows[0], by=by, at=at or clock.now(), buildings=len(rows), told=False
            )
    return len(rows)

"""Which home is meant: by its room, or the resident's own that an activity is for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.gate.homes import lives_in
from guanjia.households.models import Household, Occupancy
from guanjia.staffing.finding import unit_for

if TYPE_CHECKING:
    from .models import Activity


def household_in(estate: Any, text: str) -> Household | None:
    """Who lives in a room today, in any spelling."""
    unit = unit_for(estate, text) if text.strip() else None
    return lives_in(unit) if unit else None


def own_home(reach: Any, activity: Activity) -> Household | None:
    """The resident's household; of several the one in the activity's zone."""
    rows = Occupancy.objects.at_estate(reach.estate).filter(household_id__in=reach.households, during__contains=clock.today(reach.estate)).select_related("household")
    near = rows.filter(unit__zone_id=activity.zone_id).first() if activity.zone_id else None
    held = near or rows.order_by("pk").first()
    return held.household if held else None


def rooms_of(estate: Any, households: Any) -> dict[int, str]:
    """household → room, of today."""
    rows = Occupancy.objects.at_estate(estate).filter(household_id__in=list(households), during__contains=clock.today(estate))
    return dict(rows.order_by("-unit__code").values_list("household_id", "unit__code"))

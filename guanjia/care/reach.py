"""Which households a person may open, and where a household lives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.estates.models import Unit
from guanjia.households.models import Household, Occupancy
from guanjia.tickets.callers import may_call

if TYPE_CHECKING:
    from guanjia.people.reach import Reach


def within(reach: Reach) -> Any:
    """Staff with `household.read`: all, or those of their zones. Residents: their own."""
    if not reach.is_staff:
        return Household.objects.at_estate(reach.estate).filter(pk__in=reach.households)
    return may_call(reach) if reach.may("household.read") else Household.objects.none()


def unit_of(household: Any) -> Unit | None:
    """The first of its homes today."""
    held = Occupancy.objects.at_estate(household.estate_id).filter(
        household_id=household.pk, during__contains=clock.today(household.estate)
    )
    row = held.select_related("unit").order_by("unit__code").first()
    return row.unit if row else None

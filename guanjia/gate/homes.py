"""Whose home it is: who lives there today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.households.models import Occupancy
from guanjia.tenancy.errors import Refused

if TYPE_CHECKING:
    from guanjia.households.models import Household


def lives_in(unit: Any, at: Any = None) -> Household | None:
    """The household that has the unit on that day; where it is let, the tenants."""
    rows = Occupancy.objects.at_estate(unit.estate_id).filter(unit=unit, during__contains=clock.today(unit.estate, at)).select_related("household")
    found: dict[str, Household] = {row.kind: row.household for row in rows}
    return found.get(Occupancy.Kind.TENANT) or found.get(Occupancy.Kind.OWNER)


def household_of(unit: Any, at: Any = None) -> Household:
    found = lives_in(unit, at)
    if found is None:
        raise Refused(_("没有找到这套房的住户。"), code="no_household")
    return found


def is_own(by: Any, household: Any, unit: Any) -> bool:
    """Whether they act for their own home."""
    return bool(by.is_resident and household.pk in by.households and unit.pk in by.units)

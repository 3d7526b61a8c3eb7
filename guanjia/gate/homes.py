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


def seen_by(rows: Any, reach: Any, permission: str) -> Any:
    """Rows about homes: a household its own; whoever holds the permission their zones', or the estate's."""
    rows = rows.at_estate(reach.estate)
    if reach.is_resident and not reach.is_staff:
        return rows.filter(household_id__in=list(reach.households))
    if not reach.may(permission):
        return rows.none()
    return rows.filter(unit__zone_id__in=list(reach.zones)) if reach.sees == "zone" else rows


def is_own(by: Any, household: Any, unit: Any) -> bool:
    """Whether they act for their own home."""
    return bool(by.is_resident and household.pk in by.households and unit.pk in by.units)

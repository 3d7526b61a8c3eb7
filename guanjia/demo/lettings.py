"""The demo estate's spaces: a row of parking and storage, some let, one that ends soon, one household that waits."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.estates.models import Unit, UnitState
from guanjia.households.models import Occupancy, Parking
from guanjia.lettings.models import Lease, Space, Waiting
from guanjia.tenancy.scope import estate_scope

from .staffing import _at, _reach

if TYPE_CHECKING:
    from guanjia.estates.models import Estate

# which space, begun how many days ago, for how many days
LET = [(0, 20, 365), (1, 15, 365), (2, 12, 30), (8, 10, 180)]


def lettings(estate: Estate) -> None:
    """Harmless when run again. Contracts begin after the last month that is billed."""
    with estate_scope(estate):
        if Space.objects.at_estate(estate).exists():
            return
        desk, today = _reach(estate, "desk1"), clock.today(estate)
        spaces = [_space(estate, desk, number) for number in range(1, 13)]
        homes = _homes(estate)
        for (number, ago, days), home in zip(LET, homes, strict=False):
            first = max(today - timedelta(days=ago), today.replace(day=1))
            Lease.objects.let(spaces[number], home.unit, home.household, first, first + timedelta(days=days - 1), spaces[number].price, plate=f"川A{6000 + number}K" if number < 8 else "", by=desk, at=_at(estate, 0, 8))
        _imported(estate, desk, today)
        if len(homes) > len(LET):
            Waiting.objects.join(homes[-1].household, homes[-1].unit, "storage", "离电梯近的", by=desk, at=_at(estate, 0, 8, 20))


def _space(estate: Any, desk: Any, number: int) -> Space:
    if number <= 8:
        return Space.objects.keep(estate, "parking", f"Z-{number:03d}", Decimal(300), plan=f"P{number:02d}", where="地下一层 C 区", by=desk)
    return Space.objects.keep(estate, "storage", f"C-{number:03d}", Decimal(120), plan=f"S{number:02d}", where="地下二层", area=Decimal(6), by=desk)


def _imported(estate: Any, desk: Any, today: Any) -> None:
    """Three bays of the imported register, let to whom it names: the contract finds the bay, its household and its plate."""
    bays = Parking.objects.at_estate(estate).filter(tenure="H", household__isnull=False).select_related("household", "vehicle").order_by("code")
    homes = {row.household_id: row for row in Occupancy.objects.at_estate(estate).filter(household__in=bays.values("household"), during__contains=today).select_related("unit", "household")}
    for bay in [row for row in bays[:20] if row.household_id in homes][:3]:
        home, first = homes[bay.household_id or 0], today.replace(day=1)
        space = Space.objects.keep(estate, "parking", bay.code, Decimal(280), where=bay.kind, area=bay.area, by=desk)
        Lease.objects.let(space, home.unit, home.household, first, first + timedelta(days=364), space.price, plate=bay.vehicle.plate if bay.vehicle else "", by=desk, at=_at(estate, 0, 8, 10))


def _homes(estate: Any) -> list[Any]:
    """The first login's home, then others of the zone."""
    units = Unit.objects.at_estate(estate).filter(state=UnitState.OCCUPIED)
    rows = Occupancy.objects.at_estate(estate).filter(unit__in=units, during__contains=clock.today(estate), kind="owner").select_related("unit", "household")
    return list(rows.order_by("pk")[:40:8])

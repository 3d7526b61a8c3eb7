"""Why those who owe have not paid: the last word of every household, as of any day (FEE-16, F-90)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from guanjia.billing.arrears import arrears
from guanjia.estates.models import Unit

from .models import Chase

if TYPE_CHECKING:
    from datetime import date

NONE = Decimal("0.00")


@dataclass(frozen=True)
class Reasoned:
    """`reason` of kinds.Reason, empty for who was not spoken to yet; `owed` in yuan."""

    reason: str
    households: int
    owed: Decimal


def by_reason(reach: Any, on: date) -> list[Reasoned]:
    """What households of the reader's reach owe at the end of a business date, by the reason they gave last; the most first."""
    owed = _owed(reach, on)
    spoken = Chase.objects.visible_to(reach).filter(household_id__in=owed, on__lte=on).order_by("household_id", "-at", "-pk")
    last = dict(spoken.distinct("household_id").values_list("household_id", "reason"))
    found: dict[str, list[Decimal]] = {}
    for household, amount in owed.items():
        found.setdefault(last.get(household, ""), []).append(amount)
    rows = [Reasoned(reason, len(amounts), sum(amounts, NONE)) for reason, amounts in found.items()]
    return sorted(rows, key=lambda row: row.owed, reverse=True)


def _owed(reach: Any, on: date) -> dict[int, Decimal]:
    """Household → yuan, of the homes within reach."""
    rows = arrears(reach.estate, on)
    if reach.sees != "estate":
        near = set(Unit.objects.at_estate(reach.estate).filter(zone_id__in=reach.zones).values_list("pk", flat=True))
        rows = [row for row in rows if row.unit_id in near]
    found: dict[int, Decimal] = {}
    for row in rows:
        if row.household_id:  # the developer's are not
            found[row.household_id] = found.get(row.household_id, NONE) + row.owed
    return {household: amount for household, amount in found.items() if amount > 0}

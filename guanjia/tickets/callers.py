"""Who is on the telephone: households found by room, phone tail, name or initials, with what one must know of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.events.sentences import listed
from guanjia.households.models import Household, Member, Occupancy
from guanjia.households.search import find

from .models import Ticket
from .workbench import LINKS, with_workers

if TYPE_CHECKING:
    from guanjia.households.search import Hit
    from guanjia.people.reach import Reach

LAST = 6  # closed tickets shown in a household's file


@dataclass
class Caller:
    """A household with its homes of today and its members."""

    household: Household
    homes: list[Any] = field(default_factory=list)  # units
    members: list[Member] = field(default_factory=list)

    @property
    def pk(self) -> int:
        return self.household.pk

    @property
    def units(self) -> list[int]:
        return [unit.pk for unit in self.homes]

    @property
    def rooms(self) -> str:
        return listed(unit.code for unit in self.homes)


def may_call(reach: Reach) -> Any:
    """The households a person may look up: a steward those of their zones, the desk all."""
    rows = Household.objects.at_estate(reach.estate)
    if reach.sees == "estate":
        return rows
    today = clock.today(reach.estate)
    here = Occupancy.objects.at_estate(reach.estate).filter(unit__zone_id__in=reach.zones, during__contains=today)
    return rows.filter(pk__in=here.values("household_id"))


def find_households(reach: Reach, text: str, limit: int) -> list[Hit]:
    """The one search box: households and empty units, the likeliest first. Two statements, three for a steward."""
    if not reach.may("household.read"):
        return []
    hits = find(reach.estate, text, limit if reach.sees == "estate" else limit * 3)
    if reach.sees != "estate":
        near = set(may_call(reach).filter(pk__in=[hit.household_id for hit in hits if hit.household_id]).values_list("pk", flat=True))
        hits = [hit for hit in hits if hit.household_id in near]
    return hits[:limit]


def file_of(reach: Reach, households: list[Household]) -> list[Caller]:
    """Homes and members of households; two statements for all of them."""
    found = {row.pk: Caller(row) for row in households}
    if not found:
        return []
    held = Occupancy.objects.at_estate(reach.estate).filter(household_id__in=found, during__contains=clock.today(reach.estate))
    for row in held.select_related("unit").order_by("unit__code"):
        found[row.household_id].homes.append(row.unit)
    rank = list(Member.Kind.values)
    members = Member.objects.at_estate(reach.estate).filter(household_id__in=found, left_on__isnull=True)
    for member in sorted(members, key=lambda row: (rank.index(row.kind), row.pk)):
        found[member.household_id].members.append(member)
    return list(found.values())


def history(reach: Reach, household: Household) -> tuple[list[Ticket], list[Ticket]]:
    """What the household has open, and the last things it asked (index `ticket_household`)."""
    rows = Ticket.objects.visible_to(reach).filter(household_id=household.pk).select_related(*LINKS)
    live, past = list(rows.open().recent_first()[:20]), list(rows.filter(closed_at__isnull=False).recent_first()[:LAST])
    with_workers(live)
    return live, past

"""For whom a bulletin is: buildings and zones (either), tiers, kinds of members; what is empty leaves nobody out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from guanjia import clock
from guanjia.households.models import Member, Occupancy

if TYPE_CHECKING:
    from guanjia.events.models import Event
    from guanjia.people.reach import Reach

    from .models import Bulletin


def members_of(bulletin: Bulletin) -> Any:
    """The living members whom it is for today."""
    here = Occupancy.objects.at_estate(bulletin.estate_id).filter(
        household_id=OuterRef("household_id"), during__contains=clock.today(bulletin.estate)
    )
    if bulletin.buildings or bulletin.zones:
        here = here.filter(Q(unit__building_id__in=bulletin.buildings) | Q(unit__zone_id__in=bulletin.zones))
    rows = Member.objects.at_estate(bulletin.estate_id).filter(Exists(here), left_on__isnull=True)
    if bulletin.tiers:
        rows = rows.filter(household__tier__in=bulletin.tiers)
    return rows.filter(kind__in=bulletin.kinds) if bulletin.kinds else rows


def is_for(reach: Reach) -> Q:
    """The same from the other side: which bulletins are for this resident today."""
    mine = Member.objects.at_estate(reach.estate).filter(login=reach.person, left_on__isnull=True)
    rows = list(mine.values_list("kind", "household__tier", "household_id"))
    held = Occupancy.objects.at_estate(reach.estate).filter(
        household_id__in={row[2] for row in rows}, during__contains=clock.today(reach.estate)
    )
    homes: dict[int, list[tuple[int, int | None]]] = {}
    for home, *place in held.values_list("household_id", "unit__building_id", "unit__zone_id"):
        homes.setdefault(home, []).append((place[0], place[1]))
    found = Q(pk__in=[])
    for kind, tier, household in rows:
        for building, zone in homes.get(household, []):
            near = Q(buildings=[], zones=[]) | Q(buildings__contains=[building])
            near |= Q(zones__contains=[zone]) if zone else Q(pk__in=[])
            found |= near & (Q(tiers=[]) | Q(tiers__contains=[tier])) & (Q(kinds=[]) | Q(kinds__contains=[kind]))
    return found


def told(estate: Any, event: Event) -> set[int]:
    """Who is told that it is out: everybody it is for who signs in (guanjia/notices/crowd.py)."""
    from .models import Bulletin

    row = Bulletin.objects.at_estate(estate).filter(pk=event.subject_id).select_related("estate").first()
    return set(members_of(row).filter(login__isnull=False).values_list("login_id", flat=True)) if row else set()

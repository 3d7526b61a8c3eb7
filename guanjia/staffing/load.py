"""How many homes each steward answers for, against the ratios 1:150 and 1:200 (STF-11); zones nobody or two answer for (EST-01)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count

from guanjia import clock
from guanjia.estates.models import Unit, UnitKind, Zone
from guanjia.people.models import Person, Post
from guanjia.people.presence import stood_in_for
from guanjia.people.roles import Role, works_as
from guanjia.rulebooks.parameters import parameter

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate

SUPPORT = {  # STF-01: the four kinds of people a zone leans on
    "repairer": (Role.REPAIRER,),
    "cleaner": (Role.CLEANER,),
    "order": (Role.ORDER_KEEPER, Role.ORDER_LEADER),
    "manager": (Role.MANAGER, Role.SUPERVISOR),
}


@dataclass
class ZoneLoad:
    """A zone today: who heads it, who stands in, who supports it, and how many homes it has."""

    zone: Zone
    homes: int = 0
    stewards: list[Person] = field(default_factory=list)
    deputies: list[Person] = field(default_factory=list)
    acting: dict[int, Person | None] = field(default_factory=dict)  # steward away → who is there in their place
    support: dict[str, list[Person]] = field(default_factory=dict)
    load: int = 0  # homes of its steward over all their zones
    tone: str = ""

    @property
    def lacking(self) -> list[str]:
        return [kind for kind, people in self.support.items() if not people]


def loads(estate: Estate, at: datetime | None = None) -> list[ZoneLoad]:
    """Every zone. Five statements, however many zones."""
    at = at or clock.now()
    today = clock.today(estate, at)
    standard, most = (int(parameter(estate, f"staff.ratio_{which}", at)) for which in "ab")
    found = {zone.pk: ZoneLoad(zone) for zone in Zone.objects.at_estate(estate)}
    homes = Unit.objects.at_estate(estate).filter(kind=UnitKind.HOME, zone__isnull=False)
    for zone, count in homes.values_list("zone_id").annotate(n=Count("pk")).order_by():
        found[zone].homes = count
    posts = list(Post.objects.at_estate(estate).held_on(today).select_related("person").order_by("deputy", "pk"))
    away = stood_in_for(estate, today)
    there = Person.objects.in_bulk({pk for pk in away.values() if pk})
    covers = {person: there.get(cover or 0) for person, cover in away.items()}
    for row in found.values():
        _fill(row, [post for post in posts if post.zone_id in (None, row.zone.pk)], covers)
    by_person: dict[int, int] = defaultdict(int)
    for row in found.values():
        for person in row.stewards[:1]:
            by_person[person.pk] += row.homes
    for row in found.values():
        row.load = by_person[row.stewards[0].pk] if row.stewards else row.homes
        row.tone = "bad" if row.load > most or not row.stewards else "soon" if row.load > standard else "good"
    return list(found.values())


def _fill(row: ZoneLoad, posts: list[Post], covers: dict[int, Person | None]) -> None:
    near = sorted(posts, key=lambda post: post.zone_id is None)
    stewards = [post for post in near if post.role == Role.STEWARD]
    own = [post for post in stewards if post.zone_id and not post.deputy]
    row.stewards = _people(own or [post for post in stewards if not post.deputy])
    row.deputies = _people(
        [post for post in near if post.zone_id and (post.deputy or post.role == Role.ASSISTANT_STEWARD)]
    )
    row.acting = {person.pk: covers[person.pk] for person in row.stewards if person.pk in covers}
    row.support = {
        kind: _people([post for post in near if works_as(post.role) in roles])[:3] for kind, roles in SUPPORT.items()
    }


def _people(posts: list[Post]) -> list[Person]:
    return list({post.person_id: post.person for post in posts}.values())

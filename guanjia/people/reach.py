"""A person at one estate: what they may do and how far they see (design §7)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection

from guanjia import clock
from guanjia.tenancy.errors import NotAllowed

from .models import Person
from .roles import permissions_of, roles

if TYPE_CHECKING:
    from datetime import date, datetime

    from guanjia.estates.models import Estate

# What a household may do with its own reports; everything else is staff's.
RESIDENT_MAY = frozenset({"own.file", "own.read", "own.rate"})


@dataclass(frozen=True)
class Reach:
    """Handed to verbs as `by=` and to querysets as `visible_to(reach)`. Built once per request."""

    person: Person
    estate: Estate
    roles: frozenset[str]
    zones: frozenset[int]
    sees: str  # own | zone | estate | household
    permissions: frozenset[str]
    households: frozenset[int] = field(default=frozenset())
    units: frozenset[int] = field(default=frozenset())

    @property
    def person_id(self) -> int:
        return self.person.pk

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def is_staff(self) -> bool:
        return bool(self.roles)

    @property
    def is_resident(self) -> bool:
        return bool(self.households)

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def must(self, permission: str) -> None:
        """Raise NotAllowed unless the person's posts carry the permission."""
        if permission not in self.permissions:
            raise NotAllowed(permission)

    def must_in(self, zone_id: int | None, permission: str) -> None:
        """The same for what belongs to a zone: those who see zones may only in theirs."""
        self.must(permission)
        if self.sees == "zone" and zone_id not in self.zones:
            raise NotAllowed(permission)


_WIDTH = {"own": 0, "zone": 1, "estate": 2}


# Posts at the estate and at its company, and those of whom one stands in for, in one statement: every request asks.
# Whoever stands in takes over all duties, and so may do all that they need; also for whom those stand in who are away (STF-17).
HELD = """
WITH RECURSIVE gone AS (
    SELECT person_id, cover_id FROM duties_absence WHERE estate_id = %(estate)s AND during @> %(day)s::date AND ended_at IS NULL
), mine AS (
    SELECT person_id FROM gone WHERE cover_id = %(person)s
    UNION
    SELECT gone.person_id FROM gone JOIN mine ON mine.person_id = gone.cover_id
)
SELECT role, zone_id FROM people_post WHERE estate_id = %(estate)s AND person_id = %(person)s AND during @> %(day)s::date
UNION ALL
SELECT post.role, post.zone_id FROM people_post post JOIN mine ON mine.person_id = post.person_id
WHERE post.estate_id = %(estate)s AND post.during @> %(day)s::date
UNION ALL
SELECT role, NULL FROM people_companypost WHERE company_id = %(company)s AND person_id = %(person)s AND during @> %(day)s::date
"""


def _held(person: Person, estate: Estate, day: date) -> list[tuple[str, int | None]]:
    """(role, zone) of every post in force; a company's posts count for its own people only."""
    company = estate.company_id if person.company_id == estate.company_id else None
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"estate": estate.pk, "person": person.pk, "company": company, "day": day})
        rows: list[tuple[str, int | None]] = cursor.fetchall()
    return rows


def reach_of(person: Person, estate: Estate, at: datetime | None = None) -> Reach | None:
    """The reach of a person at an estate on that day, or None for a stranger. Must run inside the estate's scope."""
    if not person.is_active:
        return None
    if person.kind == Person.Kind.RESIDENT:
        return _resident(person, estate)
    held = _held(person, estate, clock.today(estate, at))
    if not held:
        return None
    return Reach(
        person=person,
        estate=estate,
        roles=frozenset(role for role, _ in held),
        zones=frozenset(zone for _, zone in held if zone),
        sees=max((roles()[role]["reach"] for role, _ in held), key=_WIDTH.__getitem__),
        permissions=frozenset().union(*(permissions_of(role) for role, _ in held)),
    )


def _resident(person: Person, estate: Estate) -> Reach | None:
    from django.apps import apps

    member = apps.get_model("households", "Member")
    homes = member.objects.homes_of(person, estate)
    if not homes:
        return None
    return Reach(
        person=person,
        estate=estate,
        roles=frozenset(),
        zones=frozenset(),
        sees="household",
        permissions=RESIDENT_MAY,
        households=frozenset(household for household, _ in homes),
        units=frozenset(unit for _, unit in homes if unit),
    )

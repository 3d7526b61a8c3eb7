"""Whose is it: who answered for a zone on a date (design decision 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from guanjia import clock
from guanjia.tenancy.reading import partly

from .models import Person, Post
from .presence import AWAY, asked
from .roles import Role, stand_ins

if TYPE_CHECKING:
    from datetime import date, datetime

    from guanjia.estates.models import Estate


SHOWN = ["id", "name", "phone", "photo"]  # of a person, wherever they are named as responsible
ORDERED = "away.person_id IS NOT NULL AND away.cover_id IS NULL, post.zone_id NULLS LAST, post.deputy, post.id"
# Written out because every filing asks it: building the same statement in Python costs more than running it.
HELD = f"""
{AWAY} SELECT {", ".join(f"person.{name}" for name in SHOWN)}, away.person_id IS NOT NULL AND away.cover_id IS NULL FROM people_post AS post
LEFT JOIN away ON away.person_id = post.person_id JOIN people_person AS person ON person.id = coalesce(away.cover_id, post.person_id)
WHERE post.estate_id = %(estate)s AND post.role = %(role)s AND post.during @> %(day)s::date
  AND (post.zone_id = %(zone)s::bigint OR post.zone_id IS NULL)
ORDER BY {ORDERED} LIMIT 1
"""
# The same for every zone of an estate at once: (zone_id, person_id, name, whether they are away and nobody stands in).
# Where everybody who holds the role is away, whoever holds a post of `stand_ins` answers, nearest first.
HELD_ZONES = f"""
{AWAY}, held AS (
    SELECT zone.id AS zone_id, person.id AS person_id, person.name, away.person_id IS NOT NULL AND away.cover_id IS NULL AS gone,
        post.role = %(role)s AS own, array_position(%(stand_ins)s::text[], post.role::text) AS rank,
        row_number() OVER (PARTITION BY zone.id, post.role ORDER BY {ORDERED}) AS place
    FROM estates_zone zone
    JOIN people_post post ON post.estate_id = zone.estate_id AND post.during @> %(day)s::date AND (post.zone_id = zone.id OR post.zone_id IS NULL)
      AND (post.role = %(role)s OR post.role = ANY(%(stand_ins)s::text[]))
    LEFT JOIN away ON away.person_id = post.person_id JOIN people_person person ON person.id = coalesce(away.cover_id, post.person_id)
    WHERE zone.estate_id = %(estate)s
)
SELECT DISTINCT ON (zone_id) zone_id, person_id, name, gone FROM held
WHERE place = 1 AND (own OR NOT gone AND zone_id IN (SELECT zone_id FROM held WHERE own))
ORDER BY zone_id, gone, own DESC, rank
"""
# The same for any number of estates: (estate_id, zone_id, person_id, name), each by its own time zone.
HELD_ESTATES = f"""
SELECT home.id AS estate_id, there.zone_id, there.person_id, there.name FROM estates_estate home
CROSS JOIN LATERAL ({HELD_ZONES.replace("%(estate)s", "home.id").replace("%(time_zone)s", "home.time_zone")}) there
WHERE home.id = ANY(%(estates)s)
"""
# Who answered for a unit on a business date, in every role: the zone it belonged to then, who held its posts, who stood in.
ANSWERED = f"""
{AWAY}, unit AS (
    SELECT unit.id, CASE WHEN former.id IS NULL THEN unit.zone_id ELSE former.zone_id END AS zone_id
    FROM estates_unit unit
    LEFT JOIN estates_formerzone former ON former.estate_id = unit.estate_id AND former.unit_id = unit.id AND former.during @> %(day)s::date
    WHERE unit.estate_id = %(estate)s AND unit.id = %(unit)s
)
SELECT unit.zone_id, post.role, post.deputy, post.zone_id, lower(post.during), upper(post.during), away.person_id IS NOT NULL, post.person_id, away.cover_id
FROM unit LEFT JOIN people_post post ON post.estate_id = %(estate)s AND post.during @> %(day)s::date
  AND (post.zone_id = unit.zone_id OR post.zone_id IS NULL) LEFT JOIN away ON away.person_id = post.person_id
ORDER BY post.zone_id NULLS LAST, post.deputy, post.id
"""


def responsible_for(
    estate: Estate, zone_id: int | None, role: str = Role.STEWARD, at: datetime | None = None
) -> Person | None:
    """Who held the role for a zone at an instant; the holder before a deputy, an estate-wide post last.

    Whoever is away is stood in for by their cover, and that one by theirs; where nobody of the role is left, by the
    posts that `stood_in_by` names (STF-17). When all are away it stays with the holder.

    What is shown of them comes along; the rest is read when it is asked for.
    """
    day = clock.today(estate, at)
    found = _held(estate, zone_id, role, day)
    if found and found[-1]:
        others = (_held(estate, zone_id, each, day) for each in stand_ins(role))
        found = next((other for other in others if other and not other[-1]), found)
    return partly(Person, **dict(zip(SHOWN, found[:-1], strict=True))) if found else None


def _held(estate: Estate, zone_id: int | None, role: str, day: date) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(HELD, asked(estate, day, role=str(role), zone=zone_id))
        return cursor.fetchone()


def held_zones(estate: Estate, day: date, role: str = Role.STEWARD) -> list[tuple[int, int, str, bool]]:
    """(zone, person, name, whether they are away and nobody stands in) of every zone that somebody answers for."""
    with connection.cursor() as cursor:
        cursor.execute(HELD_ZONES, asked(estate, day, **held_by(role)))
        return cursor.fetchall()


def held_by(role: str = Role.STEWARD) -> dict[str, Any]:
    """What HELD_ZONES asks of the role."""
    return {"role": str(role), "stand_ins": list(stand_ins(role))}


def holders_of_zones(estate: Estate, day: date, role: str = Role.STEWARD) -> dict[int, str]:
    """Zone → the name of who answered for it on a business date; zones that nobody answered for are not there."""
    return {zone_id: name for zone_id, _person, name, _gone in held_zones(estate, day, role)}


@dataclass(frozen=True)
class Answer:
    """Somebody who answered for a unit in a role on a date."""

    role: str
    holder: Person
    since: date | None
    until: date | None  # exclusive
    deputy: bool
    estate_wide: bool
    away: bool
    cover: Person | None

    @property
    def person(self) -> Person:
        """Who actually answered: the cover of somebody who was away."""
        return self.cover or self.holder


def answered_for(estate: Estate, unit_id: int, day: date) -> tuple[int | None, list[Answer]]:
    """The zone a unit belonged to on a business date, and everybody who answered for it then, nearest first (design decision 6)."""
    with connection.cursor() as cursor:
        cursor.execute(ANSWERED, asked(estate, day, unit=unit_id))
        rows = _stood_in(cursor.fetchall())
    people = Person.objects.in_bulk({pk for row in rows for pk in row[7:] if pk})
    answers = [
        Answer(role, people[holder], since, until, deputy, wide is None, away, people.get(cover))
        for _zone, role, deputy, wide, since, until, away, holder, cover in rows
        if holder in people
    ]
    return (rows[0][0] if rows else None), answers


def _stood_in(rows: list[Any]) -> list[Any]:
    """Who is away with nobody in their place has whoever holds a post that stands in for theirs."""
    there: dict[str, int] = {}
    for _zone, role, _deputy, _wide, _since, _until, away, holder, cover in rows:
        if holder and (cover or not away):
            there.setdefault(role, cover or holder)
    return [
        (*row[:8], next((there[role] for role in stand_ins(row[1]) if role in there), None))
        if row[6] and row[8] is None and row[1] not in there
        else row
        for row in rows
    ]


def holders(estate: Estate, role: str, at: datetime | None = None) -> Any:
    """Everyone who holds a role at an estate on that day, zone by zone."""
    posts = Post.objects.at_estate(estate).filter(role=role).held_on(clock.today(estate, at))
    return Person.objects.filter(pk__in=posts.values("person_id"), is_active=True).order_by("name")

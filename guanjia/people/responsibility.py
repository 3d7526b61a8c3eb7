"""Whose is it: who answered for a zone on a date (design decision 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from guanjia import clock
from guanjia.tenancy.reading import partly

from .models import Person, Post
from .roles import Role

if TYPE_CHECKING:
    from datetime import date, datetime

    from guanjia.estates.models import Estate


SHOWN = ["id", "name", "phone", "photo"]  # of a person, wherever they are named as responsible
# Somebody away on a business date, whose cover answers for them (STF-17). Ended leave counts until the day it ended.
AWAY = """
LEFT JOIN duties_absence away ON away.estate_id = post.estate_id AND away.person_id = post.person_id AND away.during @> %(day)s::date
  AND (away.ended_at IS NULL OR (away.ended_at AT TIME ZONE %(time_zone)s)::date > %(day)s::date)
"""
# Written out because every filing asks it: building the same statement in Python costs more than running it.
HELD = f"""
SELECT {", ".join(f"person.{name}" for name in SHOWN)} FROM people_post AS post {AWAY}
JOIN people_person AS person ON person.id = coalesce(away.cover_id, post.person_id)
WHERE post.estate_id = %(estate)s AND post.role = %(role)s AND post.during @> %(day)s::date
  AND (post.zone_id = %(zone)s::bigint OR post.zone_id IS NULL)
ORDER BY away.id IS NOT NULL AND away.cover_id IS NULL, post.zone_id NULLS LAST, post.deputy, post.id LIMIT 1
"""
# The same for every zone of an estate at once: (zone_id, person_id, name).
HELD_ZONES = f"""
SELECT DISTINCT ON (zone.id) zone.id AS zone_id, person.id AS person_id, person.name FROM estates_zone zone
JOIN people_post post ON post.estate_id = zone.estate_id AND post.role = %(role)s AND post.during @> %(day)s::date
  AND (post.zone_id = zone.id OR post.zone_id IS NULL) {AWAY}
JOIN people_person person ON person.id = coalesce(away.cover_id, post.person_id)
WHERE zone.estate_id = %(estate)s
ORDER BY zone.id, away.id IS NOT NULL AND away.cover_id IS NULL, post.zone_id NULLS LAST, post.deputy, post.id
"""
# The same for any number of estates: (estate_id, zone_id, person_id, name), each by its own time zone.
HELD_ESTATES = (
    HELD_ZONES.replace("zone.id AS zone_id", "zone.estate_id, zone.id AS zone_id")
    .replace("zone.estate_id = %(estate)s", "zone.estate_id = ANY(%(estates)s)")
    .replace("%(time_zone)s", "(SELECT time_zone FROM estates_estate WHERE id = post.estate_id)")
)
# Who answered for a unit on a business date, in every role: the zone it belonged to then, who held its posts, who stood in.
ANSWERED = f"""
WITH unit AS (
    SELECT unit.id, CASE WHEN former.id IS NULL THEN unit.zone_id ELSE former.zone_id END AS zone_id
    FROM estates_unit unit
    LEFT JOIN estates_formerzone former ON former.estate_id = unit.estate_id AND former.unit_id = unit.id AND former.during @> %(day)s::date
    WHERE unit.estate_id = %(estate)s AND unit.id = %(unit)s
)
SELECT unit.zone_id, post.role, post.deputy, post.zone_id, lower(post.during), upper(post.during), away.id IS NOT NULL, post.person_id, away.cover_id
FROM unit LEFT JOIN people_post post ON post.estate_id = %(estate)s AND post.during @> %(day)s::date
  AND (post.zone_id = unit.zone_id OR post.zone_id IS NULL) {AWAY}
ORDER BY post.zone_id NULLS LAST, post.deputy, post.id
"""


def responsible_for(
    estate: Estate, zone_id: int | None, role: str = Role.STEWARD, at: datetime | None = None
) -> Person | None:
    """Who held the role for a zone at an instant; the holder before a deputy, an estate-wide post last.

    Whoever is away is stood in for by their cover; who is away without one comes after everybody who is there.

    What is shown of them comes along; the rest is read when it is asked for.
    """
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"role": str(role), "zone": zone_id, **_when(estate, clock.today(estate, at))})
        found = cursor.fetchone()
    return partly(Person, **dict(zip(SHOWN, found, strict=True))) if found else None


def holders_of_zones(estate: Estate, day: date, role: str = Role.STEWARD) -> dict[int, str]:
    """Zone → the name of who answered for it on a business date; zones that nobody answered for are not there."""
    with connection.cursor() as cursor:
        cursor.execute(HELD_ZONES, {"role": str(role), **_when(estate, day)})
        return {zone_id: name for zone_id, _person, name in cursor.fetchall()}


def _when(estate: Estate, day: date) -> dict[str, Any]:
    return {"estate": estate.pk, "time_zone": estate.time_zone, "day": day}


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
        cursor.execute(ANSWERED, {"unit": unit_id, **_when(estate, day)})
        rows = cursor.fetchall()
    people = Person.objects.in_bulk({pk for row in rows for pk in row[7:] if pk})
    answers = [
        Answer(role, people[holder], since, until, deputy, wide is None, away, people.get(cover))
        for _zone, role, deputy, wide, since, until, away, holder, cover in rows
        if holder in people
    ]
    return (rows[0][0] if rows else None), answers


def holders(estate: Estate, role: str, at: datetime | None = None) -> Any:
    """Everyone who holds a role at an estate on that day, zone by zone."""
    posts = Post.objects.at_estate(estate).filter(role=role).held_on(clock.today(estate, at))
    return Person.objects.filter(pk__in=posts.values("person_id"), is_active=True).order_by("name")

"""Whose is it: who answered for a zone on a date (design decision 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from guanjia import clock
from guanjia.tenancy.reading import partly

from .models import Person, Post
from .roles import Role

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate


# Written out because every filing asks it: building the same statement in Python costs more than running it.
SHOWN = ["id", "name", "phone", "photo"]  # of a person, wherever they are named as responsible
HELD = f"""
SELECT {", ".join(f"person.{name}" for name in SHOWN)} FROM people_post AS post JOIN people_person AS person ON person.id = post.person_id
WHERE post.estate_id = %(estate)s AND post.role = %(role)s AND post.during @> %(day)s::date
  AND (post.zone_id = %(zone)s::bigint OR post.zone_id IS NULL)
ORDER BY post.zone_id NULLS LAST, post.deputy, post.id LIMIT 1
"""


def responsible_for(
    estate: Estate, zone_id: int | None, role: str = Role.STEWARD, at: datetime | None = None
) -> Person | None:
    """Who held the role for a zone at an instant; the holder before a deputy, an estate-wide post last.

    What is shown of them comes along; the rest is read when it is asked for.
    """
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"estate": estate.pk, "role": str(role), "day": clock.today(estate, at), "zone": zone_id})
        found = cursor.fetchone()
    return partly(Person, **dict(zip(SHOWN, found, strict=True))) if found else None


def holders(estate: Estate, role: str, at: datetime | None = None) -> Any:
    """Everyone who holds a role at an estate on that day, zone by zone."""
    posts = Post.objects.at_estate(estate).filter(role=role).held_on(clock.today(estate, at))
    return Person.objects.filter(pk__in=posts.values("person_id"), is_active=True).order_by("name")

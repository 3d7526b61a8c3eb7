"""Whose is it: who answered for a zone on a date (design decision 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from guanjia import clock

from .models import Person, Post
from .roles import Role

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate


# Written out because every filing asks it: building the same statement in Python costs more than running it.
HELD = """
SELECT person_id FROM people_post
WHERE estate_id = %(estate)s AND role = %(role)s AND during @> %(day)s::date AND (zone_id = %(zone)s::bigint OR zone_id IS NULL)
ORDER BY zone_id NULLS LAST, deputy, id LIMIT 1
"""


def responsible_id(estate: Estate, zone_id: int | None, role: str = Role.STEWARD, at: datetime | None = None) -> int | None:
    """Who held the role for a zone at an instant; the holder before a deputy, an estate-wide post last."""
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"estate": estate.pk, "role": str(role), "day": clock.today(estate, at), "zone": zone_id})
        found = cursor.fetchone()
    return found[0] if found else None


def responsible_for(
    estate: Estate, zone_id: int | None, role: str = Role.STEWARD, at: datetime | None = None
) -> Person | None:
    """The same, as the person."""
    found = responsible_id(estate, zone_id, role, at)
    return Person.objects.filter(pk=found).first() if found else None


def holders(estate: Estate, role: str, at: datetime | None = None) -> Any:
    """Everyone who holds a role at an estate on that day, zone by zone."""
    posts = Post.objects.at_estate(estate).filter(role=role).held_on(clock.today(estate, at))
    return Person.objects.filter(pk__in=posts.values("person_id"), is_active=True).order_by("name")

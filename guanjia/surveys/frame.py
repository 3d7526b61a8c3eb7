"""Whom a round is for: the households that live here, or the staff in post, each with its zone."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db import connection

from guanjia import clock

if TYPE_CHECKING:
    from datetime import datetime

    from .models import Poll

# Whoever lives here on the day, in their first home's zone.
HOUSEHOLDS = """
SELECT h.id, min(u.zone_id) FROM households_household h
JOIN households_occupancy o ON o.estate_id = h.estate_id AND o.household_id = h.id AND o.during @> %(day)s::date
JOIN estates_unit u ON u.estate_id = o.estate_id AND u.id = o.unit_id
WHERE h.estate_id = %(estate)s AND (%(tiers)s::text[] IS NULL OR h.tier = ANY(%(tiers)s::text[]))
  AND (%(zones)s::bigint[] IS NULL OR u.zone_id = ANY(%(zones)s::bigint[])) AND (%(buildings)s::bigint[] IS NULL OR u.building_id = ANY(%(buildings)s::bigint[]))
GROUP BY h.id
"""
STAFF = """
SELECT DISTINCT p.person_id, NULL::bigint FROM people_post p JOIN people_person who ON who.id = p.person_id AND who.is_active
WHERE p.estate_id = %(estate)s AND p.during @> %(day)s::date AND (%(roles)s::text[] IS NULL OR p.role = ANY(%(roles)s::text[]))
"""


def frame(poll: Poll, at: datetime) -> dict[int | None, list[int]]:
    """zone → ids of households; of staff polls None → ids of people."""
    named: dict[str, Any] = {"estate": poll.estate_id, "day": clock.today(poll.estate, at)}
    named |= {name: poll.scope.get(name) or None for name in ("zones", "buildings", "tiers", "roles")}
    found: dict[int | None, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(STAFF if poll.audience == "staff" else HOUSEHOLDS, named)
        for key, zone in cursor.fetchall():
            found[zone].append(key)
    return found

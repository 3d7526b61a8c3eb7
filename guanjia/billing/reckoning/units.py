"""The units of an estate as a run sees them: once for all fees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from datetime import date

# Who holds a unit: whoever does on the first day of the month, else the first who comes within it. A unit that never had
# an owner, like one that is not sold, is the developer's (no household).
UNITS = """
DROP TABLE IF EXISTS staged_unit;
CREATE TEMP TABLE staged_unit ON COMMIT DROP AS
SELECT u.id AS unit_id, u.area, u.inner_area, u.floor::numeric AS level, u.rent, u.zone_id, u.building_id,
    o.owner, COALESCE(o.tenant, o.owner) AS tenant,
    u.state = 'unsold' OR (NOT COALESCE(o.ever, false) AND o.tenant IS NULL) AS developers, {people} AS count, {parkings} AS parkings
FROM estates_unit u
LEFT JOIN (
    SELECT unit_id, bool_or(kind = 'owner') AS ever,
        (array_agg(household_id ORDER BY lower(during) NULLS FIRST) FILTER (WHERE kind = 'owner' AND during && daterange(%(first)s, %(last)s)))[1] AS owner,
        (array_agg(household_id ORDER BY lower(during) NULLS FIRST) FILTER (WHERE kind = 'tenant' AND during && daterange(%(first)s, %(last)s)))[1] AS tenant
    FROM households_occupancy WHERE estate_id = %(estate)s GROUP BY unit_id
) o ON o.unit_id = u.id
{joins} WHERE u.estate_id = %(estate)s
"""
PEOPLE = """LEFT JOIN (
    SELECT household_id, count(*)::numeric AS n FROM households_member WHERE estate_id = %(estate)s AND left_on IS NULL GROUP BY household_id
) p ON p.household_id = COALESCE(o.tenant, o.owner)
"""
PARKINGS = """LEFT JOIN (
    SELECT household_id, count(*)::numeric AS n FROM households_parking WHERE estate_id = %(estate)s AND household_id IS NOT NULL
        AND COALESCE(starts_on, %(first)s) < %(last)s AND COALESCE(ends_on, %(last)s) > %(first)s GROUP BY household_id
) k ON k.household_id = o.owner
"""


def stage_units(estate_id: int, period: date, until: date, wanted: set[str], beside: str = "") -> None:
    """Fill `staged_unit`; people and parking spaces are counted only where a formula asks for them. `beside` goes in the same round trip."""
    joins = (PEOPLE if "count" in wanted else "") + (PARKINGS if "parkings" in wanted else "")
    statement = UNITS.format(
        joins=joins, people="COALESCE(p.n, 0)" if "count" in wanted else "NULL::numeric",
        parkings="COALESCE(k.n, 0)" if "parkings" in wanted else "NULL::numeric",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"{beside};{statement}" if beside else statement, {"estate": estate_id, "first": period, "last": until})

"""The month by building: how many homes took part. Only buildings are compared, and nobody is named (CLN-10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection

if TYPE_CHECKING:
    from datetime import date

BOARD = """
SELECT b.number, count(DISTINCT u.id), count(DISTINCT u.id) FILTER (WHERE e.id IS NOT NULL)
FROM estates_building b JOIN estates_unit u ON u.estate_id = b.estate_id AND u.building_id = b.id AND u.state IN ('occupied', 'let')
LEFT JOIN households_occupancy o ON o.estate_id = u.estate_id AND o.unit_id = u.id AND o.during @> %(day)s::date
LEFT JOIN sorting_purse p ON p.estate_id = o.estate_id AND p.household_id = o.household_id
LEFT JOIN sorting_pointentry e ON e.estate_id = p.estate_id AND e.purse_id = p.id AND e.kind = 'sort' AND e.day >= date_trunc('month', %(day)s::date) AND e.day <= %(day)s::date
WHERE b.estate_id = %(estate)s GROUP BY b.id, b.number, b."order" HAVING count(e.id) > 0 ORDER BY (count(DISTINCT u.id) FILTER (WHERE e.id IS NOT NULL))::numeric / count(DISTINCT u.id) DESC, b."order"
"""


class Line(NamedTuple):
    building: str
    homes: int
    joined: int


def board(estate: Any, day: date, shown: int = 10) -> list[Line]:
    """Those that took part most; who stays below is not listed."""
    with connection.cursor() as cursor:
        cursor.execute(BOARD, {"estate": estate.pk, "day": day})
        return [Line(*row) for row in cursor.fetchall()[:shown]]

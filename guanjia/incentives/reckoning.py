"""A month's figures of any number of estates: one statement an indicator, no loop over estates (design decision 8).

Run again it writes nothing; after a correction it writes the figures that differ, as the next version. Whoever reckons a month
holds its lock until the end, so two at once are one after the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from guanjia import clock
from guanjia.billing.reckoning.plan import by_hash

from .book import indicators
from .sources import rows_of, values

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

WRITE = """
WITH {rows}, fresh AS (
    SELECT estate_id, CASE WHEN grouping(zone_id) = 0 THEN 'zone' WHEN grouping(person_id) = 0 THEN 'person' ELSE 'estate' END AS level,
        coalesce(zone_id, person_id, 0) AS subject_id, sum(part)::numeric(16, 2) AS part, sum(whole)::numeric(16, 2) AS whole
    FROM rows GROUP BY GROUPING SETS ((estate_id), (estate_id, zone_id), (estate_id, person_id))
    HAVING (grouping(zone_id) = 1 OR zone_id IS NOT NULL) AND (grouping(person_id) = 1 OR person_id IS NOT NULL)
), kept AS (
    SELECT DISTINCT ON (estate_id, level, subject_id) estate_id, level, subject_id, part, whole FROM incentives_figure
    WHERE estate_id = ANY(%(estates)s) AND month = %(first)s AND indicator = %(indicator)s ORDER BY estate_id, level, subject_id, version DESC
), last AS (
    SELECT estate_id, max(number) AS number FROM incentives_reckoning WHERE estate_id = ANY(%(estates)s) AND month = %(first)s GROUP BY estate_id
)
INSERT INTO incentives_figure (estate_id, month, indicator, level, subject_id, version, part, whole)
SELECT estate_id, %(first)s, %(indicator)s, level, subject_id, coalesce(last.number, 0) + 1, coalesce(fresh.part, 0), coalesce(fresh.whole, 0)
FROM fresh FULL JOIN kept USING (estate_id, level, subject_id) LEFT JOIN last USING (estate_id)
WHERE (coalesce(fresh.part, 0), coalesce(fresh.whole, 0)) IS DISTINCT FROM (coalesce(kept.part, 0), coalesce(kept.whole, 0))
"""
# A month worked out for the first time is written down even where there was nothing to count.
CLOSE = """
WITH last AS (
    SELECT e.id AS estate_id, coalesce(max(r.number), 0) AS number FROM estates_estate e
    LEFT JOIN incentives_reckoning r ON r.estate_id = e.id AND r.month = %(first)s WHERE e.id = ANY(%(estates)s) GROUP BY e.id
)
INSERT INTO incentives_reckoning (estate_id, month, number, at, by_id, why)
SELECT l.estate_id, %(first)s, l.number + 1, %(now)s, %(by)s, %(why)s FROM last l
WHERE l.number = 0 OR EXISTS (SELECT 1 FROM incentives_figure f WHERE f.estate_id = l.estate_id AND f.month = %(first)s AND f.version = l.number + 1)
"""


def statement(key: str) -> str:
    """The statement that writes one indicator."""
    return WRITE.format(rows=rows_of(indicators()[key].source))


def reckon(
    estates: Sequence[Any], month: date, *, by: Any = None, at: datetime | None = None, why: str = "",
    progress: Callable[[int, int, str], None] = lambda done, total, step: None,
) -> dict[str, int]:  # fmt: skip
    """Work out a month for estates that the present scope sees. How many figures were written, and at how many estates something was new."""
    at = at or clock.now()
    named = values(estates, month, at) | {"by": by.person_id if by else None, "why": why[:200]}
    written = 0
    with by_hash(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('reckon', %s))", [month.toordinal()])
        for done, (key, one) in enumerate(indicators().items()):
            progress(done, len(indicators()), one.label)
            cursor.execute(statement(key), named | {"indicator": key})
            written += cursor.rowcount
        cursor.execute(CLOSE, named)
        changed = cursor.rowcount
    progress(len(indicators()), len(indicators()), "")
    return {"figures": written, "estates": changed}

"""Counting by area and by heads, in one statement; judged by the shares of rulebooks/assembly.yaml (Civil Code, art. 278).

A head is an owner: an owner of several units is one. Their area counts unit by unit; their head is with yes (or no) when all
their ballots say so, and with neither when they differ.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import connection

from .book import assembly_book

COUNT = """
WITH given AS (
    SELECT r.owner, r.area, b.id FROM assembly_rollline r
    JOIN assembly_ballot b ON b.estate_id = r.estate_id AND b.assembly_id = r.assembly_id AND b.unit_id = r.unit_id
    WHERE r.estate_id = %(estate)s AND r.assembly_id = %(assembly)s
), said AS (
    SELECT c.topic_id, g.owner, sum(g.area) FILTER (WHERE c.said = 'yes') AS yes, sum(g.area) FILTER (WHERE c.said = 'no') AS no,
        bool_and(c.said = 'yes') AS all_yes, bool_and(c.said = 'no') AS all_no
    FROM given g JOIN assembly_choice c ON c.estate_id = %(estate)s AND c.ballot_id = g.id GROUP BY c.topic_id, g.owner
)
SELECT NULL::bigint, count(*), coalesce(sum(area), 0), count(DISTINCT owner), 0, 0, 0 FROM given
UNION ALL
SELECT t.id, 0, coalesce(sum(s.yes), 0), count(*) FILTER (WHERE s.all_yes), coalesce(sum(s.no), 0), count(*) FILTER (WHERE s.all_no), count(s.owner)
FROM assembly_topic t LEFT JOIN said s ON s.topic_id = t.id WHERE t.estate_id = %(estate)s AND t.assembly_id = %(assembly)s GROUP BY t.id
"""


def turnout(assembly: Any) -> dict[str, Any]:
    """How far it is: units, area and heads that took part. Says nothing of what was voted."""
    rows = _rows(assembly)
    _topic, units, area, heads, *_rest = next(row for row in rows if row[0] is None)
    quorum = assembly_book().shares[assembly_book().quorum]
    return {"units": units, "area": str(area), "heads": heads, "quorate": quorum.reached(area, assembly.area) and quorum.reached(heads, assembly.heads)}


def counted(assembly: Any) -> dict[str, Any]:
    """What it came to: those who took part, and each topic with area and heads for and against, and whether it is passed."""
    found = turnout(assembly)
    area, heads = Decimal(found["area"]), found["heads"]
    said = {row[0]: row for row in _rows(assembly) if row[0] is not None}
    topics = []
    for topic in assembly.topics.order_by("n"):
        _pk, _units, yes_area, yes_heads, no_area, no_heads, _owners = said[topic.pk]
        passed = found["quorate"] and topic.share.reached(yes_area, area) and topic.share.reached(yes_heads, heads)
        topics.append({
            "topic": topic.pk, "n": topic.n, "title": topic.title, "matter": topic.matter, "share": topic.share.share, "strict": topic.share.strict,
            "yes_area": str(yes_area), "yes_heads": yes_heads, "no_area": str(no_area), "no_heads": no_heads, "passed": passed,
        })  # fmt: skip
    return {**found, "topics": topics}


def _rows(assembly: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"estate": assembly.estate_id, "assembly": assembly.pk})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows

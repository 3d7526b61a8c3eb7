"""Who is there on a business date: whoever is away is stood in for by their cover, and that one by theirs (STF-17)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from datetime import date

    from guanjia.estates.models import Estate

# `away`: everybody who is away that day, with who is there in their place at the end of the chain of covers, or nobody.
# Ended leave counts until the day it ended. Twelve steps are more than any house has; a circle of covers ends in nobody.
AWAY = """
WITH RECURSIVE gone AS (
    SELECT person_id, cover_id FROM duties_absence WHERE estate_id = %(estate)s AND during @> %(day)s::date
      AND (ended_at IS NULL OR (ended_at AT TIME ZONE %(time_zone)s)::date > %(day)s::date)
), chain AS (
    SELECT person_id, cover_id, 1 AS steps FROM gone
    UNION ALL
    SELECT chain.person_id, gone.cover_id, steps + 1 FROM chain JOIN gone ON gone.person_id = chain.cover_id WHERE steps < 12
), away AS (
    SELECT DISTINCT ON (person_id) person_id,
        CASE WHEN cover_id IN (SELECT person_id FROM gone) THEN NULL ELSE cover_id END AS cover_id
    FROM chain ORDER BY person_id, steps DESC
)
"""


def asked(estate: Estate, day: date, **more: Any) -> dict[str, Any]:
    """The parameters of a statement that begins with AWAY."""
    return {"estate": estate.pk, "time_zone": estate.time_zone, "day": day, **more}


def stood_in_for(estate: Estate, day: date) -> dict[int, int | None]:
    """Person away → who is there in their place, or None."""
    with connection.cursor() as cursor:
        cursor.execute(f"{AWAY} SELECT person_id, cover_id FROM away", asked(estate, day))
        return dict(cursor.fetchall())


def present(estate: Estate, person: int, day: date) -> int | None:
    """The person, or who is there in their place; None when nobody is."""
    return stood_in_for(estate, day).get(person, person)

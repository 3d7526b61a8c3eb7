"""What is counted of every household of an estate, in one statement: the ground of tiers and of coverage (HSE-04, CF-06).

Only what is on file is counted: an unknown year of birth makes nobody old.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.rulebooks.parameters import parameter

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate

# name → SQL over the CTEs below, always a number.
FACTS = {
    "always": "1",
    "key": "h.is_key::int",
    "units": "coalesce(o.units, 0)",
    "elders_alone": "CASE WHEN coalesce(m.living, 0) BETWEEN 1 AND 2 AND m.elders = m.living THEN 1 ELSE 0 END",
    "care_needs": "coalesce(n.care, 0)",
    "hardship": "coalesce(n.hardship, 0)",
    "tickets": "coalesce(t.tickets, 0)",
    "complaints": "coalesce(t.complaints, 0)",
    "signs": "coalesce(t.signs, 0) + coalesce(v.signs, 0) + coalesce(q.signs, 0)",
    "contacts": "coalesce(t.calls, 0) + coalesce(v.contacts, 0) + coalesce(k.contacts, 0)",
    "members": "coalesce(m.living, 0)",
    "owners": "coalesce(m.owners, 0)",
    "phones": "coalesce(m.phones, 0)",
    "tiered": "(h.tier <> '')::int",
    "visits": "coalesce(v.contacts, 0)",
    "answers": "coalesce(q.answers, 0)",
}

# A duty's record `r` in which somebody of the household was spoken with.
REACHED = "(r.answers -> 'reached' ->> 'value' = 'through' OR (r.form = 'visit' AND r.answers -> 'met' ->> 'value' <> 'nobody'))"

# One row for every household that lives here on the day.
COUNTED = f"""
o AS (
    SELECT household_id, count(*) AS units, min(unit_id) AS unit_id FROM households_occupancy
    WHERE estate_id = %(estate)s AND during @> %(today)s::date GROUP BY household_id
), m AS (
    SELECT household_id, count(*) AS living, count(*) FILTER (WHERE phone <> '') AS phones, count(*) FILTER (WHERE kind = 'owner') AS owners,
        count(*) FILTER (WHERE coalesce(born_on, make_date(nullif(born_year, 0), 12, 31)) <= %(elder_born)s::date) AS elders
    FROM households_member WHERE estate_id = %(estate)s AND left_on IS NULL AND erased_at IS NULL GROUP BY household_id
), n AS (
    SELECT household_id, count(*) FILTER (WHERE kind IN ('mobility', 'medication', 'chronic', 'disability', 'senses')) AS care,
        count(*) FILTER (WHERE kind = 'hardship') AS hardship
    FROM households_need WHERE estate_id = %(estate)s AND ended_at IS NULL GROUP BY household_id
), t AS (
    SELECT k.household_id, count(*) FILTER (WHERE k.reported_at > %(demand_since)s) AS tickets,
        count(*) FILTER (WHERE k.kind = 'complaint' AND k.reported_at > %(complaint_since)s) AS complaints,
        count(*) FILTER (WHERE k.reported_at > %(silent_since)s) AS signs,
        count(*) FILTER (WHERE c.reached AND c.at > %(contact_since)s) AS calls
    FROM tickets_ticket AS k
    LEFT JOIN LATERAL (
        SELECT max(at) AS at, true AS reached FROM tickets_confirmation
        WHERE estate_id = %(estate)s AND ticket_id = k.id AND outcome <> 'not_reached' HAVING count(*) > 0
    ) AS c ON true
    WHERE k.estate_id = %(estate)s AND k.household_id IS NOT NULL AND k.reported_at > %(oldest)s AND k.reported_at <= %(at)s GROUP BY k.household_id
), v AS (
    SELECT household_id, count(*) FILTER (WHERE made_at > %(silent_since)s) AS signs, count(*) FILTER (WHERE made_at > %(contact_since)s) AS contacts
    FROM care_visit WHERE estate_id = %(estate)s AND outcome = 'met' AND made_at <= %(at)s GROUP BY household_id
), k AS (
    SELECT w.household_id, count(*) AS contacts FROM duties_task AS w JOIN duties_record AS r ON r.estate_id = w.estate_id AND r.task_id = w.id
    WHERE w.estate_id = %(estate)s AND w.household_id IS NOT NULL AND r.done_at > %(contact_since)s AND r.done_at <= %(at)s AND NOT r.beside
        AND {REACHED}
    GROUP BY w.household_id
), q AS (
    SELECT household_id, count(*) AS answers, count(*) FILTER (WHERE at > %(silent_since)s) AS signs
    FROM care_answer WHERE estate_id = %(estate)s AND at <= %(at)s GROUP BY household_id
)
"""
JOINED = " ".join(f"LEFT JOIN {name} ON {name}.household_id = h.id" for name in "mntvkq")
FROM = f"FROM households_household AS h JOIN o ON o.household_id = h.id {JOINED} WHERE h.estate_id = %(estate)s"


def given(estate: Estate, at: datetime) -> dict[str, Any]:
    """The values that the statement needs: how far each count looks back, by the parameters in force."""
    today = clock.today(estate, at)

    def since(key: str) -> datetime:
        return at - timedelta(days=int(parameter(estate, key, at)))

    looks = {name: since(key) for name, key in LOOKS.items()}
    elder = int(parameter(estate, "tier.elder_age", at))
    born = today.replace(year=today.year - elder, day=min(today.day, 28) if today.month == 2 else today.day)
    return {"estate": estate.pk, "at": at, "today": today, "elder_born": born, "oldest": min(looks.values()), **looks}


# how far back each count looks, by which parameter (days)
LOOKS = {
    "demand_since": "tier.demand_days", "complaint_since": "tier.complaint_days", "silent_since": "tier.silent_days",
    "contact_since": "contact.window_days",
}  # fmt: skip

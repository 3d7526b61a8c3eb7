"""A year's settlement in a few statements, however many homes it has (FEE-28)."""

from __future__ import annotations

from typing import Any

from django.db import connection

from .plan import by_hash

# Whole cents by area, what is left to the largest remainders, the smaller key where they are equal: exact decimals throughout.
CUT = """
SELECT home.*, cents + CASE WHEN row_number() OVER (ORDER BY rest DESC, unit_id) <= spare THEN 1 ELSE 0 END AS part FROM (
    SELECT *, %(cents)s - sum(cents) OVER () AS spare FROM (
        SELECT *, div(%(cents)s * area, sum(area) OVER ()) AS cents, mod(%(cents)s * area, sum(area) OVER ()) AS rest FROM ({homes}) h
    ) cut
) home
"""
# The units that paid the fee within the year; a vacant one's share is its owner's, an unsold one's (no household) the developer's.
HOMES = """
SELECT u.id AS unit_id, u.building_id, u.code, u.area, u.state FROM estates_unit u WHERE u.estate_id = %(estate)s AND u.area > 0
    AND EXISTS (SELECT FROM billing_unitfee f WHERE f.estate_id = u.estate_id AND f.unit_id = u.id AND f.fee_id = %(fee)s
        AND (f.ends_on IS NULL OR f.ends_on > %(first)s) AND (f.starts_on IS NULL OR f.starts_on < %(last)s))
"""
SHARES = f"""
SELECT s.unit_id, CASE WHEN s.state <> 'unsold' THEN o.household_id END AS household_id, s.area, s.state = 'vacant' AS vacant,
    (s.part / 100)::numeric(14,2) AS cost, COALESCE(c.charged, 0.00) AS charged, s.building_id, s.code
FROM ({CUT.format(homes=HOMES)}) s
LEFT JOIN (
    SELECT DISTINCT ON (unit_id) unit_id, household_id FROM households_occupancy
    WHERE estate_id = %(estate)s AND kind = 'owner' AND during @> %(last)s::date - 1 ORDER BY unit_id, id
) o ON o.unit_id = s.unit_id
LEFT JOIN (
    SELECT unit_id, sum(amount) AS charged FROM billing_billline
    WHERE estate_id = %(estate)s AND fee_id = %(fee)s AND live AND period >= %(first)s AND period < %(last)s GROUP BY unit_id
) c ON c.unit_id = s.unit_id
"""
ROWS = f"""
SELECT s.unit_id, s.household_id, s.area, s.vacant, s.cost, s.charged FROM ({SHARES}) s
JOIN estates_building b ON b.estate_id = %(estate)s AND b.id = s.building_id ORDER BY b."order", s.code, s.unit_id LIMIT %(most)s
"""
SUMS = f"""
SELECT count(*) AS homes, COALESCE(sum(area), 0) AS area, COALESCE(sum(cost), 0) AS cost, COALESCE(sum(charged), 0) AS charged,
    COALESCE(sum(GREATEST(cost - charged, 0)), 0) AS owing, COALESCE(sum(GREATEST(charged - cost, 0)), 0) AS back,
    count(*) FILTER (WHERE vacant) AS vacant FROM ({SHARES}) s
"""
KEEP = f"""
INSERT INTO billing_settledshare (estate_id, settlement_id, unit_id, household_id, area, vacant, cost, charged)
SELECT %(estate)s, %(settlement)s, unit_id, household_id, area, vacant, cost, charged FROM ({SHARES}) s
"""
PAYERS = """
INSERT INTO billing_account (estate_id, code, unit_id, household_id)
SELECT estate_id, CASE WHEN cost > charged THEN %(receivable)s ELSE %(prepaid)s END, unit_id, household_id FROM billing_settledshare
WHERE estate_id = %(estate)s AND settlement_id = %(settlement)s AND cost <> charged ON CONFLICT DO NOTHING
"""
OF_SHARE = """JOIN billing_account a ON a.estate_id = s.estate_id AND a.unit_id = s.unit_id AND COALESCE(a.household_id, 0) = COALESCE(s.household_id, 0)
    AND a.code = {code} WHERE s.estate_id = %(estate)s AND s.settlement_id = %(settlement)s"""
# A bill of one line for each who prepaid too little, its transfer, and its event: one statement, nothing is read back.
CHARGE = f"""
WITH bill AS (
    INSERT INTO billing_bill (estate_id, account_id, unit_id, household_id, period, amount, due_on, live)
    SELECT s.estate_id, a.id, s.unit_id, s.household_id, %(month)s, s.cost - s.charged, %(due)s, true
    FROM billing_settledshare s {OF_SHARE.format(code="%(receivable)s")} AND s.cost > s.charged
    RETURNING id, account_id, unit_id, household_id, amount
), line AS (
    INSERT INTO billing_billline (estate_id, bill_id, unit_id, fee_id, period, until, amount, formula, inputs, live)
    SELECT %(estate)s, b.id, b.unit_id, %(charged_as)s, %(month)s, %(until)s, b.amount, %(words)s,
        jsonb_build_object('cost', s.cost::text, 'charged', s.charged::text), true
    FROM bill b JOIN billing_settledshare s ON s.estate_id = %(estate)s AND s.settlement_id = %(settlement)s AND s.unit_id = b.unit_id
    RETURNING id, bill_id, amount
), moved AS (
    INSERT INTO billing_transfer (estate_id, entry_id, debit_id, credit_id, amount, line_id, "on", period)
    SELECT %(estate)s, %(entry)s, b.account_id, %(income)s, l.amount, l.id, %(on)s, %(month)s FROM line l JOIN bill b ON b.id = l.bill_id
), event AS (
    INSERT INTO events_event (estate_id, action, actor_id, actor_name, subject_type, subject_id, particulars, at)
    SELECT %(estate)s, %(action)s, %(person)s, %(name)s, 'bill', id, jsonb_build_object('fee', %(fee_name)s::text, 'amount', amount::text,
        'due', %(due)s::date, 'household_id', household_id), %(at)s FROM bill RETURNING id
)
INSERT INTO events_outbox (estate_id, event_id, ready_at) SELECT %(estate)s, id, %(at)s FROM event
"""
BACK = f"""
WITH moved AS (
    INSERT INTO billing_transfer (estate_id, entry_id, debit_id, credit_id, amount, "on", period)
    SELECT s.estate_id, %(entry)s, %(income)s, a.id, s.charged - s.cost, %(on)s, %(month)s
    FROM billing_settledshare s {OF_SHARE.format(code="%(prepaid)s")} AND s.charged > s.cost
), event AS (
    INSERT INTO events_event (estate_id, action, actor_id, actor_name, subject_type, subject_id, particulars, at)
    SELECT %(estate)s, %(action)s, %(person)s, %(name)s, 'settled_share', id, jsonb_build_object('fee', %(fee_name)s::text, 'year', %(year)s::int,
        'amount', (charged - cost)::text, 'household_id', household_id), %(at)s FROM billing_settledshare
    WHERE estate_id = %(estate)s AND settlement_id = %(settlement)s AND charged > cost AND household_id IS NOT NULL RETURNING id
)
INSERT INTO events_outbox (estate_id, event_id, ready_at) SELECT %(estate)s, id, %(at)s FROM event
"""


def year_rows(values: dict[str, Any], most: int | None) -> list[tuple[Any, ...]]:
    """(unit, household, m², vacant, cost, charged) of a year's shares, in the order of the houses; at most so many."""
    with by_hash(), connection.cursor() as cursor:
        cursor.execute(ROWS, values | {"most": most})
        return cursor.fetchall()


def year_sums(values: dict[str, Any]) -> dict[str, Any]:
    """{"homes", "area", "cost", "charged", "owing", "back", "vacant"} of a year's shares, yuan."""
    with by_hash(), connection.cursor() as cursor:
        cursor.execute(SUMS, values)
        return dict(zip((column.name for column in cursor.description), cursor.fetchone(), strict=True))


def keep(values: dict[str, Any]) -> None:
    """Write every unit's share, and the accounts the differences go to."""
    with by_hash(), connection.cursor() as cursor:
        cursor.execute(KEEP, values)
        cursor.execute(PAYERS, values)


def write(statement: str, values: dict[str, Any]) -> None:
    """CHARGE or BACK."""
    with by_hash(), connection.cursor() as cursor:
        cursor.execute(statement, values)

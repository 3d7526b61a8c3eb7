"""`Household.in_arrears`, fed from the ledger: what the desk sees and duties of `household:arrears` go by.

A household is in arrears when a line of its own owes something and its bill's last day is past. Whoever moves a receivable
marks those it moved (posting, payment, waiver, reversal); the day's round marks the estate, because days pass by themselves.
Households that never had a bill keep what their import said.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from django.db import connection

from .reckoning.plan import by_hash

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

MARK = """
WITH late AS (
    SELECT DISTINCT household_id FROM (
        SELECT b.household_id FROM billing_bill b
        JOIN billing_billline l ON l.estate_id = b.estate_id AND l.bill_id = b.id
        JOIN billing_transfer t ON t.estate_id = l.estate_id AND t.line_id = l.id AND b.account_id IN (t.debit_id, t.credit_id) AND t."on" <= %(on)s
        WHERE b.estate_id = %(estate)s AND b.due_on < %(on)s AND b.household_id IS NOT NULL {some}
        GROUP BY b.household_id, l.id HAVING sum(CASE WHEN t.debit_id = b.account_id THEN t.amount ELSE -t.amount END) > 0
    ) line
)
UPDATE households_household h SET in_arrears = NOT h.in_arrears WHERE h.estate_id = %(estate)s
    AND h.in_arrears <> (h.id IN (SELECT household_id FROM late))
    AND EXISTS (SELECT FROM billing_bill b WHERE b.estate_id = h.estate_id AND b.household_id = h.id {some})
"""
SOME = "AND b.household_id = ANY(%(households)s)"
OF_RUN = (
    "AND b.household_id IN (SELECT household_id FROM billing_bill WHERE estate_id = %(estate)s AND run_id = %(run)s)"
)
# Just charged and late at once: every line of the run owes the whole of itself, no transfer need be read.
LATE = """
UPDATE households_household h SET in_arrears = true WHERE h.estate_id = %(estate)s AND NOT h.in_arrears
    AND h.id IN (SELECT household_id FROM billing_bill WHERE estate_id = %(estate)s AND run_id = %(run)s AND due_on < %(on)s)
"""


def mark_arrears(
    estate_id: int, on: date, households: Iterable[int | None] | None = None, run: int | None = None
) -> int:
    """Set the flag right at a business date: of some households, of those a run bills, else of all. How many changed."""
    some = "" if households is None else SOME
    values: dict[str, Any] = {
        "estate": estate_id,
        "on": on,
        "run": run,
        "households": [pk for pk in households or () if pk],
    }
    if households is not None and not values["households"]:
        return 0
    with by_hash() if households is None else nullcontext(), connection.cursor() as cursor:
        cursor.execute(MARK.format(some=OF_RUN if run else some), values)
        return int(cursor.rowcount)


def mark_late(estate_id: int, on: date, run: int) -> int:
    """Of a run that was posted this moment and whose last day to pay is past already. How many changed."""
    with by_hash(), connection.cursor() as cursor:
        cursor.execute(LATE, {"estate": estate_id, "on": on, "run": run})
        return int(cursor.rowcount)

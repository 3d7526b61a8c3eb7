"""Arrears and collection "as of" any date, for a whole estate in one statement each.

Written definitions (shown on the page; INC-01, FEE-20):
- *current*: lines of this calendar year. Rate = collected by the date ÷ charged by the date (less waivers).
- *previous years*: lines of earlier years. Rate = collected since 1 January ÷ what they owed on 1 January (less waivers since).
- *total*: both numerators over both denominators.
Collected is what came in money or from a prepayment, less refunds. A reversed charge counts nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection

from guanjia.billing.chart import BANK, CASH, ON_THE_WAY, PREPAID, RECEIVABLE
from guanjia.billing.reckoning.plan import as_written, by_hash
from guanjia.people.responsibility import HELD_ZONES, held_by

if TYPE_CHECKING:
    from datetime import date

MONEY_CODES = [CASH, BANK, ON_THE_WAY, PREPAID]
OWED = """
SELECT t.line_id, sum(CASE WHEN d.code = %(receivable)s THEN t.amount ELSE -t.amount END) AS owed
FROM billing_transfer t
JOIN billing_account d ON d.estate_id = t.estate_id AND d.id = t.debit_id
JOIN billing_account c ON c.estate_id = t.estate_id AND c.id = t.credit_id
WHERE t.estate_id = %(estate)s AND t.line_id IS NOT NULL AND t."on" <= %(on)s AND (d.code = %(receivable)s OR c.code = %(receivable)s)
GROUP BY t.line_id HAVING sum(CASE WHEN d.code = %(receivable)s THEN t.amount ELSE -t.amount END) <> 0
"""
ARREARS = f"""
SELECT b.unit_id, b.household_id, l.fee_id, b.period, b.due_on, o.owed, l.id FROM ({OWED}) o
JOIN billing_billline l ON l.estate_id = %(estate)s AND l.id = o.line_id
JOIN billing_bill b ON b.estate_id = l.estate_id AND b.id = l.bill_id
"""
AGES = f"""
SELECT CASE WHEN b.due_on >= %(on)s THEN 0 WHEN b.due_on > %(on)s::date - 31 THEN 1 WHEN b.due_on > %(on)s::date - 91 THEN 2
    WHEN b.due_on > %(on)s::date - 366 THEN 3 ELSE 4 END AS age, count(DISTINCT (b.unit_id, b.household_id)), sum(o.owed)
FROM ({OWED}) o JOIN billing_billline l ON l.estate_id = %(estate)s AND l.id = o.line_id
JOIN billing_bill b ON b.estate_id = l.estate_id AND b.id = l.bill_id GROUP BY 1 ORDER BY 1
"""
KEYS = {
    "zone": "COALESCE(z.name, '')",
    "building": "g.number",
    "fee": "f.name",
    "all": "''",
    "steward": "COALESCE(h.name, '')",
}
ORDERS = {
    "zone": "min(z.code)",
    "building": 'min(g."order")',
    "fee": "min(f.number)",
    "all": "1",
    "steward": "min(z.code)",
}
# Namesakes are two stewards. The zone is the one the home belonged to on the day, and its steward who answered for it then.
GROUPS = {"steward": "1, h.person_id"}
STEWARDS = f"""
LEFT JOIN estates_formerzone former ON former.estate_id = u.estate_id AND former.unit_id = u.id AND former.during @> %(on)s::date
LEFT JOIN ({HELD_ZONES}) h ON h.zone_id = CASE WHEN former.id IS NULL THEN u.zone_id ELSE former.zone_id END
"""
# What each grouping needs and no more, in the order it is joined.
OF_UNIT = "JOIN estates_unit u ON u.estate_id = l.estate_id AND u.id = l.unit_id"
OF_ZONE = f"{OF_UNIT} LEFT JOIN estates_zone z ON z.estate_id = u.estate_id AND z.id = u.zone_id"
JOINS = {
    "all": "",
    "fee": "JOIN billing_fee f ON f.estate_id = l.estate_id AND f.id = l.fee_id",
    "zone": OF_ZONE,
    "steward": f"{OF_ZONE} {STEWARDS}",
    "building": f"{OF_UNIT} JOIN estates_building g ON g.estate_id = u.estate_id AND g.id = u.building_id",
}
# Per line of any number of estates: charged, paid, what it owed on 1 January, paid since. The one place where "collected" is worked out.
LINES = """
moved AS (
    SELECT t.estate_id, t.line_id, t."on", CASE WHEN d.code = %(receivable)s THEN t.amount ELSE -t.amount END AS amount,
        CASE WHEN d.code = %(receivable)s THEN c.code ELSE d.code END = ANY(%(money)s) AS paid
    FROM billing_transfer t
    JOIN billing_account d ON d.estate_id = t.estate_id AND d.id = t.debit_id
    JOIN billing_account c ON c.estate_id = t.estate_id AND c.id = t.credit_id
    WHERE t.estate_id = ANY(%(estates)s) AND t.line_id IS NOT NULL AND t."on" <= %(on)s AND (d.code = %(receivable)s OR c.code = %(receivable)s)
), lines AS (
    SELECT estate_id, line_id, COALESCE(sum(amount) FILTER (WHERE NOT paid), 0) AS charged, -COALESCE(sum(amount) FILTER (WHERE paid), 0) AS paid,
        COALESCE(sum(amount) FILTER (WHERE "on" < %(year)s OR NOT paid), 0) AS opening,
        -COALESCE(sum(amount) FILTER (WHERE paid AND "on" >= %(year)s), 0) AS paid_since
    FROM moved GROUP BY estate_id, line_id
)
"""
# Both numerators and both denominators of a line: `Rate.total` is their quotient.
TOTAL_PAID = "CASE WHEN l.period >= %(year)s THEN s.paid ELSE s.paid_since END"
TOTAL_DUE = "CASE WHEN l.period >= %(year)s THEN s.charged ELSE s.opening END"
RATES = f"""
WITH {LINES}
SELECT {{key}}, COALESCE(sum(s.charged) FILTER (WHERE l.period >= %(year)s), 0), COALESCE(sum(s.paid) FILTER (WHERE l.period >= %(year)s), 0),
    COALESCE(sum(s.opening) FILTER (WHERE l.period < %(year)s), 0), COALESCE(sum(s.paid_since) FILTER (WHERE l.period < %(year)s), 0)
FROM lines s JOIN billing_billline l ON l.estate_id = s.estate_id AND l.id = s.line_id
{{joins}}
GROUP BY {{group}} ORDER BY {{order}}
"""


@dataclass(frozen=True)
class Owing:
    """One line that owes something at a date."""

    unit_id: int
    household_id: int | None
    fee_id: int
    period: date
    due_on: date
    owed: Decimal
    line_id: int


@dataclass(frozen=True)
class Rate:
    """Of one zone, steward, building, fee or the whole estate."""

    key: str
    charged: Decimal
    paid: Decimal
    opening: Decimal
    paid_since: Decimal

    @property
    def current(self) -> Decimal | None:
        return share(self.paid, self.charged)

    @property
    def previous(self) -> Decimal | None:
        return share(self.paid_since, self.opening)

    @property
    def total(self) -> Decimal | None:
        return share(self.paid + self.paid_since, self.charged + self.opening)

    @property
    def owed(self) -> Decimal:
        return self.charged - self.paid + self.opening - self.paid_since


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    """In per cent, one place; None of nothing."""
    return (part * 100 / whole).quantize(Decimal("0.1")) if whole else None


def arrears(estate: Any, on: date) -> list[Owing]:
    """Every line of an estate that owes something at the end of a business date. Within the estate's scope."""
    with by_hash(), connection.cursor() as cursor:
        cursor.execute(ARREARS, {"estate": estate.pk, "on": on, "receivable": RECEIVABLE})
        return [Owing(*row) for row in cursor.fetchall()]


def ageing(estate: Any, on: date) -> list[tuple[int, int, Decimal]]:
    """(age, payers, yuan): 0 not due yet, 1 up to 30 days late, 2 up to 90, 3 up to a year, 4 longer."""
    with by_hash(), connection.cursor() as cursor:
        cursor.execute(AGES, {"estate": estate.pk, "on": on, "receivable": RECEIVABLE})
        return [(age, payers, owed) for age, payers, owed in cursor.fetchall()]


def rates(estate: Any, on: date, by: str = "all") -> list[Rate]:
    """Collection rates by `zone`, `steward` (of the day), `building`, `fee` or `all`."""
    values = {
        "estate": estate.pk,
        "estates": [estate.pk],
        "on": on,
        "year": on.replace(month=1, day=1),
        "receivable": RECEIVABLE,
        "money": MONEY_CODES,
        **held_by(),
        "day": on,
        "time_zone": estate.time_zone,
    }
    with by_hash(), as_written(), connection.cursor() as cursor:
        cursor.execute(RATES.format(key=KEYS[by], group=GROUPS.get(by, "1"), order=ORDERS[by], joins=JOINS[by]), values)
        return [Rate(*row) for row in cursor.fetchall()]

"""The books as tables to read: trial balance, an account's movements, the journal."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext as _

from .chart import chart
from .reckoning.plan import by_hash

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

# The last snapshot before the month and what moved since: never the whole history once months are closed.
TRIAL = """
WITH last AS (SELECT max(month) AS month FROM billing_balance WHERE estate_id = %(estate)s AND month < %(month)s),
moved AS (
    SELECT e.period, t.debit_id, t.credit_id, t.amount FROM billing_entry e JOIN billing_transfer t ON t.estate_id = e.estate_id AND t.entry_id = e.id
    WHERE e.estate_id = %(estate)s AND e.period <= %(month)s AND e.period > COALESCE((SELECT month FROM last), DATE '1900-01-01')
), legs AS (
    SELECT debit_id AS account_id, period, amount AS debit, 0 AS credit FROM moved UNION ALL SELECT credit_id, period, 0, amount FROM moved
    UNION ALL SELECT account_id, month, closing, 0 FROM billing_balance WHERE estate_id = %(estate)s AND month = (SELECT month FROM last)
)
SELECT a.code, COALESCE(sum(l.debit - l.credit) FILTER (WHERE l.period < %(month)s), 0), COALESCE(sum(l.debit) FILTER (WHERE l.period = %(month)s), 0),
    COALESCE(sum(l.credit) FILTER (WHERE l.period = %(month)s), 0)
FROM legs l JOIN billing_account a ON a.estate_id = %(estate)s AND a.id = l.account_id GROUP BY a.code ORDER BY a.code
"""
JOURNAL = """
SELECT e."on", e.id, e.kind, e.words, d.code, du.code, dh.name, c.code, cu.code, ch.name, sum(t.amount), count(*), f.name
FROM billing_entry e JOIN billing_transfer t ON t.estate_id = e.estate_id AND t.entry_id = e.id
JOIN billing_account d ON d.estate_id = t.estate_id AND d.id = t.debit_id JOIN billing_account c ON c.estate_id = t.estate_id AND c.id = t.credit_id
LEFT JOIN estates_unit du ON du.estate_id = d.estate_id AND du.id = d.unit_id LEFT JOIN households_household dh ON dh.estate_id = d.estate_id AND dh.id = d.household_id
LEFT JOIN estates_unit cu ON cu.estate_id = c.estate_id AND cu.id = c.unit_id LEFT JOIN households_household ch ON ch.estate_id = c.estate_id AND ch.id = c.household_id
LEFT JOIN billing_billline l ON l.estate_id = t.estate_id AND l.id = t.line_id LEFT JOIN billing_fee f ON f.estate_id = l.estate_id AND f.id = l.fee_id
WHERE e.estate_id = %(estate)s AND e.period = %(month)s
GROUP BY e."on", e.id, e.kind, e.words, d.code, du.code, dh.name, c.code, cu.code, ch.name, f.name ORDER BY e."on", e.id, du.code, cu.code, d.code, c.code
"""


@dataclass(frozen=True)
class TrialLine:
    code: str
    opening: Decimal  # debit positive
    debits: Decimal
    credits: Decimal

    @property
    def title(self) -> str:
        return _(chart().accounts[self.code].title)

    @property
    def closing(self) -> Decimal:
        return self.opening + self.debits - self.credits

    def side(self, amount: Decimal, side: str) -> Decimal | None:
        """The amount where it stands on that side."""
        return amount if amount > 0 and side == "debit" else -amount if amount < 0 and side == "credit" else None


def trial_balance(estate: Any, month: date) -> list[TrialLine]:
    """One line for every account of the chart that has ever moved."""
    with by_hash(), connection.cursor() as cursor:
        cursor.execute(TRIAL, {"estate": estate.pk, "month": month})
        return [TrialLine(*row) for row in cursor.fetchall()]


def journal(estate: Any, month: date) -> Iterator[tuple[Any, ...]]:
    """A month's movements in order, streamed."""
    with by_hash(), connection.chunked_cursor() as cursor:
        cursor.execute(JOURNAL, {"estate": estate.pk, "month": month})
        yield from cursor

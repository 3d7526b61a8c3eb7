"""Taking a posted run back, whole: swapped legs; what had been paid becomes the payer's prepayment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.billing.chart import PREPAID, RECEIVABLE
from guanjia.billing.overdue import mark_arrears
from guanjia.billing.reckoning.plan import by_hash
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb

from .bill import Bill
from .period import Period
from .transfer import Entry, EntryKind

if TYPE_CHECKING:
    from datetime import datetime

# What each line's receivable stands at, now: charged less paid, waived …
OWED = """
CREATE TEMP TABLE staged_undone ON COMMIT DROP AS
SELECT l.id AS line_id, b.account_id, b.unit_id, b.household_id, l.amount,
    COALESCE((SELECT sum(CASE WHEN t.debit_id = b.account_id THEN t.amount ELSE -t.amount END) FROM billing_transfer t
        WHERE t.estate_id = l.estate_id AND t.line_id = l.id AND b.account_id IN (t.debit_id, t.credit_id)), 0) AS owed
FROM billing_bill b JOIN billing_billline l ON l.estate_id = b.estate_id AND l.bill_id = b.id
WHERE b.estate_id = %(estate)s AND b.run_id = %(run)s AND l.live
"""
# The charge goes back where it came from; waivers of it go back as well, so that nothing but money is left over.
SWAPPED = """
INSERT INTO billing_transfer (estate_id, entry_id, debit_id, credit_id, amount, line_id, "on", period)
SELECT t.estate_id, %(entry)s, t.credit_id, t.debit_id, t.amount, t.line_id, %(on)s, %(month)s
FROM staged_undone u JOIN billing_transfer t ON t.estate_id = %(estate)s AND t.line_id = u.line_id
JOIN billing_entry e ON e.estate_id = t.estate_id AND e.id = t.entry_id WHERE e.kind IN ('bill', 'waiver')
"""
PREPAYERS = """
INSERT INTO billing_account (estate_id, code, unit_id, household_id)
SELECT DISTINCT %(estate)s::bigint, %(prepaid)s, unit_id, household_id FROM staged_undone ON CONFLICT DO NOTHING
"""
FREED = """
INSERT INTO billing_transfer (estate_id, entry_id, debit_id, credit_id, amount, line_id, "on", period)
SELECT %(estate)s, %(entry)s, u.account_id, a.id, -rest.amount, u.line_id, %(on)s, %(month)s
FROM staged_undone u
JOIN LATERAL (SELECT sum(CASE WHEN t.debit_id = u.account_id THEN t.amount ELSE -t.amount END) AS amount FROM billing_transfer t
    WHERE t.estate_id = %(estate)s AND t.line_id = u.line_id AND u.account_id IN (t.debit_id, t.credit_id)) rest ON rest.amount < 0
JOIN billing_account a ON a.estate_id = %(estate)s AND a.code = %(prepaid)s AND a.unit_id = u.unit_id AND COALESCE(a.household_id, 0) = COALESCE(u.household_id, 0)
"""
DEAD = "UPDATE billing_billline l SET live = false FROM staged_undone u WHERE l.estate_id = %(estate)s AND l.id = u.line_id"


class Reversible:
    """From posted to reversed."""

    @verb
    def reverse(self, *, by: Any, why: str, at: datetime | None = None) -> Entry:
        """Undo the whole run today. Its lines may be charged again; nothing that was written is changed or removed."""
        if by is not None:
            by.must("bill.reverse")
        if not why.strip():
            raise Refused(_("请写明为什么冲销。"), code="why_missing")
        at = at or clock.now()
        on = max(clock.today(self.estate, at), self.entry.on if self.entry else self.period)
        Period.objects.must_be_open(self.estate, on)
        self._move(("posted",), "reversed", ended_at=at)
        entry = Entry.objects.create(
            estate=self.estate, kind=EntryKind.REVERSAL, on=on, period=on.replace(day=1), key=f"undo run {self.pk}", reverses=self.entry,
            words=why.strip()[:200], author_id=by.person_id if by else None, at=at,
        )  # fmt: skip
        values = {
            "estate": self.estate_id,
            "run": self.pk,
            "entry": entry.pk,
            "on": on,
            "month": entry.period,
            "code": RECEIVABLE,
            "prepaid": PREPAID,
        }
        with by_hash(), connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS staged_undone")  # of a run reversed earlier in this transaction
            for statement in (OWED, SWAPPED):
                cursor.execute(statement, values)
            cursor.execute("SELECT EXISTS (SELECT FROM staged_undone WHERE owed <> amount)")
            if cursor.fetchone()[0]:
                cursor.execute(PREPAYERS, values)
                cursor.execute(FREED, values)
            cursor.execute(DEAD, values)
        Bill.objects.at_estate(self.estate_id).filter(run=self).update(live=False)
        mark_arrears(self.estate_id, clock.today(self.estate, at), run=self.pk)
        self._withdraw(by, at)
        Event.objects.record(
            Action.RUN_REVERSED,
            self,
            by=by,
            at=at,
            period=f"{self.period:%Y-%m}",
            why=why.strip(),
            total=str(self.total),
        )
        return entry

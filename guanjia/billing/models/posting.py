"""Posting a run: bills, lines, transfers and events in one transaction, each by one statement."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.billing.chart import RECEIVABLE, chart
from guanjia.billing.overdue import mark_late
from guanjia.billing.reckoning.plan import by_hash, silent
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb

from .account import Account
from .drafting import hold_month, stage
from .period import Period
from .transfer import Entry, EntryKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

PAYERS = """
INSERT INTO billing_account (estate_id, code, unit_id, household_id)
SELECT DISTINCT %(estate)s::bigint, %(code)s, c.unit_id, c.household_id FROM staged_charge c
WHERE c.refusal IS NULL AND c.amount > 0 AND NOT EXISTS (
    SELECT FROM billing_account a WHERE a.estate_id = %(estate)s AND a.code = %(code)s AND a.unit_id = c.unit_id
        AND COALESCE(a.household_id, 0) = COALESCE(c.household_id, 0))
ON CONFLICT DO NOTHING
"""
BILLS = """
INSERT INTO billing_bill (estate_id, run_id, account_id, unit_id, household_id, period, amount, due_on, live)
SELECT %(estate)s, %(run)s, a.id, c.unit_id, c.household_id, %(period)s, c.amount, %(due)s, true
FROM (SELECT unit_id, household_id, sum(amount) AS amount FROM staged_charge WHERE refusal IS NULL AND amount > 0 GROUP BY unit_id, household_id) c
JOIN billing_account a ON a.estate_id = %(estate)s AND a.code = %(code)s AND a.unit_id = c.unit_id AND COALESCE(a.household_id, 0) = COALESCE(c.household_id, 0)
"""
# The lines and, from what was just written, their transfers: one statement, nothing is read back.
LINES = """
WITH made AS (
    INSERT INTO billing_billline (estate_id, bill_id, unit_id, fee_id, tariff_id, period, until, amount, formula, inputs, live)
    SELECT %(estate)s, b.id, c.unit_id, c.fee_id, c.tariff_id, c.period, c.until, c.amount, COALESCE(t.expression, ''), c.inputs, true
    FROM staged_charge c
    JOIN billing_bill b ON b.estate_id = %(estate)s AND b.run_id = %(run)s AND b.unit_id = c.unit_id AND COALESCE(b.household_id, 0) = COALESCE(c.household_id, 0)
    LEFT JOIN billing_tariff t ON t.estate_id = %(estate)s AND t.id = c.tariff_id
    WHERE c.refusal IS NULL AND c.amount > 0
    RETURNING id, bill_id, fee_id, amount
)
INSERT INTO billing_transfer (estate_id, entry_id, debit_id, credit_id, amount, line_id, "on", period)
SELECT %(estate)s, %(entry)s, b.account_id, i.account_id, m.amount, m.id, %(on)s, %(month)s
FROM made m JOIN billing_bill b ON b.estate_id = %(estate)s AND b.run_id = %(run)s AND b.id = m.bill_id
JOIN unnest(%(fees)s::bigint[], %(incomes)s::bigint[]) AS i (fee_id, account_id) ON i.fee_id = m.fee_id
"""


class Postable:
    """From reviewed to posted."""

    entry: Any

    @verb
    def post(
        self, *, by: Any = None, at: datetime | None = None, progress: Callable[[int, int, str], None] = silent
    ) -> None:
        """Write what was reviewed, whole or not at all. Refused when anything changed since the draft.

        A run that is posted already stays as it is, so the same call after a crash is harmless.
        """
        if by is not None:
            by.must("bill.post")
        at = at or clock.now()
        month = hold_month(self.estate, self.period)
        row = type(self).objects.at_estate(self.estate_id).select_for_update().get(pk=self.pk)
        if row.state == "posted":
            self.refresh_from_db()
            return
        if row.state != "reviewed":
            raise Refused(_("请先复核再过账。"), code="not_reviewed")
        progress(0, 5, _("核对"))
        with by_hash():
            self._post_reviewed(month, by, at, progress)
        Event.objects.record(
            Action.RUN_POSTED,
            self,
            by=by,
            at=at,
            period=f"{self.period:%Y-%m}",
            lines=self.lines,
            total=str(self.total),
        )
        progress(5, 5, _("完成"))

    def _post_reviewed(self, month: Period, by: Any, at: datetime, progress: Callable[[int, int, str], None]) -> None:
        found = stage(self.estate, self.period, at)
        if (found.figures.digest, found.figures.lines) != (self.digest, self.lines):
            raise Refused(_("复核以后数据有变化，请重新生成草稿再复核。"), code="changed_since_review")
        on = self._business_date(month, at)
        due = on + timedelta(days=parameter(self.estate, "billing.due_days", at))
        self.entry = Entry.objects.create(
            estate=self.estate, kind=EntryKind.BILL, on=on, period=on.replace(day=1), key=f"run {self.pk}",
            words=_("%(period)s 出账") % {"period": f"{self.period:%Y-%m}"}, author_id=by.person_id if by else None, at=at,
        )  # fmt: skip
        self._write(found.charges, on, due, progress)
        self._move(("reviewed",), "posted", entry=self.entry, posted_at=at)
        if due < (today := clock.today(self.estate, at)):  # a month of long ago is late at once
            mark_late(self.estate_id, today, self.pk)

    def _business_date(self, month: Period, at: datetime) -> date:
        """The first of the month it charges (held, so nobody closes it meanwhile); when that is closed, the day of posting."""
        if not month.closed:
            return self.period
        today = clock.today(self.estate, at)
        Period.objects.must_be_open(self.estate, today)
        return today

    def _write(self, charges: list[Any], on: date, due: date, progress: Callable[[int, int, str], None]) -> None:
        book = Account.objects.book(self.estate, {income_of(charge.fee) for charge in charges})
        values = {
            "estate": self.estate_id, "run": self.pk, "code": RECEIVABLE, "period": self.period, "due": due,
            "entry": self.entry.pk, "on": on, "month": on.replace(day=1), "fees": [charge.fee.pk for charge in charges],
            "incomes": [book[income_of(charge.fee)] for charge in charges],
        }  # fmt: skip
        with connection.cursor() as cursor:
            for step, (words, statement) in enumerate(
                ((_("付款人"), PAYERS), (_("账单"), BILLS), (_("明细和分录"), LINES)), 1
            ):
                progress(step, 5, words)
                cursor.execute(statement, values)
                if statement is LINES and cursor.rowcount != self.lines:
                    raise AssertionError(f"run {self.pk}: {cursor.rowcount} of {self.lines} lines")


def income_of(fee: Any) -> str:
    """The account a fee earns at: its own word, else by its basis."""
    return fee.income or chart().income_of(fee.reckoned_by)

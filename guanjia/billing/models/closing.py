"""Closing a month keeps every account's balance; opening it again takes two persons (FIN-04)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.billing.months import month_after
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import datetime

SNAPSHOT = """
INSERT INTO billing_balance (estate_id, account_id, month, debits, credits, closing)
SELECT %(estate)s, a.id, %(month)s, COALESCE(m.debits, 0), COALESCE(m.credits, 0), COALESCE(p.closing, 0) + COALESCE(m.debits, 0) - COALESCE(m.credits, 0)
FROM billing_account a
LEFT JOIN billing_balance p ON p.estate_id = a.estate_id AND p.account_id = a.id AND p.month = %(before)s
LEFT JOIN (
    SELECT account_id, sum(debit) AS debits, sum(credit) AS credits FROM (
        SELECT t.debit_id AS account_id, t.amount AS debit, 0 AS credit FROM billing_entry e
        JOIN billing_transfer t ON t.estate_id = e.estate_id AND t.entry_id = e.id WHERE e.estate_id = %(estate)s AND e.period = %(month)s
        UNION ALL SELECT t.credit_id, 0, t.amount FROM billing_entry e
        JOIN billing_transfer t ON t.estate_id = e.estate_id AND t.entry_id = e.id WHERE e.estate_id = %(estate)s AND e.period = %(month)s
    ) legs GROUP BY account_id
) m ON m.account_id = a.id
WHERE a.estate_id = %(estate)s AND (m.account_id IS NOT NULL OR p.account_id IS NOT NULL)
"""


class Closable:
    """A month's end and its second life."""

    @verb
    def close(self, *, by: Any, at: datetime | None = None) -> None:
        """Close the month: in order, when it is over and no run of it is unfinished."""
        from .period import Balance
        from .run import BillRun
        from .transfer import Entry

        if by is not None:
            by.must("ledger.close")
        at = at or clock.now()
        rows = type(self).objects.at_estate(self.estate_id)
        locked = rows.select_for_update().get(pk=self.pk)
        if locked.closed:
            raise Refused(_("%(month)s 已经结账。") % {"month": self}, code="already_closed")
        if clock.today(self.estate, at) < month_after(self.month):
            raise Refused(_("%(month)s 还没有结束。") % {"month": self}, code="not_over")
        if BillRun.objects.at_estate(self.estate_id).open().filter(period=self.month).exists():
            raise Refused(_("还有没过账的出账批次，请先过账或作废。"), code="run_open")
        closed = rows.filter(closed=True).order_by("-month").first()
        earlier = Entry.objects.filter(estate_id=self.estate_id, period__lt=self.month)
        earlier = earlier.filter(period__gt=closed.month) if closed else earlier
        if (closed and closed.month > self.month) or earlier.exists():
            raise Refused(_("请按月份先后结账。"), code="out_of_order")
        Balance.objects.filter(estate_id=self.estate_id, month=self.month).delete()
        with connection.cursor() as cursor:
            cursor.execute(
                SNAPSHOT, {"estate": self.estate_id, "month": self.month, "before": closed.month if closed else None}
            )
        self.closed = True
        self.save(update_fields=["closed"])
        Event.objects.record(Action.PERIOD_CLOSED, self, by=by, at=at, told=False, month=f"{self.month:%Y-%m}")

    @verb
    def ask_reopening(self, why: str, *, by: Any, at: datetime | None = None) -> Any:
        """The first of two persons. Only the last closed month can be opened."""
        from .period import Reopening

        by.must("ledger.reopen")
        at = at or clock.now()
        if not why.strip():
            raise Refused(_("请写明为什么反结账。"), code="why_missing")
        self._must_be_last_closed()
        made = Reopening.objects.create(
            estate_id=self.estate_id, period=self, why=why.strip()[:200], asker_id=by.person_id, asked_at=at
        )
        Event.objects.record(Action.PERIOD_REOPEN_ASKED, self, by=by, at=at, month=f"{self.month:%Y-%m}", why=made.why)
        return made

    @verb
    def agree_reopening(self, *, by: Any, at: datetime | None = None) -> None:
        """The second person, who is not the first."""
        from .period import Balance, Reopening

        by.must("ledger.reopen")
        at = at or clock.now()
        asked = Reopening.objects.filter(estate_id=self.estate_id, period=self, agreed_at__isnull=True)
        one = asked.select_for_update().first()
        if one is None:
            raise Refused(_("没有待同意的反结账申请。"), code="not_asked")
        if one.asker_id == by.person_id:
            raise Refused(_("反结账要由另一个人同意。"), code="same_person")
        self._must_be_last_closed()  # another month may have been closed upon it since it was asked
        one.agreer_id, one.agreed_at, self.closed = by.person_id, at, False
        one.save(update_fields=["agreer", "agreed_at"])
        Balance.objects.filter(estate_id=self.estate_id, month=self.month).delete()
        self.save(update_fields=["closed"])
        Event.objects.record(Action.PERIOD_REOPENED, self, by=by, at=at, told=False, month=f"{self.month:%Y-%m}")

    def _must_be_last_closed(self) -> None:
        self.refresh_from_db(fields=["closed"])
        later = type(self).objects.at_estate(self.estate_id).filter(closed=True, month__gt=self.month)
        if not self.closed or later.exists():
            raise Refused(_("只有最近结账的月份可以反结账。"), code="not_last_closed")

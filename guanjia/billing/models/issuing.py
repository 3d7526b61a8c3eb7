"""Sending the statements of a posted run out: one event a bill, by one statement (FEE-03, FEE-04)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import datetime

# Each bill has its event; a household hears once of all its bills in the run, with their sum, as Event.objects.record writes it.
ISSUED = """
WITH event AS (
    INSERT INTO events_event (estate_id, action, actor_id, actor_name, subject_type, subject_id, particulars, at)
    SELECT %(estate)s, %(action)s, %(person)s, %(name)s, 'bill', id,
        jsonb_build_object('period', %(period)s::text, 'amount', amount::text, 'due', due_on, 'household_id', household_id,
            'total', (sum(amount) OVER (PARTITION BY household_id))::text), %(at)s
    FROM billing_bill WHERE estate_id = %(estate)s AND run_id = %(run)s AND live RETURNING id, particulars -> 'household_id' AS household_id
)
INSERT INTO events_outbox (estate_id, event_id, ready_at)
SELECT %(estate)s, min(id), %(at)s FROM event WHERE household_id <> 'null' GROUP BY household_id
"""
# A run is taken back: whoever had its statement hears once.
WITHDRAWN = """
WITH told AS (
    SELECT household_id, min(id) AS bill_id, sum(amount) AS amount FROM billing_bill
    WHERE estate_id = %(estate)s AND run_id = %(run)s AND household_id IS NOT NULL GROUP BY household_id
), event AS (
    INSERT INTO events_event (estate_id, action, actor_id, actor_name, subject_type, subject_id, particulars, at)
    SELECT %(estate)s, %(action)s, %(person)s, %(name)s, 'bill', bill_id,
        jsonb_build_object('period', %(period)s::text, 'amount', amount::text, 'household_id', household_id), %(at)s FROM told RETURNING id
)
INSERT INTO events_outbox (estate_id, event_id, ready_at) SELECT %(estate)s, id, %(at)s FROM event
"""


class Issuable:
    """From posted to sent out."""

    issued_at: datetime | None

    @verb
    def issue(self, *, by: Any = None, at: datetime | None = None) -> int:
        """Returns how many households are told: none when the statements went out before."""
        if by is not None:
            by.must("bill.draft")
        if self.state != "posted":
            raise Refused(_("过账以后才能发对账单。"), code="not_posted")
        at = at or clock.now()
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, state="posted", issued_at__isnull=True)
        if not rows.update(issued_at=at):
            return 0
        self.issued_at = at
        return self._tell(ISSUED, Action.BILL_ISSUED, by, at)

    def _withdraw(self, by: Any, at: datetime) -> int:
        """Tell the households that the statement they have no longer counts. How many are told."""
        self.refresh_from_db(fields=["issued_at"])  # it may have gone out since the run was read
        if self.issued_at is None:
            return 0
        return self._tell(WITHDRAWN, Action.BILL_WITHDRAWN, by, at)

    def _tell(self, statement: str, action: Action, by: Any, at: datetime) -> int:
        values = {
            "estate": self.estate_id, "run": self.pk, "at": at, "action": action.value, "person": by.person_id if by else None,
            "name": by.name if by else "", "period": f"{self.period:%Y-%m}",
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return int(cursor.rowcount)

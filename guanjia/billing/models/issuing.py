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

# Every household hears of its bill: the event and what has to be told of it, as Event.objects.record writes them.
ISSUED = """
WITH issued AS (
    UPDATE billing_bill SET issued_at = %(at)s WHERE estate_id = %(estate)s AND run_id = %(run)s AND live AND issued_at IS NULL
    RETURNING id, household_id, amount, due_on
), event AS (
    INSERT INTO events_event (estate_id, action, actor_id, actor_name, subject_type, subject_id, particulars, at)
    SELECT %(estate)s, %(action)s, %(person)s, %(name)s, 'bill', id,
        jsonb_build_object('period', %(period)s::text, 'amount', amount::text, 'due', due_on, 'household_id', household_id), %(at)s
    FROM issued RETURNING id, particulars
)
INSERT INTO events_outbox (estate_id, event_id, ready_at)
SELECT %(estate)s, id, %(at)s FROM event WHERE particulars ->> 'household_id' IS NOT NULL
"""


class Issuable:
    """From posted to sent out; bills that were sent before stay so."""

    @verb
    def issue(self, *, by: Any = None, at: datetime | None = None) -> int:
        """Returns how many households are told."""
        if by is not None:
            by.must("bill.draft")
        if self.state != "posted":
            raise Refused(_("过账以后才能发对账单。"), code="not_posted")
        at = at or clock.now()
        values = {
            "estate": self.estate_id, "run": self.pk, "at": at, "action": Action.BILL_ISSUED.value, "person": by.person_id if by else None,
            "name": by.name if by else "", "period": f"{self.period:%Y-%m}",
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(ISSUED, values)
            return int(cursor.rowcount)

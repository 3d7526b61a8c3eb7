"""A single charge outside a run: a deposit, a paid service, a late charge."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.billing.chart import RECEIVABLE, chart
from guanjia.billing.months import month_after
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateQuerySet
from guanjia.tenancy.scope import estate_scope

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from .bill import Bill


class BillQuerySet(EstateQuerySet["Bill"]):
    def visible_to(self, reach: Any) -> BillQuerySet:
        """Residents see their household's; staff what their reach holds, with the permission."""
        rows = self.at_estate(reach.estate)
        if reach.is_resident and not reach.is_staff:
            return rows.filter(household_id__in=reach.households, live=True)
        if not reach.may("bill.read"):
            return rows.none()
        return rows if reach.sees == "estate" else rows.filter(unit__zone_id__in=reach.zones)

    def charge(
        self, unit: Any, household: Any, fee: Any, amount: Decimal, *, by: Any = None, period: date | None = None, words: str = "", key: str = "",
        inputs: dict[str, Any] | None = None, due_on: date | None = None, again: bool = False, at: datetime | None = None,
    ) -> Bill:  # fmt: skip
        """Charge one amount: a bill of one line with its transfer. The same `key` charges once.

        Refused when the fee is charged to the unit in that month already (one live line a unit, fee and month), unless `again`:
        what may happen several times a month, each with a key of its own, is counted.
        """
        from .account import Account
        from .bill import BillLine
        from .transfer import EntryKind, Leg, Transfer

        if by is not None:
            by.must("bill.draft")
        at, estate = at or clock.now(), fee.estate
        on = clock.today(estate, at)
        period = (period or on).replace(day=1)
        with estate_scope(estate):
            if key and (known := self.at_estate(estate).filter(lines__transfers__entry__key=key).first()):
                return known
            before = BillLine.objects.at_estate(estate).filter(unit=unit, fee=fee, period=period, live=True)
            serial = _serial(before, again)
            account = Account.objects.of(estate, RECEIVABLE, unit=unit, household=household)
            due = due_on or on + timedelta(days=parameter(estate, "billing.due_days", at))
            bill = self.create(
                estate=estate, account=account, unit=unit, household=household, period=period, amount=amount, due_on=due
            )
            line = BillLine.objects.create(
                estate=estate, bill=bill, unit=unit, fee=fee, period=period, until=month_after(period), amount=amount, inputs=inputs or {"fixed": str(amount)},
                formula=words[:300], serial=serial,
            )  # fmt: skip
            income = Account.objects.of(estate, fee.income or chart().income_of(fee.reckoned_by))
            Transfer.objects.post(
                [Leg(account, income, amount, line.pk)],
                estate=estate,
                kind=EntryKind.BILL,
                on=on,
                words=words or fee.name,
                key=key,
                by=by,
                at=at,
            )
            said = {"fee": fee.name, "amount": str(amount), "due": str(due), "household_id": bill.household_id}
            Event.objects.record(Action.BILL_CHARGED, bill, by=by, at=at, **said)
            return bill


def _serial(before: Any, again: bool) -> int:
    """0 for what is charged once a month; the next number of what may come several times."""
    last = before.order_by("-serial").values_list("serial", flat=True).first()
    if last is not None and not again:
        raise Refused(_("这个月已经收过这项费用。"), code="already_billed")
    return (last or 0) + 1 if again else 0

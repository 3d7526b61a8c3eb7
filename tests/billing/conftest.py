"""Money for the cast: fees as a workbook brings them, and people who keep the books."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from guanjia.billing.models import Account, BillRun, EntryKind, Fee, Leg, Tariff, Transfer, UnitFee
from guanjia.people.roles import Role
from guanjia.tenancy.scope import estate_scope
from tests.cast import post, staff

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


class Books:
    """What tests say to the cast's books."""

    def __init__(self, cast):
        self.cast, self.estate = cast, cast.sunny

    def fee(self, number="1", name="物业服务费", *, units=None, since=date(2025, 1, 1), **more):
        """A fee that the given units (default: all three) pay."""
        said = {
            "formula": "1001",
            "price": Decimal("2.65"),
            "category": "物业费",
            "flag": "周期性费用",
            "payment_mode": "后付费",
            "starts_on": since,
        } | more
        fee = Fee.objects.create(estate=self.estate, number=number, name=name, **said)
        for unit in units if units is not None else [self.cast.home, self.cast.home_next, self.cast.home_west]:
            UnitFee.objects.create(estate=self.estate, unit=unit, fee=fee, starts_on=since)
        return fee

    def tariff(self, fee, starts_on, expression="面积*单价", price="2.65", **more):
        return Tariff.objects.create(
            estate=self.estate, fee=fee, starts_on=starts_on, price=price, expression=expression, at=AT, **more
        )

    def draft(self, period=MARCH):
        return BillRun.objects.draft(self.estate, period)

    def post(self, period=MARCH):
        run = self.draft(period)
        if run.state == "draft" and run.lines:
            run.review()
            run.post()
        return run

    def pay(self, line, amount, on=None):
        """Cash for a line, as the counter posts it."""
        account = line.bill.account
        cash = Account.objects.of(self.estate, "1001")
        return Transfer.objects.post(
            [Leg(cash, account, Decimal(amount), line.pk)], estate=self.estate, kind=EntryKind.PAYMENT, on=on
        )

    def give(self, line, amount):
        """Cash back for what was paid on a line."""
        leg = Leg(line.bill.account, Account.objects.of(self.estate, "1001"), Decimal(amount), line.pk)
        return Transfer.objects.post([leg], estate=self.estate, kind=EntryKind.REFUND, on=date(2026, 4, 1))

    def waive(self, line, amount):
        """A part of a line that need not be paid."""
        [charge] = line.transfers.filter(entry__kind=EntryKind.BILL)
        leg = Leg(charge.credit, line.bill.account, Decimal(amount), line.pk)
        return Transfer.objects.post([leg], estate=self.estate, kind=EntryKind.WAIVER, on=date(2026, 4, 1))


@pytest.fixture
def books(cast):
    cast.finance = staff(cast.company, "finance", "沈会计")
    cast.cash = staff(cast.company, "cash", "贾出纳")
    with estate_scope(cast.sunny):
        post(cast.sunny, cast.finance, Role("finance_lead") if hasattr(Role, "FINANCE_LEAD") else "finance_lead")
        post(cast.sunny, cast.cash, Role.CASHIER)
    return Books(cast)

"""The households' flag of arrears follows the ledger (FEE-05, FEE-19)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanjia.billing.arrears import arrears
from guanjia.billing.models import Account, BillLine, EntryKind, Fee, Leg, Transfer, UnitFee
from guanjia.billing.overdue import mark_arrears
from guanjia.households.models import Household

LONG_AGO = date(2025, 12, 1)


def owes(cast):
    return Household.objects.get(pk=cast.meis.pk).in_arrears


def test_posting_paying_and_reversing_move_the_flag(books, cast):
    """FEE-05: a month of long ago is late when it is posted; the last cent clears it; a refund brings it back."""
    books.fee()
    run = books.post(LONG_AGO)
    assert owes(cast)
    line = BillLine.objects.get(unit=cast.home)
    books.pay(line, "237.17")
    assert owes(cast)
    books.pay(line, "0.01")
    assert not owes(cast)
    cash = Account.objects.of(cast.sunny, "1001")
    Transfer.objects.post(
        [Leg(line.bill.account, cash, Decimal("5.00"), line.pk)], estate=cast.sunny, kind=EntryKind.REFUND
    )
    assert owes(cast)
    run.reverse(by=None, why="单价错了")
    assert not owes(cast)


def test_who_has_time_left_is_not_late(books, cast):
    """FEE-05: a bill within its days is owed, not late; an estate's round finds it late when they are past."""
    books.fee()
    books.post(date(2026, 3, 1))
    assert not owes(cast)
    [due] = {row.due_on for row in arrears(cast.sunny, date(2026, 3, 31))}
    assert mark_arrears(cast.sunny.pk, due) == 0
    assert mark_arrears(cast.sunny.pk, due + timedelta(days=1)) == 2 and owes(cast)  # two of the three homes are sold


def test_without_a_bill_the_import_stands(books, cast):
    """FEE-19: the books say nothing of a household they never billed."""
    Household.objects.filter(pk=cast.meis.pk).update(in_arrears=True)
    assert mark_arrears(cast.sunny.pk, date(2026, 3, 10)) == 0 and owes(cast)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 9000), max_size=4))
def test_the_flag_is_what_arrears_say(books, cast, parts):
    """FEE-05: after any payments the flag equals the arrears as of today."""
    number = str(Fee.objects.count() + 1)
    fee = books.fee(number, f"费{number}", units=[])
    UnitFee.objects.create(estate=cast.sunny, unit=cast.home, fee=fee, starts_on=date(2025, 1, 1))
    books.post(LONG_AGO)
    line = BillLine.objects.get(unit=cast.home, fee=fee)
    left = line.amount
    for cents in parts:
        part = min(Decimal(cents) / 100, left)
        if part:
            books.pay(line, part)
            left -= part
    from guanjia import clock

    today = clock.today(cast.sunny)
    assert owes(cast) == any(
        row.household_id == cast.meis.pk and row.due_on < today for row in arrears(cast.sunny, today)
    )


@pytest.mark.parametrize("households", [[], [None]])
def test_nobody_is_nobody(books, cast, households):
    """FEE-05: the developer is no household."""
    assert mark_arrears(cast.sunny.pk, date(2026, 3, 10), households) == 0

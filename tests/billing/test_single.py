"""Single charges, and what the counter stands on."""

from __future__ import annotations

from decimal import Decimal

import pytest

from guanjia.billing.checks import findings
from guanjia.billing.models import Bill, BillLine, Transfer
from guanjia.tenancy.errors import NotAllowed, Refused


def test_a_single_charge_is_charged_once(books, cast):
    """FEE-26: a paid service has its own price; the same key charges once, the same month refuses a second."""
    fee = books.fee("7", "装修押金", units=[], basis="deposit", formula="2002")
    bill = Bill.objects.charge(
        cast.home, cast.meis, fee, Decimal("2000.00"), by=cast.as_("cash"), key="d1", words="装修押金"
    )
    assert (
        Bill.objects.charge(cast.home, cast.meis, fee, Decimal("2000.00"), by=cast.as_("cash"), key="d1").pk == bill.pk
    )
    with pytest.raises(Refused, match="已经收过"):
        Bill.objects.charge(cast.home, cast.meis, fee, Decimal("2000.00"), by=cast.as_("cash"), key="d2")
    with pytest.raises(NotAllowed):
        Bill.objects.charge(cast.home, cast.meis, fee, Decimal("1.00"), by=cast.as_("ming"))
    assert (
        Transfer.objects.get().credit.code == "2241.02"
        and bill.lines.get().amount == Decimal("2000.00")
        and not list(findings(cast.sunny))
    )


def test_payments_go_to_the_oldest_first(books, cast):
    """Design §5: what owes is listed oldest first; a waiver is no collection; nothing owes less than nothing."""
    from datetime import date

    from guanjia.billing.arrears import rates
    from guanjia.billing.models import Account, EntryKind, Leg

    books.fee(units=[cast.home])
    books.post(date(2026, 1, 1))
    books.post(date(2026, 2, 1))
    first, second = BillLine.objects.owing(cast.sunny)
    assert (first.period, first.owed) == (date(2026, 1, 1), Decimal("237.18")) and second.period == date(2026, 2, 1)
    books.pay(first, "200.00")
    income = Account.objects.of(cast.sunny, "6001.01")
    Transfer.objects.post(
        [Leg(income, first.bill.account, Decimal("37.18"), first.pk)], estate=cast.sunny, kind=EntryKind.WAIVER
    )
    assert [line.pk for line in BillLine.objects.owing(cast.sunny)] == [second.pk]
    [whole] = rates(cast.sunny, date(2026, 12, 31))
    assert (whole.charged, whole.paid) == (Decimal("437.18"), Decimal("200.00")) and not list(findings(cast.sunny))


def test_a_waived_and_paid_line_is_reversed_clean(books, cast):
    """A run with a waiver on it is taken back whole: the waiver too, and only the money becomes a prepayment."""
    from django.db.models import Sum

    from guanjia.billing.models import Account, EntryKind, Leg

    books.fee(units=[cast.home])
    run = books.post()
    line = BillLine.objects.get()
    books.pay(line, "200.00")
    income = Account.objects.of(cast.sunny, "6001.01")
    Transfer.objects.post(
        [Leg(income, line.bill.account, Decimal("37.18"), line.pk)], estate=cast.sunny, kind=EntryKind.WAIVER
    )
    run.reverse(by=None, why="单价错了")
    balance = {}
    for side, sign in (("debit", 1), ("credit", -1)):
        for row in Transfer.objects.values(f"{side}__code").annotate(sum=Sum("amount")):
            balance[row[f"{side}__code"]] = balance.get(row[f"{side}__code"], 0) + sign * row["sum"]
    assert {code: amount for code, amount in balance.items() if amount} == {
        "1001": Decimal("200.00"),
        "2203": Decimal("-200.00"),
    }
    assert not list(findings(cast.sunny))

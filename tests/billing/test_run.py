"""The month's run: draft, review, post, again, reverse."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum

from guanjia.billing.models import Bill, BillLine, BillRun, Fee, Transfer, UnitFee
from guanjia.estates.models import Unit
from guanjia.tenancy.errors import NotAllowed, Refused

from .conftest import APRIL, MARCH


def test_imported_fees_arrive_ready_to_bill(books, cast):
    """FEE-02, FEE-22: area × price, rounded to the cent; each line explains itself."""
    books.fee()
    run = books.post()
    assert (run.state, run.lines, run.total) == ("posted", 3, Decimal("711.54"))
    line = BillLine.objects.get(unit=cast.home)
    assert (
        line.amount == Decimal("237.18") and line.bill.household_id == cast.meis.pk and line.bill.amount == line.amount
    )
    assert line.formula == "面积 × 单价 ＋ 固定金额" and (line.period, line.until) == (MARCH, APRIL)
    assert {key: str(line.inputs[key]) for key in ("area", "price", "days", "of")} == {
        "area": "89.5",
        "price": "2.65",
        "days": "31",
        "of": "31",
    }
    assert line.tariff.imported and Transfer.objects.count() == 3
    assert Transfer.objects.filter(line=line).get().debit_id == line.bill.account_id


def test_a_second_run_adds_nothing(books):
    """Issue 5: the same month run twice leaves the same rows, and the same answer."""
    books.fee()
    first = books.post()
    before = (BillLine.objects.count(), Transfer.objects.count(), BillRun.objects.count())
    again = books.post()
    assert again.pk == first.pk and before == (
        BillLine.objects.count(),
        Transfer.objects.count(),
        BillRun.objects.count(),
    )


def test_what_comes_later_is_billed_by_a_second_run(books, cast):
    """FEE-22: nothing is missed: a home handed over in the middle of the month is charged by its days."""
    fee = books.fee(units=[cast.home])
    books.post()
    UnitFee.objects.create(estate=cast.sunny, unit=cast.home_next, fee=fee, starts_on=date(2026, 3, 16))
    run = books.post()
    assert (run.sequence, run.lines) == (2, 1)
    line = BillLine.objects.get(unit=cast.home_next)
    assert line.amount == (Decimal("237.175") * 16 / 31).quantize(Decimal("0.01")) and line.inputs["days"] == 16


def test_who_pays(books, cast):
    """FEE-02: the owner; the developer for what is unsold; nobody when the owner is gone and no other is known."""
    from guanjia.households.models import Occupancy

    books.fee()
    Occupancy.objects.filter(unit=cast.home_west).update(during=(date(2025, 1, 1), date(2026, 1, 1)))
    run = books.post()
    assert BillLine.objects.get(unit=cast.home_next).bill.household_id is None  # never had an owner: the developer's
    assert run.report["refused"] == [{"unit": "5-1-101", "fee": "物业服务费", "code": "no_payer", "amount": "237.18"}]


def test_a_home_without_area_is_refused_with_its_reason(books, cast):
    """Issue 5: refused units are listed with reasons."""
    books.fee()
    Unit.objects.filter(pk=cast.home.pk).update(area=0)
    run = books.draft()
    assert run.lines == 2 and run.report["refused"] == [{"unit": "3-1-501", "fee": "物业服务费", "code": "no_area"}]


def test_nothing_is_posted_that_was_not_reviewed(books, cast):
    """Issue 5: what changed since the draft stops the posting; nothing is left behind."""
    books.fee()
    run = books.draft()
    with pytest.raises(Refused, match="先复核"):
        run.post()
    run.review()
    Unit.objects.filter(pk=cast.home.pk).update(area=100)
    with pytest.raises(Refused, match="数据有变化"):
        run.post()
    assert not BillLine.objects.exists() and not Bill.objects.exists() and not Transfer.objects.exists()
    assert books.draft().pk == run.pk and books.draft().state == "draft"


def test_a_run_is_reversed_whole(books, cast):
    """Issue 5: reversed lines may be billed again; what was paid becomes the payer's prepayment; no cent is lost."""
    books.fee()
    run = books.post()
    line = BillLine.objects.get(unit=cast.home)
    books.pay(line, "100.00")
    run.reverse(by=None, why="单价错了")
    line.refresh_from_db()
    assert not line.live and not Bill.objects.filter(live=True).exists()
    sums = {
        code: Transfer.objects.filter(debit__code=code).aggregate(s=Sum("amount"))["s"] for code in ("1122", "6001.01")
    }
    assert sums["1122"] == Decimal("811.54") and Transfer.objects.filter(credit__code="1122").aggregate(
        s=Sum("amount")
    )["s"] == Decimal("811.54")
    assert Transfer.objects.filter(credit__code="2203", credit__household=cast.meis).aggregate(s=Sum("amount"))[
        "s"
    ] == Decimal("100.00")
    with pytest.raises(Refused, match="已冲销"):
        run.reverse(by=None, why="再来一次")
    assert books.post().lines == 3


def test_only_those_who_may(books, cast):
    """Deny by default: drafting, reviewing, posting and reversing each need their permission."""
    books.fee()
    with pytest.raises(NotAllowed):
        BillRun.objects.draft(cast.sunny, MARCH, by=cast.as_("ming"))
    run = BillRun.objects.draft(cast.sunny, MARCH, by=cast.as_("cash"))
    for verb in (
        lambda: run.review(by=cast.as_("cash")),
        lambda: run.post(by=cast.as_("cash")),
        lambda: run.reverse(by=cast.as_("cash"), why="x"),
    ):
        with pytest.raises(NotAllowed):
            verb()
    run.review(by=cast.as_("finance"))
    run.post(by=cast.as_("finance"))
    run.reverse(by=cast.as_("qian"), why="重出")


def test_difference_from_last_month_by_cause(books, cast):
    """Issue 5: new units, price, area, usage."""
    fee = books.fee(units=[cast.home, cast.home_next])
    books.post(date(2026, 2, 1))
    UnitFee.objects.create(estate=cast.sunny, unit=cast.home_west, fee=fee, starts_on=date(2026, 3, 1))
    Unit.objects.filter(pk=cast.home.pk).update(area="90.50")
    run = books.draft()
    causes = {row["cause"]: (row["lines"], row["change"]) for row in run.report["causes"]}
    assert causes == {"new": (1, "237.18"), "area": (1, "2.65")}
    [by_fee] = run.report["fees"]
    assert (by_fee["lines"], by_fee["total"], by_fee["earlier"]) == (3, "714.19", "474.36")
    Fee.objects.filter(pk=fee.pk).update(price="3.00")
    causes = {row["cause"]: row["change"] for row in books.draft().report["causes"]}
    assert causes["price"] == str(Decimal("268.50") - Decimal("237.18") + Decimal("271.50") - Decimal("237.18"))

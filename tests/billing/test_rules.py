"""Rules with numbers: proration, price changes, February, shares, tiers, discounts, rounding (FEE-02, FEE-22, FEE-26)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from guanjia.billing.models import BillLine, Discount, Meter, Period, SharedCost, Transfer, UnitFee
from guanjia.billing.models.pricing import read_tiers
from guanjia.billing.statement import statement
from guanjia.estates.models import Unit
from guanjia.tenancy.errors import NotAllowed, Refused

from .conftest import APRIL, MARCH


def amount(unit, **where):
    return BillLine.objects.get(unit=unit, live=True, **where).amount


def test_a_price_change_in_mid_month(books, cast):
    """Each price counts for its days; both stay on the line."""
    fee = books.fee(units=[cast.home], basis="area")
    books.tariff(fee, date(2025, 1, 1), price="2.65")
    books.tariff(fee, date(2026, 3, 11), price="3.00")
    books.post()
    expected = Decimal("89.50") * (Decimal("2.65") * 10 + Decimal("3.00") * 21) / 31
    assert amount(cast.home) == expected.quantize(Decimal("0.01"))
    assert [part["price"] for part in BillLine.objects.get().inputs["segments"]] == [2.65, 3.0]


def test_a_price_change_where_months_are_whole(books, cast):
    """Proration by month: a price of the 11th begins in April."""
    fee = books.fee(units=[cast.home], basis="area", proration="month")
    books.tariff(fee, date(2025, 1, 1), price="2.65")
    books.tariff(fee, date(2026, 3, 11), price="3.00")
    books.post()
    books.post(APRIL)
    assert amount(cast.home, period=MARCH) == Decimal("237.18") and amount(cast.home, period=APRIL) == Decimal("268.50")


def test_the_29th_of_february(books, cast):
    """A leap February has 29 days: from the 15th on, 15 of them."""
    books.fee(units=[cast.home], since=date(2028, 2, 15))
    books.post(date(2028, 2, 1))
    assert amount(cast.home) == (Decimal("237.175") * 15 / 29).quantize(Decimal("0.01"))


def test_a_unit_split_in_mid_month(books, cast):
    """The old home pays until the day, its parts from the day: no day twice, none lost."""
    fee = books.fee(units=[cast.home])
    UnitFee.objects.filter(unit=cast.home).update(ends_on=date(2026, 3, 16))
    for suffix, area in (("A", "40.00"), ("B", "49.50")):
        part = Unit.objects.create(
            estate=cast.sunny,
            building=cast.b3,
            room=f"501{suffix}",
            code=f"3-1-501{suffix}",
            area=area,
            state="occupied",
        )
        UnitFee.objects.create(estate=cast.sunny, unit=part, fee=fee, starts_on=date(2026, 3, 16))
    run = books.post()
    assert {line.inputs["days"] for line in BillLine.objects.all()} == {15, 16} and run.lines == 3
    assert abs(run.total - Decimal("237.175")) <= Decimal("0.02")


def test_quarters_end_with_their_third_month(books, cast):
    """Paid afterwards, every three months since 1 January 2025: a line in March, none in February."""
    books.fee(units=[cast.home], period_months=3)
    assert books.draft(date(2026, 2, 1)).lines == 0
    books.post()
    line = BillLine.objects.get()
    assert (line.period, line.until, line.amount) == (date(2026, 1, 1), APRIL, Decimal("711.53"))


def test_ahead_and_once(books, cast):
    """Paid ahead: the first month bills the quarter to come. Once: only the month it begins."""
    books.fee("1", "预付", units=[cast.home], period_months=3, payment_mode="预付费", since=MARCH)
    books.fee(
        "2",
        "装修押金",
        units=[cast.home],
        formula="2002",
        fixed="2000",
        flag="一次性费用",
        basis="",
        since=date(2026, 3, 20),
    )
    books.post()
    assert {(line.fee.name, line.amount, str(line.until)) for line in BillLine.objects.all()} == {
        ("预付", Decimal("711.53"), "2026-06-01"), ("装修押金", Decimal("2000.00"), "2026-04-01")}  # fmt: skip
    assert books.draft(APRIL).lines == 0


@pytest.mark.parametrize(
    ("rounding", "step", "expected"),
    [
        ("half_up", "0.01", "237.18"),
        ("down", "0.10", "237.10"),
        ("up", "1.00", "238.00"),
        ("half_up", "1.00", "237.00"),
    ],
)
def test_rounding_is_the_fees(books, cast, rounding, step, expected):
    """Currency rounding: by cent, dime or yuan; half up, down or up."""
    books.fee(units=[cast.home], rounding=rounding, step=step)
    books.post()
    assert amount(cast.home) == Decimal(expected)


def test_shared_costs_add_up_to_the_cent(books, cast):
    """FEE-28: 100.00 over three equal homes is 33.34 + 33.33 + 33.33; who comes later changes nobody's share."""
    fee = books.fee(basis="shared")
    SharedCost.objects.enter(fee, MARCH, Decimal("100.00"), method="even", by=None)
    assert books.post().total == Decimal("100.00")
    assert sorted(line.amount for line in BillLine.objects.all()) == [
        Decimal("33.33"),
        Decimal("33.33"),
        Decimal("33.34"),
    ]
    with pytest.raises(Refused, match="已经出账"):
        SharedCost.objects.enter(fee, MARCH, Decimal("90.00"), method="even", by=None)


@pytest.mark.parametrize("expression", ["(面积 - 100) × 单价", "1 / (楼层 - 5)"])
def test_no_result_and_less_than_nothing_are_refused(books, cast, expression):
    """Negative areas and divisions by zero never become a bill."""
    fee = books.fee(units=[cast.home], basis="area")
    books.tariff(fee, date(2025, 1, 1), expression)
    run = books.draft()
    assert run.lines == 0 and run.report["refused"][0]["code"] in ("negative", "no_result")


def test_a_negative_area_is_never_billed(books, cast):
    """Issue 5 proof: the database refuses one; a home without any, or with an inner area below nothing, is refused by name."""
    fee = books.fee(units=[cast.home], basis="area")
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.filter(pk=cast.home.pk).update(area=Decimal("-89.50"))
    books.tariff(fee, date(2025, 1, 1), "套内面积 × 单价")
    Unit.objects.filter(pk=cast.home.pk).update(inner_area=Decimal("-1.00"))
    assert books.draft().report["refused"][0]["code"] == "no_inner_area"
    books.tariff(fee, date(2026, 1, 1), "面积 × 单价")
    Unit.objects.filter(pk=cast.home.pk).update(area=0)
    run = books.draft()
    assert run.lines == 0 and run.report["refused"][0]["code"] == "no_area"


def test_a_fee_without_a_price_says_so(books, cast):
    """FEE-22: nothing is missed silently."""
    fee = books.fee(units=[cast.home], basis="area")
    assert books.draft().report["refused"][0]["code"] == "no_price"
    books.tariff(fee, date(2026, 3, 20))
    assert books.draft().report["refused"][0]["code"] == "no_price"


def test_prices_are_judged_when_saved(books, cast):
    """A bad formula names its character; a billed month keeps its price; a missing tier is asked for."""
    fee, finance = books.fee(units=[cast.home]), cast.as_("finance")
    with pytest.raises(Refused, match="第 6 个字"):
        fee.price_from(APRIL, "面积 × 单阶", price=Decimal(3), by=finance, reason="")
    with pytest.raises(Refused, match="阶梯"):
        fee.price_from(APRIL, "阶梯(面积)", by=finance, reason="")
    with pytest.raises(NotAllowed):
        fee.price_from(APRIL, "面积 × 单价", by=cast.as_("ming"), reason="")
    books.post()
    with pytest.raises(Refused, match="已经出账"):
        fee.price_from(date(2026, 3, 15), "面积 × 单价", price=Decimal(3), by=finance, reason="")
    fee.price_from(APRIL, "面积 × 单价", price=Decimal(3), by=finance, reason="业主大会决定")
    books.post(APRIL)
    assert amount(cast.home, period=APRIL) == Decimal("268.50")


@pytest.mark.parametrize("text", ["180", "180:x", "280:1 180:2 以上:3", "180:0.5", "以上:1 200:2"])
def test_tiers_are_judged(text):
    with pytest.raises(ValueError, match=r"阶梯|以上"):
        read_tiers(text)


def metered(books, cast):
    fee = books.fee("5", "水费", units=[cast.home], basis="metered", meter_kind="water", proration="none")
    books.tariff(fee, date(2025, 1, 1), "阶梯(用量)", tiers=read_tiers("10:2.00 以上:3.00"))
    return fee, Meter.objects.create(estate=cast.sunny, unit=cast.home, kind="water", number="W1", initial=100)


def test_a_metered_fee_by_tiers(books, cast):
    """FEE-02: readings → usage → tiers; without a reading the home is refused."""
    _fee, meter = metered(books, cast)
    assert books.draft().report["refused"][0]["code"] == "no_reading"
    meter.read(Decimal(112), period=MARCH, by=cast.as_("ming"))
    books.post()
    assert amount(cast.home) == Decimal("26.00")
    with pytest.raises(Refused, match="已经按读数出账"):
        meter.read(Decimal(113), period=MARCH, by=cast.as_("ming"))


def test_tiers_of_the_years_usage(books, cast):
    """FEE-02: where tiers count by the year, a month's use is priced where the year stands; January begins anew."""
    fee, meter = metered(books, cast)
    books.tariff(
        fee, date(2025, 6, 1), "阶梯(本年已用量＋用量)－阶梯(本年已用量)", tiers=read_tiers("10:2.00 以上:3.00")
    )
    for month, shown in ((date(2025, 12, 1), 106), (date(2026, 1, 1), 114), (date(2026, 2, 1), 120), (MARCH, 125)):
        meter.read(Decimal(shown), period=month)
        books.post(month)
    by_month = dict(BillLine.objects.order_by("period").values_list("period", "amount"))
    assert list(by_month.values()) == [Decimal("12.00"), Decimal("16.00"), Decimal("16.00"), Decimal("15.00")]
    line = BillLine.objects.get(period=date(2026, 2, 1))
    assert line.inputs["earlier"] == 8 and line.inputs["usage"] == 6
    assert statement(line.bill, MARCH)["lines"][0]["why"] == "10 × 2 ＋ 4 × 3 － 8 × 2"


def test_a_fall_and_a_jump_wait_for_a_person(books, cast):
    """Sanity checks: a doubtful reading is not billed before somebody confirmed it."""
    _fee, meter = metered(books, cast)
    meter.read(Decimal(110), period=date(2026, 1, 1))
    meter.read(Decimal(120), period=date(2026, 2, 1))
    assert "小" in meter.read(Decimal(90), period=MARCH).doubt
    jump = meter.read(Decimal(200), period=MARCH)
    assert "三倍" in jump.doubt and books.draft().report["refused"][0]["code"] == "reading_suspect"
    jump.confirm(by=cast.as_("ming"))
    assert books.draft().lines == 1


def test_a_dial_that_went_round_an_estimate_and_a_new_meter(books, cast):
    """Rollover is no fall; an estimate is the mean and is marked; a replaced meter and its successor count together."""
    _fee, meter = metered(books, cast)
    Meter.objects.filter(pk=meter.pk).update(limit=1000, initial=990)
    meter.refresh_from_db()
    assert meter.read(Decimal(4), period=date(2026, 1, 1)).usage == 14
    estimate = meter.estimate(period=date(2026, 2, 1))
    assert estimate.estimated and estimate.usage == 14 and estimate.value == 18
    new = meter.replace("W2", Decimal(20), period=MARCH, by=cast.as_("ming"), initial=Decimal(5))
    new.read(Decimal(9), period=MARCH)
    books.post()
    assert amount(cast.home) == Decimal("12.00")  # (2 + 4) × 2.00


def test_discounts_by_level_and_by_day(books, cast):
    """FEE-17: a supervisor grants little, the manager more, nobody one's own; it counts for its days."""
    books.fee(units=[cast.home])
    said = {"starts_on": date(2026, 3, 1), "ends_on": APRIL, "kind": "vacancy", "why": "空置"}
    small = Discount.objects.ask(cast.home, Decimal(10), by=cast.as_("ming"), **said)
    large = Discount.objects.ask(cast.home, Decimal(30), by=cast.as_("ming"), **said | {"starts_on": date(2026, 3, 17)})
    assert books.draft().total == Decimal("237.18")
    with pytest.raises(NotAllowed):
        large.decide(True, by=cast.as_("zhao"))
    small.decide(True, by=cast.as_("zhao"))
    large.decide(True, by=cast.as_("qian"))
    with pytest.raises(Refused, match="已经审批"):
        small.decide(False, by=cast.as_("qian"), words="改主意")
    books.post()
    off = Decimal(10) + Decimal(30) * 15 / 31
    assert amount(cast.home) == (Decimal("237.175") * (100 - off) / 100).quantize(Decimal("0.01"))


def test_one_homes_rebate_takes_nothing_off_the_others(books, cast):
    """FEE-17: granted for one home, from next month even: every other home pays in full."""
    books.fee(units=[cast.home, cast.home_west])
    said = {"starts_on": date(2026, 3, 17), "ends_on": date(2026, 9, 1), "kind": "vacancy", "why": "空置"}
    Discount.objects.ask(cast.home, Decimal(10), by=cast.as_("ming"), **said).decide(True, by=cast.as_("zhao"))
    books.post()
    assert amount(cast.home_west) == Decimal("237.18") and Decimal(0) < amount(cast.home) < Decimal("237.18")


def test_a_month_is_closed_and_opened_by_two(books, cast):
    """FIN-04: in order, when it is over; opening takes two persons and undoes the snapshot."""
    from guanjia import clock
    from guanjia.billing.books import trial_balance
    from guanjia.billing.models import Balance

    books.fee()
    books.post(date(2026, 2, 1))
    february, march = Period.objects.of(cast.sunny, date(2026, 2, 1)), Period.objects.of(cast.sunny, MARCH)
    with pytest.raises(Refused, match="还没有结束"):
        march.close(by=cast.as_("finance"))
    before = trial_balance(cast.sunny, MARCH)
    february.close(by=cast.as_("finance"))
    assert trial_balance(cast.sunny, MARCH) == before and sum(row.closing for row in Balance.objects.all()) == 0
    with pytest.raises(Refused, match="结账"):
        Transfer.objects.post([], estate=cast.sunny, kind="other", on=date(2026, 2, 3))
    february.ask_reopening("漏记", by=cast.as_("finance"))
    with pytest.raises(Refused, match="另一个人"):
        february.agree_reopening(by=cast.as_("finance"))
    february.agree_reopening(by=cast.as_("qian"))
    assert not Balance.objects.exists() and clock.now()


def test_arrears_and_rates_as_of_any_date(books, cast):
    """INC-01, FEE-20: what was owed then, whatever happened later; definitions as written."""
    from guanjia.billing.arrears import ageing, arrears, rates

    books.fee(units=[cast.home, cast.home_west])
    books.post(date(2025, 12, 1))
    books.post(date(2026, 1, 1))
    old = BillLine.objects.get(unit=cast.home, period=date(2025, 12, 1))
    books.pay(old, "37.18", on=date(2025, 12, 20))
    books.pay(old, "100.00", on=date(2026, 2, 5))
    assert sum(row.owed for row in arrears(cast.sunny, date(2026, 1, 31))) == Decimal("237.18") * 4 - Decimal("37.18")
    assert sum(row.owed for row in arrears(cast.sunny, date(2026, 2, 5))) == Decimal("237.18") * 4 - Decimal("137.18")
    [whole] = rates(cast.sunny, date(2026, 2, 5))
    assert (whole.opening, whole.paid_since, whole.charged, whole.paid) == (
        Decimal("437.18"),
        Decimal("100.00"),
        Decimal("474.36"),
        Decimal(0),
    )
    assert whole.previous == Decimal("22.9") and whole.owed == Decimal("811.54")
    assert [rate.key for rate in rates(cast.sunny, date(2026, 2, 5), "zone")] == ["东区", "西区"]
    assert sum(owed for _age, _n, owed in ageing(cast.sunny, date(2026, 2, 5))) == Decimal("811.54")
    assert next(line.pk for line in BillLine.objects.owing(cast.sunny, date(2026, 2, 5))) == old.pk

"""Odd order and odd input: refused with a sentence, never an error page and never wrong books."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanjia import clock
from guanjia.billing.example import example
from guanjia.billing.forms import FeeForm
from guanjia.billing.models import BillLine, BillRun, Meter, Period
from guanjia.tenancy.errors import Refused

from .conftest import MARCH

FEBRUARY = date(2026, 2, 1)


def test_only_the_last_closed_month_is_opened_whenever_agreed(books, cast):
    """FIN-04: a month closed between the asking and the agreeing stands on the one that would be opened."""
    books.fee()
    books.post(FEBRUARY)
    february, march = Period.objects.of(cast.sunny, FEBRUARY), Period.objects.of(cast.sunny, MARCH)
    february.close(by=cast.as_("finance"))
    february.ask_reopening("漏记", by=cast.as_("finance"))
    with clock.at(datetime(2026, 4, 2, 2, 0, tzinfo=UTC)):
        march.close(by=cast.as_("finance"))
    with pytest.raises(Refused, match="最近结账"):
        february.agree_reopening(by=cast.as_("qian"))
    february.refresh_from_db()
    assert february.closed


def test_a_reopening_is_asked_once(books, cast):
    """FIN-04: who asks again finds that it waits for the other person."""
    february = Period.objects.of(cast.sunny, FEBRUARY)
    february.close(by=cast.as_("finance"))
    february.ask_reopening("漏记", by=cast.as_("finance"))
    with pytest.raises(Refused):
        february.ask_reopening("漏记", by=cast.as_("qian"))


def test_a_price_is_mended_after_its_run_was_reversed(books, cast):
    """FEE-02: "请先冲销" is advice that works; the reversed lines keep what they were reckoned with."""
    fee, finance = books.fee(units=[cast.home]), cast.as_("finance")
    fee.price_from(MARCH, "面积 × 单价", price=Decimal(9), by=finance, reason="写错")
    run = books.post()
    run.reverse(by=finance, why="单价错了")
    fee.price_from(MARCH, "面积 × 单价", price=Decimal(3), by=finance, reason="更正")
    assert books.post().total == Decimal("268.50")
    prices = BillLine.objects.order_by("pk").values_list("live", "tariff__price")
    assert list(prices) == [(False, Decimal(9)), (True, Decimal(3))] and fee.tariffs.filter(starts_on=MARCH).count() == 1


def test_a_meter_number_is_taken(client, cast, books):
    """A new meter with the number of another is told so, not an error page."""
    for number in ("W1", "W2"):
        meter = Meter.objects.create(estate=cast.sunny, unit=cast.home, kind="water", number=number)
    client.force_login(cast.ming)
    said = {"new-number": "W1", "new-last": "9", "new-first": "0"}
    answer = client.post(f"/e/sunny/billing/meters/{meter.pk}/replacement/?period=2026-03", said)
    assert answer.status_code == 422 and not Meter.objects.filter(replaces=meter).exists()


@pytest.mark.parametrize("months, fine", [("0", False), ("1", True), ("30000", False)])
def test_a_round_of_months_is_one_or_more(books, months, fine):
    """FEE-02: `period_months` of nothing bills never."""
    form = FeeForm({"period_months": months}, instance=books.fee())
    assert ("period_months" not in form.errors) is fine


def test_an_example_too_large_says_so(books):
    """The box is judged while it is typed: whatever stands there is answered."""
    said = example(books.fee(), "单价 × 单价 × 单价", Decimal("900000000000"), Decimal(0), "")
    assert said["error"]


def test_what_a_meter_shows_needs_a_meter(books, cast):
    """FEE-02: a formula of readings without a kind of meter would refuse every home."""
    fee = books.fee(units=[cast.home])
    for expression in ("用量 × 单价", "(读数 - 上次读数) × 单价"):
        with pytest.raises(Refused, match="哪种表"):
            fee.price_from(MARCH, expression, price=Decimal(1), by=cast.as_("finance"), reason="")


@pytest.mark.parametrize("period", ["0001-01-01", "9999-12-01"])
def test_a_month_of_no_calendar(cast, books, period):
    """Refused; the API takes any date."""
    books.fee()
    with pytest.raises(Refused):
        BillRun.objects.draft(cast.sunny, date.fromisoformat(period))


def test_posting_holds_its_month(books):
    """FEE-21: drafting holds the month first as well, so neither writes over the other and neither waits in a ring."""
    books.fee()
    run = books.draft()
    run.review()
    with CaptureQueriesContext(connection) as said:
        run.post()
    locks = [query["sql"] for query in said if "FOR UPDATE" in query["sql"]]
    assert "billing_period" in locks[0] and "billing_billrun" in locks[1]

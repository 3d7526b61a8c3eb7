"""Whatever is charged, shared, paid and reversed, in any order: the books stay right (issue 5, proof)."""

from __future__ import annotations

import contextlib
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanjia.billing.arrears import arrears
from guanjia.billing.books import trial_balance
from guanjia.billing.checks import findings
from guanjia.billing.models import BillLine, BillRun, SharedCost, Transfer, UnitFee
from guanjia.billing.months import month_after
from guanjia.estates.models import Unit
from guanjia.operations.management.commands.bill import told
from guanjia.tenancy.errors import Refused

MONTHS = [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]
CENT = Decimal("0.01")
FORMULAS = ["面积 × 单价", "如果(面积 > 90，面积 × 单价，固定金额)", "最大(面积，100) × 单价 － 20", "占比(面积) × 单价", "(面积 － 88) × 单价 / 3"]
cents = st.decimals(Decimal("0.01"), 5000, places=2)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("run"), st.sampled_from(MONTHS)), st.tuples(st.just("reverse"), st.integers(0, 5)),
        st.tuples(st.just("pay"), st.integers(0, 20), st.integers(1, 100), st.sampled_from(MONTHS)), st.tuples(st.just("share"), st.sampled_from(MONTHS), cents, st.sampled_from(["area", "even", "custom"])),
        st.tuples(st.just("refund"), st.integers(0, 20), st.integers(1, 100)), st.tuples(st.just("waive"), st.integers(0, 20), st.integers(1, 100)),
        st.tuples(st.just("tariff"), st.dates(date(2026, 1, 1), date(2026, 3, 31)), st.sampled_from(FORMULAS), cents),
        st.tuples(st.just("area"), st.decimals(1, 300, places=2)), st.tuples(st.just("price"), st.sampled_from(["2.65", "3.1", "0.333"])),
    ),
    min_size=2, max_size=9,
)  # fmt: skip


class Undo(Exception):
    """Each example begins with the same world."""


def act(books, fee, shared, step):
    match step:
        case ("run", month):
            books.post(month)
        case ("reverse", number):
            posted = list(BillRun.objects.filter(state="posted").order_by("pk"))
            if posted:
                posted[number % len(posted)].reverse(by=None, why="试")
        case ("pay", number, percent, on):
            lines = list(BillLine.objects.owing(books.estate, date(2030, 1, 1)))
            if lines:
                line = lines[number % len(lines)]
                books.pay(
                    line,
                    max(Decimal("0.01"), (line.owed * percent / 100).quantize(Decimal("0.01"))),
                    on=max(on, line.bill.period),
                )
        case ("refund", number, percent):
            paid = [line for line in BillLine.objects.filter(live=True).with_owed(date(2030, 1, 1)) if paid_on(line) > 0]
            if paid:
                line = paid[number % len(paid)]
                books.give(line, max(CENT, (paid_on(line) * percent / 100).quantize(CENT)))
        case ("waive", number, percent):
            lines = list(BillLine.objects.owing(books.estate, date(2030, 1, 1)))
            if lines:
                line = lines[number % len(lines)]
                books.waive(line, max(CENT, (line.owed * percent / 100).quantize(CENT)))
        case ("share", month, amount, method):
            if not BillLine.objects.filter(fee=shared, period=month, live=True).exists():
                SharedCost.objects.enter(shared, month, amount, method=method, by=None)
        case ("tariff", since, formula, price):
            with contextlib.suppress(Refused):  # of days that are billed already
                fee.price_from(since, formula, price=price, fixed=price, by=None, reason="试")
        case ("area", area):
            Unit.objects.filter(pk=books.cast.home.pk).update(area=area)
        case ("price", price):
            type(fee).objects.filter(pk=fee.pk).update(price=price)


def waived_on(line):
    return sum((row.amount for row in line.transfers.filter(entry__kind="waiver")), Decimal(0))


def paid_on(line):
    return line.amount - line.owed - waived_on(line)


def balance(code):
    """What came in less what went out."""
    rows = Transfer.objects.select_related("debit", "credit")
    return sum((row.amount * ((row.debit.code == code) - (row.credit.code == code)) for row in rows), Decimal(0))


def prove(books, shared):
    assert not list(findings(books.estate))
    live_lines = BillLine.objects.filter(live=True).with_owed(date(2030, 1, 1))
    assert balance("1001") == sum((paid_on(line) for line in live_lines), -balance("2203"))  # every cent of cash is somebody's
    for month in MONTHS:
        assert sum(row.closing for row in trial_balance(books.estate, month)) == 0
        lines = list(BillLine.objects.filter(fee=shared, period=month, live=True))
        if lines:
            assert sum(line.amount for line in lines) == SharedCost.objects.get(fee=shared, period=month).amount
    live = list(BillLine.objects.filter(live=True).values_list("unit_id", "fee_id", "period"))
    assert len(live) == len(set(live))
    for on in (date(2026, 1, 15), date(2026, 2, 1), date(2026, 12, 31)):  # "as of" equals replay, transfer by transfer
        replay: dict[int, Decimal] = {}
        for t in Transfer.objects.filter(on__lte=on, line__isnull=False).select_related("debit", "credit"):
            sign = (t.debit.code == "1122") - (t.credit.code == "1122")
            replay[t.line_id] = replay.get(t.line_id, Decimal(0)) + sign * t.amount
        assert {row.line_id: row.owed for row in arrears(books.estate, on)} == {
            key: owed for key, owed in replay.items() if owed
        }


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=steps, weights=st.lists(st.integers(0, 9), min_size=3, max_size=3))
def test_no_cent_is_lost_in_any_order(books, steps, weights):
    """FEE-22: legs zero, shares add up, arrears as of = replay, no line twice; whatever is charged, paid, given back, waived and reversed."""
    try:
        with transaction.atomic():
            fee, shared = books.fee(), books.fee("9", "公共水电", basis="shared")
            for unit_fee, weight in zip(UnitFee.objects.filter(fee=shared).order_by("pk"), weights, strict=True):
                UnitFee.objects.filter(pk=unit_fee.pk).update(weight=weight)
            for step in steps:
                act(books, fee, shared, step)
            prove(books, shared)
            raise Undo
    except Undo:
        pass


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    since=st.dates(date(2026, 1, 1), date(2026, 6, 30)),
    length=st.integers(1, 400),
    price=st.decimals("0.01", 99, places=4),
)
def test_days_of_all_months_make_the_whole(books, since, length, price):
    """However a stay lies over the months, its days are charged once each: the months' days add up to the stay."""
    try:
        with transaction.atomic():
            fee = books.fee(units=[books.cast.home], since=since, price=price)
            UnitFee.objects.filter(fee=fee).update(ends_on=since + timedelta(days=length))
            month = since.replace(day=1)
            while month <= min(since + timedelta(days=length), date(2026, 8, 1)):
                books.post(month)
                month = month_after(month)
            charged = sum(line.inputs["days"] for line in BillLine.objects.all())
            assert charged == (min(since + timedelta(days=length), month) - since).days
            raise Undo
    except Undo:
        pass


def test_the_commands_shape(books):
    """Design §4: bill E PERIOD --post --json."""
    books.fee()
    Unit.objects.filter(pk=books.cast.home.pk).update(area=0)
    run = books.post()
    assert told(run) == {
        "run": run.pk,
        "state": "posted",
        "lines": 2,
        "total": "474.36",
        "refused": [{"unit": "3-1-501", "fee": "物业服务费", "reason": "没有建筑面积"}],
    }

"""Whatever is billed, paid, refunded, waived, prepaid and reversed, in any order: no cent lost, no number missing (issue 5, proof)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanjia.billing.books import trial_balance
from guanjia.billing.checks import findings as books_findings
from guanjia.billing.models import BillRun
from guanjia.collection.checks import findings
from guanjia.collection.models import Payer, Payment, Receipt, Undoing, Waiver
from guanjia.tenancy.errors import Refused

pytestmark = pytest.mark.django_db
MONTHS = [date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)]
cents = st.integers(1, 60_000).map(lambda n: Decimal(n) / 100)
who = st.integers(0, 2)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("run"), st.sampled_from(MONTHS)), st.tuples(st.just("reverse"), st.integers(0, 5)),
        st.tuples(st.just("pay"), who, cents, st.sampled_from(["transfer", "card", "qr"])), st.tuples(st.just("back"), st.integers(0, 9), cents, st.sampled_from(["transfer", "card"])),
        st.tuples(st.just("all back"), st.integers(0, 9)), st.tuples(st.just("prepaid"), who), st.tuples(st.just("waive"), who, st.integers(0, 9), cents),
    ),
    min_size=2, max_size=10,
)  # fmt: skip


class Undo(Exception):
    """Each example begins with the same world."""


def act(cast, counter, payers, step):
    match step:
        case ("run", month):
            counter.books.post(month)
        case ("reverse", number):
            posted = list(BillRun.objects.filter(state="posted").order_by("pk"))
            if posted:
                posted[number % len(posted)].reverse(by=None, why="试")
                with connection.cursor() as cursor:  # a second reversal of the same transaction, which life never has
                    cursor.execute("DROP TABLE IF EXISTS staged_undone")
        case ("pay", number, amount, way):
            counter.take(amount, way=way, payer=payers[number])
        case ("back" | "all back", number, *more):
            paid = list(Payment.objects.order_by("pk"))
            if paid:
                one = paid[number % len(paid)]
                amount, way = more or (one.amount, one.way)
                one.ask_back(amount, why="试", way=way, by=counter.by).judge_it(True, by=cast.as_("qian"))
        case ("prepaid", number):
            Payment.objects.use_prepaid(payers[number], by=counter.by)
        case ("waive", number, place, amount):
            lines = list(payers[number].owing())
            if lines:
                line = lines[place % len(lines)]
                Waiver.objects.ask(line, min(amount, line.owed), "试", by=counter.by).judge_it(
                    True, by=cast.as_("qian")
                )


def prove(cast, payers):
    assert not list(books_findings(cast.sunny)) and not list(findings(cast.sunny))
    paid = Payment.objects.aggregate(sum=Sum("amount"))["sum"] or 0
    back = Undoing.objects.filter(state="approved").aggregate(sum=Sum("amount"))["sum"] or 0
    sheet = {row.code: row.closing for row in trial_balance(cast.sunny, date(2026, 12, 1))}
    assert sum(sheet.values()) == 0
    assert sum(sheet.get(code, 0) for code in ("1001", "1002", "1012")) == paid - back
    assert -sheet.get("2203", 0) == sum(payer.prepaid() for payer in payers)
    assert sheet.get("1122", 0) == sum(payer.owes() for payer in payers)
    numbers = list(Receipt.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(taken=steps)
def test_no_cent_is_lost_whatever_is_done(cast, counter, taken):
    """Hypothesis over payments, refunds, reversals: legs zero, sub-ledgers = ledger, receipts without a gap."""
    payers = [
        Payer.of(cast.sunny, cast.meis.pk),
        Payer.of(cast.sunny, cast.lus.pk),
        Payer.of(cast.sunny, None, cast.home_next.pk),
    ]
    try:
        with transaction.atomic():
            for step in taken:
                try:
                    with transaction.atomic():
                        act(cast, counter, payers, step)
                except Refused:
                    continue
            prove(cast, payers)
            raise Undo
    except Undo:
        pass


def test_the_checks_see_what_is_wrong(cast, counter):
    """Each finds what somebody with the owner's rights has broken."""
    paid = counter.take("10", way="transfer")
    assert not list(findings(cast.sunny))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE collection_receiptbook SET last = 5 WHERE estate_id = %s", [cast.sunny.pk])
    assert [found["check"] for found in findings(cast.sunny)] == ["receipt_gap"]
    Undoing.objects.create(
        estate=cast.sunny,
        payment=paid,
        amount=99,
        way="cash",
        why="x",
        state="approved",
        asker=cast.qian,
        asked_at=paid.at,
    )
    assert {found["check"] for found in findings(cast.sunny)} == {
        "receipt_gap",
        "undoing_is_its_entry",
        "given_back_too_much",
    }

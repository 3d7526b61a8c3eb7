"""Taking money, giving it back, and the books beneath."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError

from guanjia.billing.checks import findings
from guanjia.billing.models import Account, BillLine, BillRun, Entry
from guanjia.collection.models import Payer, Payment, Receipt, Shift
from guanjia.tenancy.errors import NotAllowed, Refused

from .conftest import APRIL

pytestmark = pytest.mark.django_db
D = Decimal


def balance(estate, code):
    payer_free = Account.objects.at_estate(estate).filter(code=code)
    return sum(
        (sum(t.amount for t in row.debits.all()) - sum(t.amount for t in row.credits.all()) for row in payer_free), D(0)
    )


def clean(cast):
    return [found for found in findings(cast.sunny)]


def test_a_payment_pays_the_oldest_first_and_the_rest_is_prepaid(cast, counter, books):
    """Issue 5.4: oldest first; overpayment becomes prepayment; April then takes it."""
    books.post(APRIL)
    paid = counter.take("300", way="transfer")
    march, april = BillLine.objects.with_owed(APRIL).filter(unit=cast.home).order_by("period")
    assert (march.owed, april.owed, paid.prepaid) == (D("0.00"), D("174.36"), 0)
    more = counter.take("200", way="transfer")
    assert more.prepaid == D("25.64") and counter.owes() == 0 and counter.payer.prepaid() == D("25.64")
    assert not clean(cast)


def test_what_was_paid_ahead_pays_the_next_bill_once(cast, counter, books):
    counter.take("300", way="card")
    books.post(APRIL)
    assert Payment.objects.use_prepaid(counter.payer) == D("62.82")
    assert Payment.objects.use_prepaid(counter.payer) == 0
    assert counter.owes() == D("174.36") and not clean(cast)


def test_a_double_click_pays_once(cast, counter):
    """Design §5: every outside call carries a key; the same key answers with the first payment."""
    first = counter.take("100", way="qr", key="form-1")
    assert counter.take("100", way="qr", key="form-1").pk == first.pk
    assert Payment.objects.count() == Receipt.objects.count() == 1
    with pytest.raises(Refused, match="已经收过"):
        counter.take("200", way="qr", key="form-1")


def test_a_payer_may_say_what_is_paid(cast, counter, books):
    books.post(APRIL)
    april = BillLine.objects.get(unit=cast.home, period=APRIL)
    counter.take("50", way="transfer", lines=[(april.pk, D(50))])
    assert BillLine.objects.with_owed(APRIL).get(pk=april.pk).owed == D("187.18")
    with pytest.raises(Refused, match="重新核对"):
        counter.take("500", way="transfer", lines=[(april.pk, D(300))])
    others = BillLine.objects.get(unit=cast.home_west, period=APRIL)
    with pytest.raises(Refused, match="重新核对"):
        counter.take("10", way="transfer", lines=[(others.pk, D(10))])


@pytest.mark.parametrize("amount", ["0", "-5", "0.001"])
def test_an_amount_is_money(counter, amount):
    with pytest.raises(Refused, match="金额"):
        counter.take(amount, way="transfer")


def test_the_developer_pays_for_what_is_unsold(cast, counter):
    """FEE-02: a unit without a household is the developer's."""
    payer = Payer.of(cast.sunny, None, cast.home_next.pk)
    counter.take("237.18", way="transfer", payer=payer)
    assert counter.owes(payer) == 0 and counter.owes() == D("237.18") and not clean(cast)


def test_only_who_may_takes_money(cast, counter):
    with pytest.raises(NotAllowed):
        counter.take("10", way="transfer", by=cast.as_("ming"))


def test_receipts_are_numbered_without_gaps(cast, counter):
    """FIN-07: a payment that fails gives its number back."""
    counter.take("10", way="transfer")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        counter.take("10", way="transfer", key="lost")
        raise ZeroDivisionError
    counter.take("10", way="transfer")
    assert list(Receipt.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert str(Receipt.objects.last()) == "2026-000002"


def test_what_was_taken_cannot_be_changed(cast, counter):
    """Design decision 7."""
    counter.take("10", way="transfer")
    for attempt in (
        lambda: Payment.objects.update(amount=1),
        lambda: Receipt.objects.update(number=9),
        lambda: Payment.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            attempt()


def test_a_void_needs_a_reason_and_a_second_person(cast, counter):
    """FIN-01: nobody undoes money alone; the number stays, a red one is added."""
    paid = counter.take("300", way="transfer")
    with pytest.raises(Refused, match="原因"):
        paid.ask_back(D(300), why=" ", by=counter.by)
    asked = paid.ask_back(D(300), why="重复收款", by=counter.by)
    with pytest.raises(NotAllowed):
        asked.judge_it(True, by=counter.by)
    asked.judge_it(True, by=cast.as_("qian"))
    assert counter.owes() == D("237.18") and counter.payer.prepaid() == 0 and balance(cast.sunny, "1002") == 0
    assert [row.amount for row in Receipt.objects.order_by("number")] == [D(300), D(-300)]
    with pytest.raises(Refused, match="已经审批"):
        asked.judge_it(True, by=cast.as_("qian"))
    with pytest.raises(Refused, match="不能超过"):
        paid.ask_back(D(1), why="再退", by=counter.by)
    assert not clean(cast)


def test_the_second_person_is_another(cast, counter):
    paid = counter.take("20", way="transfer")
    asked = paid.ask_back(D(20), why="收错", by=cast.as_("qian"))
    with pytest.raises(Refused, match="别人审批"):
        asked.judge_it(True, by=cast.as_("qian"))
    asked.judge_it(False, by=cast.as_("finance"), words="没有收错")
    assert asked.state == "refused" and not Entry.objects.filter(kind="refund").exists()


def test_a_refund_takes_the_prepayment_first(cast, counter):
    paid = counter.take("300", way="transfer")
    paid.ask_back(D("60"), why="多交", by=counter.by).judge_it(True, by=cast.as_("qian"))
    assert counter.payer.prepaid() == D("2.82") and counter.owes() == 0
    paid.ask_back(D("10"), why="多交", by=counter.by).judge_it(True, by=cast.as_("qian"))
    assert counter.payer.prepaid() == 0 and counter.owes() == D("7.18") and not clean(cast)


def test_a_prepayment_that_was_used_is_not_refunded(cast, counter, books):
    paid = counter.take("300", way="transfer")
    books.post(APRIL)
    Payment.objects.use_prepaid(counter.payer)
    asked = paid.ask_back(D("300"), why="重复", by=counter.by)
    with pytest.raises(Refused, match="已经抵扣"):
        asked.judge_it(True, by=cast.as_("qian"))
    asked.refresh_from_db()
    assert asked.state == "asked" and not clean(cast)


def test_a_payment_of_a_reversed_run_goes_back_out_of_the_prepayment(cast, counter):
    """Issue 5: reversed whole; what was paid on it is prepaid, and can be refunded from there."""
    paid = counter.take("100", way="transfer")
    BillRun.objects.get().reverse(by=cast.as_("qian"), why="价格错")
    assert counter.payer.prepaid() == D(100) and counter.owes() == 0
    paid.ask_back(D("100"), why="退", by=counter.by).judge_it(True, by=cast.as_("qian"))
    assert counter.payer.prepaid() == 0 and balance(cast.sunny, "1002") == 0 and not clean(cast)


# -- the drawer -------------------------------------------------------------------------------------------------------


def test_cash_wants_an_open_drawer(cast, counter):
    with pytest.raises(Refused, match="请先开班"):
        counter.take("10")
    counter.open()
    assert counter.take("10").shift.in_drawer() == D(210)
    with pytest.raises(Refused, match="已经开班"):
        counter.open()


def test_no_cash_stays_overnight(cast, counter):
    """FIN-01, CF-16: all that was counted goes to the bank; the books then hold no cash."""
    shift = counter.open()
    counter.take("237.18")
    with pytest.raises(Refused, match="现金不过夜"):
        shift.close(D("437.18"), D("237.18"), by=counter.by)
    shift.close(D("437.18"), D("437.18"), by=counter.by, slip="B1")
    assert (balance(cast.sunny, "1001"), balance(cast.sunny, "1002"), shift.left) == (0, D("237.18"), 0)
    with pytest.raises(Refused, match="已经结束"):
        shift.close(D(0), D(0), by=counter.by)


def test_a_count_that_is_out_is_explained_and_booked(cast, counter):
    """FIN-02: what is missing does not stay in the cash account."""
    shift = counter.open("0")
    counter.take("100")
    with pytest.raises(Refused, match=r"相差 -1\.00"):
        shift.close(D("99.00"), D("99.00"), by=counter.by)
    shift.close(D("99.00"), D("99.00"), by=counter.by, why="找零多给")
    assert balance(cast.sunny, "1001") == 0 and balance(cast.sunny, "6602") == D(1)


def test_a_float_is_handed_over_where_the_company_allows(cast, counter):
    """HTL-27, CF-16: float handed over between shifts."""
    from guanjia.rulebooks.models import Parameter

    Parameter.objects.set("cash.overnight", "float", by=cast.as_("qian"), reason="备用金随班交接", estate=cast.sunny)
    shift = counter.open()
    shift.close(D(200), D(0), by=counter.by)
    [kept] = Shift.objects.to_take_over(cast.sunny)
    following = Shift.objects.begin(cast.sunny, D(0), by=cast.as_("qian"), takes_over=kept)
    assert following.opening == D(200) and balance(cast.sunny, "1001") == D(200)
    assert not Shift.objects.to_take_over(cast.sunny).exists()


def test_cash_goes_back_out_of_a_drawer(cast, counter):
    shift = counter.open()
    paid = counter.take("100")
    paid.ask_back(D(40), why="多收", by=counter.by).judge_it(True, by=cast.as_("qian"))
    assert shift.in_drawer() == D(260) and counter.owes() == D("177.18")

"""The counter, receipts, shifts and the phone as pages."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from guanjia import clock
from guanjia.collection.capital import capital
from guanjia.collection.gateway import Simulator
from guanjia.collection.models import Payment, PayOrder, Receipt, Shift, Undoing
from guanjia.households.keys import rebuild
from guanjia.tenancy.scope import estate_scope
from tests.cast import TUESDAY

pytestmark = pytest.mark.django_db
BASE = "/e/sunny/money"
D = Decimal


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("237.18", "贰佰叁拾柒元壹角捌分"), ("0.05", "伍分"), ("10", "壹拾元整"), ("100200.30", "壹拾万零贰佰元叁角整"), ("10001.01", "壹万零壹元零壹分"),
        ("0", "零元整"), ("-300", "负叁佰元整"), ("1000000", "壹佰万元整"), ("100000005", "壹亿零伍元整"),
    ],
)  # fmt: skip
def test_amounts_in_capital_figures(amount, words):
    assert capital(D(amount)) == words


def test_the_whole_way_at_the_counter(client, cast, counter):
    """Issue 5.4: find, see, take, print; the same form sent again takes nothing."""
    rebuild(cast.sunny)
    client.force_login(cast.cash)
    assert client.post(f"{BASE}/shifts/", {"amount": "200"}).status_code == 302
    found = client.get(f"{BASE}/counter/", {"q": "3-1-501"})
    assert found.status_code == 302 and f"household={cast.meis.pk}" in found["Location"]
    page = client.get(found["Location"]).content.decode()
    assert "237.18" in page and "第九百四十四条" in page
    line = counter.payer.owing()[0].pk
    sent = {
        "household": cast.meis.pk,
        "line": line,
        "amount": "237.18",
        "way": "cash",
        "token": "t1",
        "name": "",
        "reference": "",
        "words": "",
    }
    taken = client.post(f"{BASE}/counter/", sent)
    assert taken.status_code == 302 and client.post(f"{BASE}/counter/", sent)["Location"] == taken["Location"]
    assert Payment.objects.count() == 1
    receipt = client.get(taken["Location"]).content.decode()
    assert "贰佰叁拾柒元壹角捌分" in receipt and "2026-000001" in receipt
    paper = client.get(taken["Location"] + "pdf/")
    assert paper["Content-Type"] == "application/pdf" and paper.content.startswith(b"%PDF")
    [shift] = Shift.objects.all()
    wrong = client.post(f"{BASE}/shifts/{shift.pk}/closure/", {"counted": "437.18", "banked": "0"})
    assert wrong.status_code == 409 and "现金不过夜" in wrong.content.decode()
    done = client.post(f"{BASE}/shifts/{shift.pk}/closure/", {"counted": "437.18", "banked": "437.18"})
    assert done.status_code == 302 and client.get(done["Location"]).status_code == 200


def test_what_was_typed_stays(client, cast, counter):
    client.force_login(cast.cash)
    sent = {"household": cast.meis.pk, "amount": "10", "way": "cash", "token": "t", "words": "老人代交"}
    answer = client.post(f"{BASE}/counter/", sent)
    assert answer.status_code == 409 and "请先开班" in answer.content.decode() and "老人代交" in answer.content.decode()


def test_a_refund_on_the_pages(client, cast, counter):
    paid = counter.take("300", way="transfer")
    client.force_login(cast.cash)
    client.post(f"{BASE}/payments/{paid.pk}/undoing/", {"amount": "300", "way": "transfer", "why": "重复"})
    asked = Undoing.objects.get()
    assert client.post(f"{BASE}/undoings/{asked.pk}/verdict/", {"verdict": "yes"}).status_code == 404
    client.force_login(cast.qian)
    assert "重复" in client.get(f"{BASE}/undoings/").content.decode()
    client.post(f"{BASE}/undoings/{asked.pk}/verdict/", {"verdict": "yes"})
    asked.refresh_from_db()
    assert (
        asked.state == "approved"
        and "已作废" in client.get(f"{BASE}/receipts/{paid.receipts.first().pk}/").content.decode()
    )
    assert Receipt.objects.count() == 2 and client.get(f"{BASE}/receipts/?q=2026-2").status_code == 200


def test_a_resident_pays_on_the_phone(client, cast, counter):
    """Issue 5.4: the bill, the order, the gateway, the receipt; nobody else's."""
    client.force_login(cast.mei)
    assert "237.18" in client.get(f"{BASE}/pay/").content.decode()
    line = counter.payer.owing()[0].pk
    sent = {"household": cast.meis.pk, "line": line, "token": "abc"}
    order = client.post(f"{BASE}/pay/orders/", sent)["Location"]
    assert (
        client.post(f"{BASE}/pay/orders/", sent)["Location"] == order and "去支付" in client.get(order).content.decode()
    )
    row = PayOrder.objects.get()
    client.post(f"{BASE}/pay/simulator/{row.number}/", {"paid": "yes"})
    assert "已缴" in client.get(order).content.decode() and counter.owes() == 0
    receipt = Receipt.objects.get()
    assert client.get(f"{BASE}/receipts/{receipt.pk}/").status_code == 200
    client.force_login(cast.lu)
    assert client.get(f"{BASE}/receipts/{receipt.pk}/").status_code == client.get(order).status_code == 404
    assert client.post(f"{BASE}/pay/orders/", sent).status_code == 404


# -- the callback -----------------------------------------------------------------------------------------------------


@pytest.fixture
def order(cast, counter):
    with estate_scope(cast.sunny):
        return PayOrder.objects.ask(counter.payer, [], by=cast.as_("mei"))


def call(client, headers, body):
    return client.post(f"{BASE}/pay/callback/", data=body, content_type="application/json", headers=headers)


def test_who_was_turned_away_pays_again(client, cast, counter):
    """Issue 5.4: a payment that failed or ran out is asked for anew from the same page; two taps ask for one."""
    client.force_login(cast.mei)
    page = client.get(f"{BASE}/pay/").content.decode()
    form = {
        "household": cast.meis.pk, "token": re.search(r'name="token" value="(\w+)"', page)[1], "line": [line.pk for line in counter.payer.owing()],
    }  # fmt: skip

    def ask():
        return client.post(f"{BASE}/pay/orders/", form)["Location"]

    first = ask()
    assert ask() == first
    client.post(first.replace("orders", "simulator"), {"paid": "no"})
    second = ask()
    assert second != first and ask() == second
    with clock.at(TUESDAY + timedelta(minutes=31)):
        third = ask()
        assert third not in (first, second) and ask() == third
        client.post(third.replace("orders", "simulator"), {"paid": "yes"})
        assert counter.owes() == 0 and ask() == third


def test_a_callback_delivered_five_times_pays_once(client, cast, counter, order):
    for _time in range(5):
        headers, body = Simulator().callback(order.number, order.amount, transaction="T1")
        assert call(client, headers, body).json() == {"code": "SUCCESS"}
    assert Payment.objects.count() == Receipt.objects.count() == 1 and counter.owes() == 0


def test_a_forged_callback_does_nothing(client, cast, counter, order):
    headers, body = Simulator().callback(order.number, order.amount)
    forgeries = [
        (headers, body.replace(b"237.18", b"1.18")), (headers | {"Pay-Signature": "AAAA"}, body), (headers | {"Pay-Serial": "X"}, body),
        (headers | {"Pay-Timestamp": "1"}, body), ({}, body), (headers, b""),
    ]  # fmt: skip
    for sent, words in forgeries:
        assert call(client, sent, words).status_code == 401
    old, body = Simulator().callback(order.number, order.amount, at=order.asked_at.replace(year=2025))
    assert call(client, old, body).json() == {"code": "SIGN_ERROR"}
    assert not Payment.objects.exists()


def test_a_callback_for_another_amount_moves_nothing(client, cast, counter, order):
    """The accountant is told once, however often it comes."""
    from guanjia.events.models import Event

    for _time in range(3):
        headers, body = Simulator().callback(order.number, D("1.00"), transaction="T1")
        answer = call(client, headers, body)
        assert (answer.status_code, answer.json()) == (409, {"code": "AMOUNT_ERROR"})
    order.refresh_from_db()
    assert (
        order.state == "strange"
        and not Payment.objects.exists()
        and Event.objects.filter(action="pay_order.strange").count() == 1
    )


def test_a_late_callback_is_money_all_the_same(client, cast, counter, order):
    """Paid at the counter meanwhile: what the lines no longer owe is prepaid, nothing is lost."""
    counter.take("237.18", way="transfer")
    headers, body = Simulator().callback(order.number, order.amount)
    assert call(client, headers, body).status_code == 200
    assert counter.payer.prepaid() == D("237.18")


def test_a_callback_for_nobody(client, cast, counter, order):
    headers, body = Simulator().callback("nobody", D(1))
    assert call(client, headers, body).json() == {"code": "ORDER_NOT_EXIST"}
    headers, body = Simulator().callback(order.number, order.amount, paid=False)
    assert call(client, headers, body).status_code == 200
    order.refresh_from_db()
    assert order.state == "failed"


def test_a_second_transaction_for_a_paid_order_is_looked_into(client, cast, counter, order):
    for transaction in ("T1", "T2"):
        headers, body = Simulator().callback(order.number, order.amount, transaction=transaction)
        answer = call(client, headers, body)
    assert answer.status_code == 409 and Payment.objects.count() == 1

"""Two cashiers on one bill, a storm of callbacks, a kill -9 between any two statements: nothing lost, nothing twice."""

from __future__ import annotations

import os
import signal
import threading
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection, connections

from guanjia import clock
from guanjia.billing.checks import findings as books_findings
from guanjia.billing.models import Transfer
from guanjia.collection.checks import findings
from guanjia.collection.gateway import Simulator, receive
from guanjia.collection.models import Payer, Payment, PayOrder, Receipt
from guanjia.events.models import Event
from guanjia.people.reach import reach_of
from guanjia.people.roles import Role
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope
from tests.billing.conftest import Books
from tests.cast import TUESDAY, build_cast, post, staff

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal


@pytest.fixture
def world(transactional_db):
    """March is billed and committed; two cashiers stand at the counter."""
    with clock.at(TUESDAY):
        world = build_cast()
        world.cash, world.other = staff(world.company, "cash", "贾出纳"), staff(world.company, "other", "易出纳")
        with estate_scope(world.sunny):
            for person in (world.cash, world.other):
                post(world.sunny, person, Role.CASHIER)
            books = Books(world)
            books.fee()
            books.post()
        yield world


def at_once(world, *acts):
    """Run acts in threads that start together; what each returned or raised."""
    gate, told = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        try:
            with clock.at(TUESDAY):
                gate.wait()
                with estate_scope(world.sunny):
                    told[place] = act()
        except Exception as error:
            told[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def take(world, name, key, lines=None):
    def run():
        payer = Payer.of(world.sunny, world.meis.pk, world.home.pk)
        by = reach_of(getattr(world, name), world.sunny)
        return Payment.objects.take(payer, D("237.18"), way="transfer", key=key, by=by, lines=lines)

    return run


def whole(world):
    with estate_scope(world.sunny):
        assert not list(books_findings(world.sunny)) and not list(findings(world.sunny))
        payer = Payer.of(world.sunny, world.meis.pk)
        return SimpleNamespace(
            owes=payer.owes(),
            prepaid=payer.prepaid(),
            payments=Payment.objects.count(),
            receipts=Receipt.objects.count(),
        )


def test_two_cashiers_on_one_bill(world):
    """Issue 5 proof: both take the whole; the bill is paid once, the other money is prepaid, both receipts are numbered."""
    told = at_once(world, take(world, "cash", "a"), take(world, "other", "b"))
    assert all(isinstance(one, Payment) for one in told), told
    after = whole(world)
    assert (after.owes, after.prepaid, after.payments, after.receipts) == (0, D("237.18"), 2, 2)


def test_two_cashiers_who_name_the_line(world):
    """The second is told that the bill has changed; nothing is taken twice."""
    with estate_scope(world.sunny):
        line = Payer.of(world.sunny, world.meis.pk).owing()[0].pk
    told = at_once(
        world, take(world, "cash", "a", [(line, D("237.18"))]), take(world, "other", "b", [(line, D("237.18"))])
    )
    assert sorted(type(one).__name__ for one in told) == [Payment.__name__, Refused.__name__], told
    assert whole(world).payments == 1


def test_a_double_click_at_the_same_moment(world):
    told = at_once(world, *[take(world, "cash", "same") for _time in range(4)])
    assert len({one.pk for one in told}) == 1 and whole(world).payments == 1


def order_of(world, household=None, person=None):
    with estate_scope(world.sunny):
        payer = Payer.of(world.sunny, (household or world.meis).pk)
        return PayOrder.objects.ask(payer, [], by=reach_of(person or world.mei, world.sunny))


def books_of(world, order):
    """What stands in the books of an order's household, without the numbers that rows are given."""
    with estate_scope(world.sunny):
        mine = {"entry__payments__household_id": order.household_id}
        moved = Transfer.objects.filter(**mine).order_by("pk")
        paid = Payment.objects.filter(household_id=order.household_id)
        told = Event.objects.filter(action__in=("payment.taken", "prepaid.used"), particulars__household_id=order.household_id)
        row, payer = PayOrder.objects.get(pk=order.pk), Payer.of(world.sunny, order.household_id)
        return (
            list(moved.values_list("debit__code", "credit__code", "amount", "line__fee__number", "on")),
            list(paid.values_list("amount", "prepaid", "way", "on", "receipts__amount")),
            list(told.values_list("action", "particulars__amount")), row.state, bool(row.payment_id), payer.owes(), payer.prepaid(),
        )  # fmt: skip


def test_a_storm_of_callbacks(world):
    """Five at the same instant, each signed by itself: one payment, five times thanks."""
    order = order_of(world)
    calls = [Simulator().callback(order.number, order.amount, transaction="T1") for _time in range(5)]
    told = at_once(world, *[lambda sent=sent: receive(world.sunny, *sent) for sent in calls])
    assert told == [(200, "SUCCESS")] * 5
    after = whole(world)
    assert (after.owes, after.payments, after.receipts) == (0, 1, 1)


def killed_at(world, sent, point):
    """A callback in a child process that dies by SIGKILL at a point; True when it lived to the end.

    Each statement has two points, before it is sent and after its answer, and so has the commit.
    """
    connections.close_all()
    child = os.fork()
    if child == 0:
        left = [point]

        def step():
            if left[0] <= 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1

        def around(execute, *said):
            step()
            answer = execute(*said)
            step()
            return answer

        commit = connection._commit

        def committed():
            step()
            commit()
            step()

        connection._commit = committed
        with connection.execute_wrapper(around), clock.at(TUESDAY), estate_scope(world.sunny):
            receive(world.sunny, *sent)
        connection.close()
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return os.WIFEXITED(status)


def test_a_callback_killed_anywhere_is_done_by_its_repetition(world):
    """Issue 5 proof: kill −9 at each of more than fifty points of a callback: all of it or nothing, and the same final books."""
    unharmed, order = order_of(world, world.lus, world.lu), order_of(world)
    assert receive_again(world, Simulator().callback(unharmed.number, unharmed.amount, transaction="T0")) == (200, "SUCCESS")
    wanted = books_of(world, unharmed)
    sent = Simulator().callback(order.number, order.amount, transaction="T1")
    points, seen = 0, set()
    while not killed_at(world, sent, points):
        with estate_scope(world.sunny):
            counts = (Payment.objects.count() - 1, Receipt.objects.count() - 1, PayOrder.objects.filter(state="paid").count() - 1)
            assert counts in ((0, 0, 0), (1, 1, 1)) and Transfer.objects.filter(entry__kind="payment").count() - 1 == counts[0]
        seen.add(counts)
        points += 1
        if counts[0]:
            break  # killed after the commit: the gateway had no answer, the money is there
    assert points > 50 and seen == {(0, 0, 0), (1, 1, 1)}
    assert receive_again(world, sent) == (200, "SUCCESS")
    after = whole(world)
    assert (after.owes, after.payments, after.receipts) == (0, 2, 2) and books_of(world, order) == wanted


def receive_again(world, sent):
    with estate_scope(world.sunny):
        return receive(world.sunny, *sent)

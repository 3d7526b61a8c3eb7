"""Two hands at the end of one ticket: nobody waits for the other for ever (issue 2 proof)."""

from __future__ import annotations

import pytest

from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope
from guanjia.tickets.models import Ticket, WorkOrder
from tests.tickets.test_races import at_once, in_estate, report, world  # noqa: F401  # the fixture

pytestmark = pytest.mark.django_db(transaction=True)


def two_orders(world):  # noqa: F811
    ticket = report(world)
    with estate_scope(world.sunny):
        ticket.classify(by=world.by("ming"), klass="routine", category="leak")
        for name in ("zhou", "wu"):
            order = ticket.dispatch(by=world.by("ming"), worker=getattr(world, name), wishes="无", priority="high")
            order.arrive(by=world.by(name))
    return ticket


def finish(by):
    WorkOrder.objects.at_estate(by.estate).get(worker=by.person).finish("好了", by=by)


def test_the_last_two_orders_finish_at_once(world):  # noqa: F811
    """Each must not take the other for unfinished: the ticket is done, once."""
    ticket = two_orders(world)
    assert at_once(in_estate(world, "zhou", finish), in_estate(world, "wu", finish)) == [None, None]
    with estate_scope(world.sunny):
        ticket.refresh_from_db()
        assert ticket.stage == "done" and ticket.timeline.filter(action="ticket.done").count() == 1


def test_finishing_and_cancelling_at_once_never_lock_each_other_out(world):  # noqa: F811
    ticket = two_orders(world)

    def cancel(by):
        Ticket.objects.at_estate(by.estate).get(pk=ticket.pk).cancel("不修了", by=by)

    told = at_once(in_estate(world, "zhou", finish), in_estate(world, "ming", cancel), in_estate(world, "wu", finish))
    assert all(answer is None or isinstance(answer, Refused) for answer in told), told
    with estate_scope(world.sunny):
        assert not WorkOrder.objects.open().exists()

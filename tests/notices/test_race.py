"""Two loops at once, on connections of their own: each is told once (issue 2, point 8 and proof)."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event, Outbox
from guanjia.notices.deliver import fan_out
from guanjia.notices.models import Delivery
from guanjia.notices.sending import claim
from guanjia.people.reach import reach_of
from guanjia.tenancy.scope import estate_scope
from guanjia.tickets.models import Ticket
from tests.cast import TUESDAY, build_cast

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works):
    ready, failed = Barrier(len(works)), []

    def run(work):
        try:
            ready.wait()
            work()
        except Exception as slip:
            failed.append(slip)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[work]) for work in works]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert not failed, failed


@pytest.fixture
def world():
    with clock.at(TUESDAY):
        world = build_cast()
        with estate_scope(world.sunny):
            ticket = Ticket.objects.report(
                by=reach_of(world.mei, world.sunny),
                estate=world.sunny,
                words="漏水",
                kind="repair",
                unit=world.home,
                household_id=world.meis.pk,
            )
            for _n in range(80):
                Event.objects.record(Action.TICKET_URGED, ticket, by=reach_of(world.mei, world.sunny), at=TUESDAY)
        yield world


def test_two_loops_tell_each_once(world):
    laid = []

    def loop():
        while count := fan_out(TUESDAY, limit=7):
            laid.append(count)

    at_once(loop, loop, loop)
    fan_out(TUESDAY)
    with estate_scope(world.sunny):
        assert not Outbox.objects.exists()
        told = Delivery.objects.filter(channel="inbox", person=world.ming)
        assert told.count() == 81 == told.values("event_id").distinct().count()
        # dispatcher, steward: two of each urging; the report: steward and the husband
        assert Delivery.objects.filter(channel="inbox").count() == 80 * 2 + 2 >= sum(laid)


def test_two_senders_never_hold_the_same(world):
    fan_out(TUESDAY)
    held = []

    def sender():
        while rows := claim(world.sunny, "email", TUESDAY):
            held.extend(row.pk for row in rows)

    at_once(sender, sender, sender)
    assert len(held) == len(set(held)) == 81


def test_nothing_is_lost_when_a_loop_dies_in_the_middle(world, monkeypatch):
    from guanjia.notices import deliver

    monkeypatch.setattr(deliver.Delivery.objects, "bulk_create", lambda *_a, **_k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        fan_out(TUESDAY)
    monkeypatch.undo()
    with estate_scope(world.sunny):
        assert Outbox.objects.count() == 81 and not Delivery.objects.exists()
    fan_out(TUESDAY)
    with estate_scope(world.sunny):
        assert not Outbox.objects.exists() and Delivery.objects.filter(person=world.ming, channel="inbox").count() == 81

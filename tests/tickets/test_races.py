"""Two people at once, a double click, a kill -9 between any two statements: nothing lost, nothing twice (issue 2 proof)."""

from __future__ import annotations

import os
import signal
import threading

import pytest
from django.db import connection, connections

from guanjia import clock
from guanjia.clocks.models import Clock
from guanjia.clocks.models.day import seed_days
from guanjia.events.models import Event, Outbox
from guanjia.people.reach import reach_of
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope
from guanjia.tickets.models import Hold, Ticket, WorkOrder
from tests.cast import TUESDAY, build_cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db):
    seed_days()
    with clock.at(TUESDAY):
        world = build_cast()
        world.by = lambda name: reach_of(getattr(world, name), world.sunny)
        yield world


def at_once(*acts):
    """Run acts in threads that start together; returns what each returned or raised."""
    gate, told = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        try:
            with clock.at(TUESDAY):
                gate.wait()
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


def in_estate(world, name, act):
    def run():
        with estate_scope(world.sunny):
            return act(reach_of(getattr(world, name), world.sunny))

    return run


def report(world, key=""):
    with estate_scope(world.sunny):
        return Ticket.objects.report(
            by=world.by("mei"), estate=world.sunny, words="漏水", unit=world.home, household_id=world.meis.pk, client_key=key
        )


def test_one_form_sent_twice_at_once_is_one_ticket(world):
    def send(by):
        return Ticket.objects.report(by=by, estate=world.sunny, words="漏水", unit=world.home, household_id=world.meis.pk, client_key="same").pk

    told = at_once(*[in_estate(world, "mei", send) for _ in range(4)])
    assert len(set(told)) == 1
    with estate_scope(world.sunny):
        assert Ticket.objects.count() == 1 and Event.objects.count() == 1 and Outbox.objects.count() == 1


def test_two_desks_classify_at_once(world):
    """The first counts; the second is told that it needs a reason. One classification clock, stopped once."""
    ticket = report(world)

    def classify(by):
        return Ticket.objects.at_estate(world.sunny).get(pk=ticket.pk).classify(by=by, klass="urgent", category="leak")

    told = at_once(in_estate(world, "jing", classify), in_estate(world, "ming", classify))
    assert sorted(isinstance(answer, Refused) for answer in told) == [False, True], told
    with estate_scope(world.sunny):
        assert Event.objects.filter(action="ticket.classified").count() == 1


def test_two_dispatchers_send_the_same_worker_at_once(world):
    ticket = report(world)
    with estate_scope(world.sunny):
        ticket.classify(by=world.by("ming"), klass="urgent", category="leak")

    def dispatch(by):
        fresh = Ticket.objects.at_estate(world.sunny).get(pk=ticket.pk)
        return fresh.dispatch(by=by, worker=world.zhou, wishes="无", priority="high")

    told = at_once(in_estate(world, "jing", dispatch), in_estate(world, "ming", dispatch))
    assert sorted(isinstance(answer, Refused) for answer in told) == [False, True], told
    with estate_scope(world.sunny):
        assert WorkOrder.objects.count() == 1


def test_holding_and_completing_at_once_leaves_one_truth(world):
    ticket = report(world)
    with estate_scope(world.sunny):
        ticket.classify(by=world.by("ming"), klass="routine", category="drain")

    def fresh():
        return Ticket.objects.at_estate(world.sunny).get(pk=ticket.pk)

    at_once(
        in_estate(world, "ming", lambda by: fresh().hold("等配件", by=by)), in_estate(world, "jing", lambda by: fresh().complete("好了", by=by))
    )
    with estate_scope(world.sunny):
        ticket.refresh_from_db()
        held = Hold.objects.filter(ticket=ticket, resumed_at__isnull=True).exists()
        assert ticket.held is held
        assert ticket.stage == "done" and not held


# -- kill -9 ----------------------------------------------------------------------------------------------------------

JOURNEY = [
    ("report", "mei", lambda w, t, by: report(w, "journey")),
    ("classify", "ming", lambda w, t, by: t.classify(by=by, klass="urgent", category="leak")),
    ("dispatch", "ming", lambda w, t, by: t.dispatch(by=by, worker=w.zhou, wishes="无", priority="high")),
    ("take", "zhou", lambda w, t, by: t.works.get().take(by=by)),
    ("arrive", "zhou", lambda w, t, by: t.works.get().arrive(by=by)),
    ("finish", "zhou", lambda w, t, by: t.works.get().finish("换了角阀", by=by)),
    ("confirm", "ming", lambda w, t, by: t.confirm("satisfied", by=by)),
    ("rate", "mei", lambda w, t, by: t.rate(by=by, speed=5, result=5, attitude=5)),
    ("archive", "ming", lambda w, t, by: t.archive(by=by)),
]


def step(world, who, act):
    with clock.at(TUESDAY), estate_scope(world.sunny):
        ticket = Ticket.objects.at_estate(world.sunny).first()
        act(world, ticket, reach_of(getattr(world, who), world.sunny))


def killed_after(world, who, act, statements):
    """Do a step in a child process that dies by SIGKILL after so many statements; True when it lived to the end."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        left = [statements]

        def die(execute, sql, params, many, context):
            if left[0] <= 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1
            return execute(sql, params, many, context)

        with connection.execute_wrapper(die):
            step(world, who, act)
        connection.close()
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return os.WIFEXITED(status)


def facts(world):
    """Everything the journey leaves behind, without ids."""
    with estate_scope(world.sunny):
        return {
            "tickets": list(Ticket.objects.values_list("stage", "held", "reopened")),
            "events": list(Event.objects.order_by("id").values_list("action", flat=True)),
            "clocks": sorted(Clock.objects.values_list("kind", "outcome")),
            "works": list(WorkOrder.objects.values_list("stage", flat=True)),
            "outbox": Outbox.objects.count(),
        }


def test_a_kill_between_any_two_statements_loses_and_doubles_nothing(world):
    """Each step is killed after 2, 5, 9 and 14 statements, then done: the end is that of an undisturbed journey."""
    for name, who, act in JOURNEY:
        before = facts(world)
        lived = False
        for statements in (2, 5, 9, 14):
            lived = killed_after(world, who, act, statements)
            if lived:
                break
            assert facts(world) == before, f"{name} killed after {statements} statements left something behind"
        if not lived:
            step(world, who, act)
        assert facts(world) != before, name
    told = facts(world)
    assert told["tickets"] == [("archived", False, 0)] and told["works"] == ["finished"]
    assert told["events"] == [
        "ticket.reported", "ticket.classified", "work.dispatched", "work.taken", "work.arrived", "work.finished", "ticket.done",
        "ticket.confirmed", "ticket.rated", "ticket.archived",
    ]  # fmt: skip
    assert told["outbox"] == len(told["events"]) and all(outcome for _kind, outcome in told["clocks"])


def test_two_uploads_keep_nine_photos_at_most(world, settings, tmp_path):
    """Six and six at the same moment: one of them is refused, none is cut."""
    from tests.tickets.test_permissions import drawn

    settings.MEDIA_ROOT = tmp_path
    with estate_scope(world.sunny):
        ticket = Ticket.objects.report(by=world.by("mei"), estate=world.sunny, words="漏水", unit=world.home, household_id=world.meis.pk)

    def send(by):
        return Ticket.objects.get(pk=ticket.pk).photograph([drawn() for _ in range(6)], by=by)

    told = at_once(in_estate(world, "mei", send), in_estate(world, "mr_mei", send))
    assert [isinstance(one, Refused) for one in told].count(True) == 1, told
    with estate_scope(world.sunny):
        assert ticket.photos.count() == 6

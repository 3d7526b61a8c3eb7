"""Scanners side by side, crashes and held tickets, on committed rows (REQ-04, REQ-09)."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from django.db import connection, transaction

from guanjia import clock
from guanjia.clocks.models import Clock, Clocks
from guanjia.clocks.scan import claim, scan
from guanjia.events.models import Event, Outbox
from guanjia.tenancy.scope import ALL, estate_scope
from guanjia.tickets.models import Ticket
from tests.cast import TUESDAY, build_cast

from .conftest import minutes

NOTHING = {"reminded": 0, "breached": 0, "escalated": 0}


@pytest.fixture
def crowd(transactional_db):
    """Forty tickets in a committed world, two clocks each."""
    with clock.at(TUESDAY):
        world = build_cast()
        with estate_scope(world.sunny):
            for number in range(40):
                ticket = Ticket.objects.create(
                    estate=world.sunny, number=str(number), kind="repair", channel="phone", words="漏水", steward=world.ming,
                    klass="routine", reported_at=TUESDAY,
                )  # fmt: skip
                Clocks.start(ticket, "received", TUESDAY)
                Clocks.start(ticket, "dispatched", TUESDAY)
    yield world


def test_two_scanners_at_once_never_tell_twice(crowd):
    """REQ-04, REQ-09: scanners race over the same clocks, repeating ones among them; each step is told once."""
    counts: Counter[str] = Counter()
    ready = threading.Barrier(3)

    def work():
        ready.wait()
        try:
            for minute in (9, 100, 121, 130):
                counts.update(scan(TUESDAY + minutes(minute), limit=7))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _each in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    scan(TUESDAY + minutes(130))
    with estate_scope(ALL):
        told = Counter(
            (row.subject_id, row.particulars["kind"], row.action, row.particulars["step"], row.at)
            for row in Event.objects.filter(action__startswith="clock.")
        )
        assert set(told.values()) == {1}
        # classify 3 steps, response 80 % and breach, progress 80 % and breach
        assert Counter(kind for _ticket, kind, *_rest in told) == {
            "sla_classify": 120, "sla_routine_response": 80, "sla_progress": 80,
        }  # fmt: skip
        assert Outbox.objects.count() == sum(told.values())
        assert Clock.objects.filter(kind="sla_progress", stopped_at__isnull=True).count() == 40


def test_a_crash_in_a_batch_loses_nothing(crowd, monkeypatch):
    """REQ-04: a batch is one transaction; what fell is told by the next scan, once."""
    from guanjia.clocks import scan as module

    def fall(*_args):
        raise RuntimeError("the power went")

    monkeypatch.setattr(module, "announce", fall)
    with pytest.raises(RuntimeError):
        scan(TUESDAY + minutes(9))
    monkeypatch.undo()
    with estate_scope(ALL):
        assert not Event.objects.filter(action__startswith="clock.").exists()
    assert scan(TUESDAY + minutes(9)) == {**NOTHING, "reminded": 40}


def test_a_ticket_in_somebodys_hands_is_left_for_the_next_look(crowd):
    """REQ-09: the scan waits for nobody; a ticket a verb holds rolls on at the next look."""
    done: list[dict[str, int]] = []

    def look():
        try:
            done.append(scan(TUESDAY + minutes(121)))
        finally:
            connection.close()

    with estate_scope(crowd.sunny):
        Clock.objects.filter(kind__in=["sla_classify", "sla_routine_response", "sla_resolve_24h"]).delete()
        first = Ticket.objects.first()
    with estate_scope(crowd.sunny), transaction.atomic():
        Ticket.objects.select_for_update().filter(pk=first.pk).get()
        thread = threading.Thread(target=look)
        thread.start()
        thread.join(20)
        assert done == [{"reminded": 39, "breached": 39, "escalated": 0}]
    assert scan(TUESDAY + minutes(121)) == {"reminded": 1, "breached": 1, "escalated": 0}


def test_the_claim_leaves_what_another_holds(crowd):
    """REQ-04: locked clocks are stepped over, not waited for."""
    found: list[int] = []

    def look():
        try:
            with estate_scope(ALL):
                found.append(len(claim(TUESDAY + minutes(9))))
        finally:
            connection.close()

    with estate_scope(ALL):
        assert len(claim(TUESDAY + minutes(9), limit=30)) == 30
        thread = threading.Thread(target=look)
        thread.start()
        thread.join(20)
    assert found == [10]

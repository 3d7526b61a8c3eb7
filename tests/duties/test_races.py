"""Generators side by side, and the server gone in the middle: each task is there exactly once (issue 3 point 3)."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import date

import psycopg
import pytest
from django.db import OperationalError, connection

from guanjia import clock
from guanjia.duties.generation import generate
from guanjia.duties.missing import miss
from guanjia.duties.models import Enactment, Task
from guanjia.events.models import Event
from guanjia.tenancy.backend.base import as_owner
from guanjia.tenancy.scope import ALL, estate_scope
from tests.cast import TUESDAY, build_cast
from tests.duties.lawbook import DAY, adopt, local

MORNING = local(date(2026, 3, 10))
DUTIES = {
    "zones": {"cadence": "FREQ=DAILY;BYHOUR=6,12,18", "scope": "zone"},
    "units": {"cadence": "COUNT_PER_DAY=4", "scope": "unit"},
    "guards": {"cadence": "PER_SHIFT:start,mid,end", "role": "order_keeper"},
}


@pytest.fixture
def world(transactional_db):
    with clock.at(TUESDAY):
        cast = build_cast()
        with estate_scope(cast.sunny):
            adopt(cast, MORNING, **DUTIES)
    return cast


def at_once(count, act):
    failed = []
    ready = threading.Barrier(count)

    def work():
        ready.wait()
        try:
            act()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _each in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


def killed(pid):
    """End a session from outside, as a fall of the server does."""
    with as_owner():
        params = connection.get_connection_params()
    for name in ("cursor_factory", "context"):
        params.pop(name, None)
    with psycopg.connect(**params, autocommit=True) as owner:
        owner.execute("RESET ROLE")
        owner.execute("SELECT pg_terminate_backend(%s)", [pid])
        while owner.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone():
            pass


def found(cast):
    with estate_scope(ALL):
        return Counter(Task.objects.at_estate(cast.sunny).values_list("key", "slot", "subject_kind", "subject_id"))


def test_racing_generators_make_each_task_once(world):
    counts = []
    at_once(3, lambda: counts.append(sum(generate(MORNING + day * DAY) for day in range(3))))
    once = found(world)
    assert set(once.values()) == {1} and sum(counts) == len(once)
    with estate_scope(ALL):
        told = Event.objects.filter(action="task.made").values_list("particulars", flat=True)
        assert sum(each["count"] for each in told) == len(once)


def test_racing_looks_miss_each_task_once(world):
    generate(MORNING)
    counts = []
    at_once(3, lambda: counts.append(miss(MORNING + DAY)))
    with estate_scope(ALL):
        told = Counter(Event.objects.filter(action="task.missed").values_list("subject_id", flat=True))
        late = Task.objects.at_estate(world.sunny).filter(missed_at__isnull=False)
        assert set(told) == set(late.values_list("pk", flat=True)) and set(told.values()) == {1}
    assert sum(counts) == len(told)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_server_that_dies_between_two_statements(world, monkeypatch, moment):
    """The connection is killed before the tasks' statement or after it: half a run leaves nothing, the next makes all."""
    from guanjia.duties.generation import Run

    make = Run.make

    def die(run):
        if moment == "after":
            make(run)
        killed(connection.connection.info.backend_pid)
        Enactment.objects.count()

    monkeypatch.setattr(Run, "make", die)
    with pytest.raises(OperationalError):
        generate(MORNING)
    connection.close()
    monkeypatch.undo()
    with estate_scope(ALL):
        assert not Task.objects.exists() and not Enactment.objects.filter(made_at__isnull=False).exists()
    made = generate(MORNING)
    assert made == len(found(world)) > 20 and generate(MORNING) == 0

"""kill −9 at any point of a run: the books are whole at once, and in the end the same as without (issue 5, proof).

Fifty real SIGKILLs of a process, spread evenly over every statement and commit from the draft to the statements sent out. The
points are counted, not timed: what happens between two of them is PostgreSQL's own, which is told of the death by the socket.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from guanjia.billing.checks import findings
from guanjia.billing.models import Bill, BillLine, BillRun, Entry, Fee, Transfer, UnitFee
from guanjia.estates.models import Building, Company, Estate, Unit
from guanjia.events.models import Event
from guanjia.tenancy.scope import estate_scope

from .dying import MARCH, bill_march

ROOT = Path(__file__).resolve().parents[2]
HOMES, KILLS = 4, 50


def world(company, number):
    """An estate of a few homes and three fees."""
    estate = Estate.objects.create(company=company, code=f"killed{number}", name="K")
    with estate_scope(estate):
        building = Building.objects.create(estate=estate, number="1", order=1)
        units = Unit.objects.bulk_create(
            Unit(estate=estate, building=building, room=str(n), code=f"1-1-{n}", area=Decimal(60 + n))
            for n in range(HOMES)
        )
        for fee_number in "123":
            said = {"name": fee_number, "formula": "1001", "price": Decimal("1.37")}
            fee = Fee.objects.create(estate=estate, number=fee_number, **said)
            UnitFee.objects.bulk_create(UnitFee(estate=estate, unit=unit, fee=fee) for unit in units)
    return estate


@pytest.fixture
def process(transactional_db):
    """Asked with an estate and a boundary: (signal it died of, boundaries it passed)."""
    said = connection.settings_dict
    environment = os.environ | {
        "DATABASE_URL": f"postgresql://{said['USER']}@/{said['NAME']}?host={said['HOST']}",
        "DJANGO_SETTINGS_MODULE": "guanjia.settings",
        "GUANJIA_NO_POOL": "1",
        "PYTEST_VERSION": "1",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-W", "ignore", "-m", "tests.billing.dying"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT, "env": environment}
    with subprocess.Popen(command, **pipes) as running:
        assert running.stdout.readline() == "ready\n"

        def ask(estate, boundary=0, meanwhile=lambda pid: None):
            running.stdin.write(f"{estate.code} {boundary}\n")
            running.stdin.flush()
            meanwhile(int(running.stdout.readline()))
            died, passed, code = running.stdout.readline().split()
            assert code == "0"
            return int(died), int(passed.replace("-", "0"))

        yield ask
        running.stdin.close()


def books(estate):
    """What stands in an estate's books, without the numbers that rows are given. Begun again, it is reviewed again."""
    with estate_scope(estate):
        runs = list(BillRun.objects.filter(estate=estate).values_list("period", "sequence", "state", "lines", "total"))
        bills = list(
            Bill.objects.filter(estate=estate)
            .order_by("unit__code")
            .values_list("unit__code", "amount", "due_on", "live")
        )
        lines = BillLine.objects.filter(estate=estate).order_by("unit__code", "fee__number")
        moved = Transfer.objects.filter(estate=estate).order_by("line__unit__code", "line__fee__number")
        entries = Entry.objects.filter(estate=estate).values_list("kind", "on")
        told = Event.objects.filter(estate=estate).order_by("action").values_list("action", flat=True)
        return (
            runs, bills, list(lines.values_list("unit__code", "fee__number", "period", "amount", "inputs", "live")),
            list(moved.values_list("debit__code", "debit__unit__code", "credit__code", "amount", "on", "line__amount")),
            list(entries), [action for action in told if action not in ("run.drafted", "run.reviewed")],
        )  # fmt: skip


def test_fifty_killed_runs_end_in_the_same_books(process):
    """FEE-22: all or nothing after each kill; begun again, the same final books as without."""
    assert settings.APP_ROLE
    company = Company.objects.create(code="killed", name="K")
    unharmed, *killed = [world(company, number) for number in range(KILLS + 1)]
    _died, boundaries = process(unharmed)
    wanted = books(unharmed)
    assert len(wanted[2]) == len(wanted[3]) == 3 * HOMES and boundaries > KILLS
    points = [max(1, boundaries * number // KILLS) for number in range(1, KILLS + 1)]
    for estate, point in zip(killed, points, strict=True):
        assert process(estate, point) == (signal.SIGKILL, 0)
    _wait_for_the_server()
    halves = [tuple(map(len, books(estate)[1:5])) for estate in killed]
    assert set(halves) == {(0, 0, 0, 0), (HOMES, 3 * HOMES, 3 * HOMES, 1)} and halves == sorted(halves)
    for estate in killed:
        bill_march(estate)
        assert books(estate) == wanted
    with estate_scope(killed[-1]):
        assert not list(findings(killed[-1]))


@pytest.mark.parametrize("killed", ["server", "client"])
def test_killed_within_a_statement(process, killed):
    """FEE-22: PostgreSQL's own process, or ours, dies in the middle of the INSERT that has written the lines; nothing of it stays."""
    company = Company.objects.create(code="within", name="W")
    unharmed, estate = world(company, 800), world(company, 801)
    process(unharmed)
    BillRun.objects.draft(estate, MARCH)  # its prices are on file: posting is all that meets the lock

    def meanwhile(pid):
        """The lines are written, their keys wait for the fee we hold: then it dies, and only then is the fee free."""
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE NONE")  # who may see and end others' work
            server = _blocked_by_us(cursor)
            if killed == "client":
                os.kill(pid, signal.SIGKILL)
            else:
                cursor.execute("SELECT pg_terminate_backend(%s)", [server])
            cursor.execute(f'SET LOCAL ROLE "{settings.APP_ROLE}"')

    with estate_scope(estate):
        assert Fee.objects.select_for_update().get(number="2")
        died, _passed = process(estate, meanwhile=meanwhile)
    assert died == (signal.SIGKILL if killed == "client" else 0)
    _wait_for_the_server()
    assert tuple(map(len, books(estate)[1:5])) == (0, 0, 0, 0)
    bill_march(estate)
    assert books(estate)[:4] == books(unharmed)[:4]


def _blocked_by_us(cursor):
    """The process of the server that waits for us within the INSERT of lines."""
    for _try in range(2000):
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT pid, query FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
        if found := cursor.fetchone():
            assert "INSERT INTO billing_billline" in found[1]
            return found[0]
        time.sleep(0.01)
    raise AssertionError("nobody waits")


def _wait_for_the_server():
    """Until PostgreSQL has noticed that its client is gone: only our own connection is left."""
    for _try in range(400):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.01)

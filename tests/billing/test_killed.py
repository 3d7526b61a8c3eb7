"""kill −9 in the middle of a run: whatever the moment, the books are whole, and the same in the end (issue 5, proof)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from guanjia.billing.checks import findings
from guanjia.billing.models import Bill, BillLine, BillRun, Entry, Fee, Transfer, UnitFee
from guanjia.estates.models import Building, Company, Estate, Unit
from guanjia.tenancy.scope import estate_scope

ROOT = Path(__file__).resolve().parents[2]
HOMES, KILLS = 400, 6
COMMAND = "import sys; from django.core.management import call_command; import django; django.setup(); print('ready', flush=True); call_command('bill', 'killed', '2026-03', post=True, json=True)"


@pytest.fixture
def estate(transactional_db):
    company = Company.objects.create(code="killed", name="K")
    estate = Estate.objects.create(company=company, code="killed", name="K")
    with estate_scope(estate):
        building = Building.objects.create(estate=estate, number="1", order=1)
        units = Unit.objects.bulk_create(
            Unit(estate=estate, building=building, room=str(n), code=f"1-1-{n}", area=Decimal(60 + n % 50))
            for n in range(HOMES)
        )
        for number in "123":
            fee = Fee.objects.create(estate=estate, number=number, name=number, formula="1001", price=Decimal("1.37"))
            UnitFee.objects.bulk_create(UnitFee(estate=estate, unit=unit, fee=fee) for unit in units)
    return estate


def url():
    said = connection.settings_dict
    return f"postgresql://{said['USER']}@/{said['NAME']}?host={said['HOST']}"


def runner():
    environment = os.environ | {
        "DATABASE_URL": url(),
        "DJANGO_SETTINGS_MODULE": "guanjia.settings",
        "GUANJIA_NO_POOL": "1",
        "PYTEST_VERSION": "1",
        "PYTHONPATH": str(ROOT),
    }
    child = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", COMMAND], env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert child.stdout.readline() == "ready\n"
    return child


def counts(estate):
    with estate_scope(estate):
        return [model.objects.filter(estate=estate).count() for model in (Bill, BillLine, Transfer, Entry)]


@pytest.mark.parametrize("share", [number / KILLS for number in range(1, KILLS + 1)])
def test_a_killed_run_leaves_nothing_and_begins_again(estate, share):
    """All or nothing, then the same final books as without (FEE-22)."""
    assert settings.APP_ROLE
    child = runner()
    watch = threading.Event()
    watch.wait(0.02 + 0.9 * share)  # some moment of the run; every one of them must be safe
    child.send_signal(signal.SIGKILL)
    child.wait()
    _wait_for_the_server(child)
    assert counts(estate) in ([0, 0, 0, 0], [HOMES, 3 * HOMES, 3 * HOMES, 1])
    child = runner()
    assert '"state": "posted"' in child.communicate()[0] and child.returncode == 0
    assert counts(estate) == [HOMES, 3 * HOMES, 3 * HOMES, 1]
    with estate_scope(estate):
        assert not list(findings(estate))
        assert BillRun.objects.get(estate=estate).total == sum(
            line.amount for line in BillLine.objects.filter(estate=estate)
        )


def _wait_for_the_server(child):
    """Until PostgreSQL has noticed that its client is gone: only our own connection is left."""
    for _try in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle' AND backend_type = 'client backend'"
            )
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.05)

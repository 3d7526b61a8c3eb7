"""Imports that meet, and imports that die (issue 2, proof): nothing lost, nothing twice."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import pytest
from django.db import connection

from guanjia.estates.models import Company, Estate, Unit
from guanjia.events.models import Event
from guanjia.importing import importer
from guanjia.importing.importer import import_workbook
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope

from . import books

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def estate():
    company = Company.objects.create(code="meeting", name="物业")
    return Estate.objects.create(company=company, code="meeting", name="小区")


def counted(estate):
    with estate_scope(estate):
        return Unit.objects.count(), Event.objects.count()


def apart(work):
    """Run in a thread with a connection of its own."""

    def run():
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_two_at_once_take_turns(estate, tmp_path):
    """Issue 2 point 2: the same file from two desks at once: every unit once, the second finds everything done."""
    path = books.estate(tmp_path / "estate.xlsx", 120)
    outcomes = []
    threads = [apart(lambda: outcomes.append(import_workbook(path, estate))) for _desk in range(2)]
    for thread in threads:
        thread.join()
    assert sorted(outcome.tallies["unit"].created for outcome in outcomes) == [0, 120]
    assert counted(estate) == (120, 2)


def test_the_second_is_told_when_the_first_takes_too_long(estate, tmp_path, monkeypatch):
    """Issue 2 point 2: one clear sentence, nothing half done."""
    path = books.five(tmp_path / "a.xlsx", owners=[books.person(1)])
    monkeypatch.setattr(importer, "WAIT", 0.2)
    held, done = threading.Event(), threading.Event()

    def hold():
        with estate_scope(estate):
            importer._take_turns(estate)
            held.set()
            done.wait(10)

    thread = apart(hold)
    held.wait(10)
    try:
        with pytest.raises(Refused) as caught:
            import_workbook(path, estate)
        assert caught.value.code == "import_busy"
    finally:
        done.set()
        thread.join()
    assert import_workbook(path, estate).tallies["person"].created == 1


def test_an_error_in_the_middle_leaves_nothing(estate, tmp_path, monkeypatch):
    """Issue 2 proof: one transaction: whole or nothing, and the next try succeeds."""
    path = books.estate(tmp_path / "estate.xlsx", 40)
    with monkeypatch.context() as patch:
        patch.setattr(importer, "rebuild_units", lambda *_words: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            import_workbook(path, estate)
    assert counted(estate) == (0, 0)
    assert import_workbook(path, estate).tallies["unit"].created == 40


def test_kill_nine_in_the_middle(estate, tmp_path):
    """Issue 2 proof: a process killed while it writes leaves nothing, and its lock goes with it."""
    path = books.estate(tmp_path / "estate.xlsx", 200)
    program = (
        "import django, sys, time; django.setup()\n"
        "from pathlib import Path\n"
        "from guanjia.estates.models import Estate\n"
        "from guanjia.importing import importer\n"
        "importer.rebuild_units = lambda *words: (print('there', flush=True), time.sleep(60))\n"
        "importer.import_workbook(Path(sys.argv[1]), Estate.objects.get(code='meeting'))\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(path)], env=_environment(), stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout.readline().strip() == "there"
        assert counted(estate) == (0, 0)
    finally:
        child.kill()
        child.wait()
    time.sleep(0.2)
    assert import_workbook(path, estate).tallies["unit"].created == 200


def _environment():
    """The child's settings: this test's database, in the application's role."""
    wanted = connection.settings_dict
    user = (
        f"{wanted['USER']}:{wanted['PASSWORD']}@"
        if wanted["PASSWORD"]
        else f"{wanted['USER']}@"
        if wanted["USER"]
        else ""
    )
    port = f":{wanted['PORT']}" if wanted["PORT"] else ""
    address = (
        f"postgresql://{user}localhost{port}/{wanted['NAME']}"
        if not str(wanted["HOST"]).startswith("/")
        else f"postgresql://{user}/{wanted['NAME']}?host={wanted['HOST']}"
    )
    return {
        **os.environ,
        "DATABASE_URL": address,
        "DATABASE_OWNER_URL": address,
        "DJANGO_SETTINGS_MODULE": "guanjia.settings",
        "GUANJIA_NO_POOL": "1",
    }

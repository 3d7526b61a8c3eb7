"""`bin/bench filing`: filing a ticket through HTTP against pgbench inserting the same rows (issue 2, figures).

A real granian with two workers, eight keep-alive clients with a front desk's token; the rows that one filing leaves are
read back and become pgbench's script. Both take turns on one server, on a scratch estate that is removed afterwards.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import timedelta
from statistics import median
from time import monotonic, perf_counter, sleep
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from guanjia import clock
from guanjia.estates.models import Building, Company, Estate, Unit, Zone
from guanjia.people.models import Person, Post, Token
from guanjia.people.roles import Role
from guanjia.people.tokens import issue
from guanjia.tenancy.models import EstateOwned
from guanjia.tenancy.scope import estate_scope

from .bench_rows import pgbench, script

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENTS, RUNS, WARM = 8, 5, 80
def filing(size: int = 2_000) -> dict[str, Any]:
    """Tickets a second, `size` filed in all, as a ratio to pgbench. Needs the tables' owner (bin/bench)."""
    with _scratch() as (estate, token), _server() as port:
        desk = Desk(port, estate, token)
        desk.rush(WARM)
        rows = _left_by(desk, estate)
        baseline_script = script(estate, rows)
        ours, theirs, waits = [], [], []
        for _run in range(RUNS):
            rate, spent = desk.rush(max(size // RUNS, CLIENTS))
            ours.append(rate)
            waits += spent
            theirs.append(pgbench(baseline_script, CLIENTS))
    waits.sort()
    figure, baseline = median(ours), median(theirs)
    return {
        "name": "filing", "figure": round(figure, 1), "baseline": round(baseline, 1), "ratio": round(figure / baseline, 3), "unit": "tickets/s",
        "runs": RUNS, "p50_ms": round(median(waits) * 1000, 1), "p99_ms": round(waits[int(len(waits) * 0.99)] * 1000, 1), "rows": rows, "goal": 0.10,
    }  # fmt: skip


def _left_by(desk: Desk, estate: Estate) -> dict[str, int]:
    """How many rows one filing leaves, by table."""
    before = _counts(estate)
    with _connect(desk.port) as line:
        desk.file(line)
    return {table: more for table, count in _counts(estate).items() if (more := count - before[table])}


@contextmanager
def _scratch() -> Iterator[tuple[Estate, str]]:
    """An estate with one zone, its steward, one home and a front desk with a token; gone afterwards."""
    name = f"bench-{uuid4().hex[:8]}"
    company = Company.objects.create(code=name, name=name)
    estate = Estate.objects.create(company=company, code=name, name=name)
    people = [Person.objects.create(username=f"{name}-{role}", name=role, company=company) for role in ("desk", "steward")]
    try:
        since = (clock.today(estate) - timedelta(days=1), None)
        with estate_scope(estate):
            zone = Zone.objects.create(estate=estate, code="1", name="1")
            building = Building.objects.create(estate=estate, number="1", zone=zone)
            Unit.objects.create(estate=estate, building=building, zone=zone, room="101", code="1-1-101")
            Post.objects.create(estate=estate, person=people[0], role=Role.FRONT_DESK, during=since)
            Post.objects.create(estate=estate, person=people[1], role=Role.STEWARD, zone=zone, during=since)
        yield estate, issue(people[0], "bench")
    finally:
        _remove(estate, people)


def _remove(estate: Estate, people: list[Person]) -> None:
    """Every row of the estate: a table that others still point at is tried again after them."""
    left = [model._meta.db_table for model in apps.get_models() if issubclass(model, EstateOwned)]
    with estate_scope(estate), connection.cursor() as cursor:
        while left:
            table = left.pop(0)
            try:
                with transaction.atomic():
                    cursor.execute(f"DELETE FROM {table} WHERE estate_id = %s", [estate.pk])
            except Exception:
                left.append(table)
    Token.objects.filter(person__in=people).delete()
    Person.objects.filter(pk__in=[person.pk for person in people]).delete()
    estate.delete()
    estate.company.delete()


@contextmanager
def _server() -> Iterator[int]:
    """The application as bin/demo serves it, on a free port of the loopback, as the role that owns nothing."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {key: value for key, value in os.environ.items() if key not in ("GUANJIA_AS_OWNER", "GUANJIA_DEBUG", "PYTEST_VERSION")}
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "--host", "127.0.0.1",
               "--port", str(port), "--log-level", "warning", "guanjia.wsgi:application"]  # fmt: skip
    process = subprocess.Popen(command, env=environment, cwd=settings.ROOT)
    try:
        until = monotonic() + 60
        while process.poll() is None and monotonic() < until:
            try:
                _connect(port).close()
                break
            except OSError:
                sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=30)


class Desk:
    """Eight clients that file one ticket after the other over connections they keep.

    Written on bare sockets: a client library would take the processor that the server needs.
    """

    def __init__(self, port: int, estate: Estate, token: str) -> None:
        self.port = port
        self.head = (
            f"POST /api/v1/estates/{estate.code}/tickets HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
            "Content-Type: application/json\r\nContent-Length: "
        )

    def file(self, line: socket.socket) -> None:
        body = json.dumps({"words": f"厨房水管漏水 {uuid4().hex}", "unit": "1-1-101", "kind": "repair", "category": "leak"})
        line.sendall(f"{self.head}{len(body)}\r\n\r\n{body}".encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += line.recv(65536)
        head, _blank, body_so_far = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 201"), answer
        missing = int(re.search(rb"(?i)content-length: (\d+)", head)[1]) - len(body_so_far)  # type: ignore[index]
        while missing > 0:
            missing -= len(line.recv(65536))

    def rush(self, count: int) -> tuple[float, list[float]]:
        """File `count` tickets with all clients at once: tickets a second, and the seconds that each took."""
        waits: list[float] = []
        threads = [threading.Thread(target=self._one, args=(count // CLIENTS, waits)) for _each in range(CLIENTS)]
        start = perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(waits) == count // CLIENTS * CLIENTS, "a client failed"
        return len(waits) / (perf_counter() - start), waits

    def _one(self, count: int, waits: list[float]) -> None:
        with _connect(self.port) as line:
            for _each in range(count):
                start = perf_counter()
                self.file(line)
                waits.append(perf_counter() - start)


def _counts(estate: Estate) -> dict[str, int]:
    """Rows of the estate in every table that a filing may touch."""
    tables = [model._meta.db_table for model in apps.get_models() if issubclass(model, EstateOwned)]
    with estate_scope(estate), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table} WHERE estate_id = {estate.pk}" for table in tables))
        return dict(cursor.fetchall())

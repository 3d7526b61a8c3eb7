"""`bin/bench due_scan`: claiming 500 due clocks among many running ones against the same among ten thousand.

The statement of the real claim (its ids fetched, as the baseline's) runs on a copy of the clocks' table (same columns and indexes) in a schema of its own, removed
afterwards; the baseline is a bare partial index on a deadline in the same run (issue 2, figures).
"""

from __future__ import annotations

from contextlib import contextmanager
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import connection, transaction

from guanjia import clock
from guanjia.tenancy.scope import ALL, estate_scope

from .scan import MARGIN, claim, due, scan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

SCHEMA = "guanjia_bench"
SMALL, DUE, RUNS, CLOSED, BURST = 10_000, 500, 41, 100_000, 10_000

# Deadlines spread over thirty days to come; DUE of them within the last minute; a thousand estates.
FILL = """
INSERT INTO clocks_clock (estate_id, ticket_id, kind, klass, moment, started_at, allowed, calendar, due_at, stops_on, repeats,
    pausable, steps, tells, step, next_at, paused_total, outcome)
SELECT n %% 1000 + 1, n, 'sla_resolve_24h', 'routine', 'received', at - interval '24 h', '24 h', 'always', at, '{{resolved}}', '',
    true, ARRAY[at, at + interval '4 h'], '{{responsible,manager}}', 0, at, '0', ''
FROM (SELECT n, %(now)s::timestamptz + {when} AS at FROM generate_series(%(first)s, %(last)s) AS n) AS each
"""
LATER = "interval '1 min' + (n::bigint * 7919 %% 2592000) * interval '1 s'"
JUST_NOW = "-interval '50 s' + (n %% 500) * interval '0.1 s'"
EARLIER = "-interval '1 h' + (n %% 3000) * interval '1 s'"

BARE = "CREATE TABLE bare AS SELECT id, next_at, stopped_at FROM clocks_clock; ALTER TABLE bare ADD PRIMARY KEY (id);"
BARE_INDEX = "CREATE INDEX bare_next ON bare (next_at) WHERE stopped_at IS NULL; ANALYZE bare;"
BARE_CLAIM = (
    "SELECT id FROM bare WHERE stopped_at IS NULL AND next_at <= %s ORDER BY next_at LIMIT 500 FOR UPDATE SKIP LOCKED"
)


def due_scan(size: int = 10_000_000) -> dict[str, Any]:
    """Median seconds of one claim among `size`, as a ratio to the same among ten thousand. Needs the tables' owner."""
    now = clock.now()
    figures: dict[str, Any] = {}
    for name, count in (("small", SMALL), ("large", max(size, SMALL))):
        with _table(count, now):
            figures[name] = _measure(lambda: _claim(now))
            figures[f"loaded_{name}"] = _measure(lambda: _loaded_claim(now))
            figures[f"bare_{name}"] = _measure(lambda: _bare_claim(now))
            figures[f"idle_tick_{name}"] = _measure(lambda: _tick(now))
            figures |= _worn(now) if name == "large" else {"burst": _burst(now)}
    worst = max(figures["large"], figures["old_snapshot"], figures["after_closing"])
    return {
        "name": "due_scan",
        "figure": worst,
        "baseline": figures["small"],
        "ratio": round(worst / figures["small"], 3),
        "bare_ratio": round(figures["bare_large"] / figures["bare_small"], 3),
        "unit": "s per claim of 500",
        "runs": RUNS,
        "size": size,
        "burst": {"breaches": BURST, "seconds": round(figures.pop("burst"), 3)},
        "parts": {key: round(value * 1000, 3) for key, value in figures.items()},  # ms
        "goal": 1.5,
    }


def _worn(now: datetime) -> dict[str, float]:
    """The same claim beside an old open snapshot, and after a hundred thousand clocks were just closed under it."""
    with _old_snapshot():
        found = {"old_snapshot": _measure(lambda: _claim(now))}
        _close_many()
        found["after_closing"] = _measure(lambda: _claim(now))
        found["after_closing_whole"] = _measure(lambda: _claim(now, whole=True))
        return found | {"bare_after_closing": _measure(lambda: _bare_claim(now))}


def _claim(now: datetime, *, whole: bool = False, expected: int = DUE) -> float:
    """One claim as a scanner makes it, undone again."""
    with transaction.atomic(), estate_scope(ALL):
        query = due(now, limit=DUE, since=None if whole else now - MARGIN).values_list("pk")
        statement, values = query.query.get_compiler(connection=connection).as_sql()
        with connection.cursor() as cursor:
            start = perf_counter()
            cursor.execute(statement, values)
            rows = cursor.fetchall()
            spent = perf_counter() - start
        assert len(rows) == expected, len(rows)
        transaction.set_rollback(True)
    return spent


def _loaded_claim(now: datetime) -> float:
    """The claim with its rows made into clocks, as the scan works with them."""
    with transaction.atomic(), estate_scope(ALL):
        start = perf_counter()
        assert len(claim(now, limit=DUE, since=now - MARGIN)) == DUE
        spent = perf_counter() - start
        transaction.set_rollback(True)
    return spent


def _burst(now: datetime) -> float:
    """Seconds to tell BURST breaches that fell due at once, events and outbox written."""
    with connection.cursor() as cursor:
        first = 10 * SMALL
        cursor.execute(FILL.format(when="-interval '3 min'"), {"now": now, "first": first, "last": first + BURST - 1})
    start = perf_counter()
    counts = scan(now)
    assert counts["breached"] == BURST + DUE, counts
    return perf_counter() - start


def _tick(now: datetime) -> float:
    """A whole look of a scanner when nothing is due: transaction, scope and claim."""
    start = perf_counter()
    counts = scan(now - MARGIN, since=now - 2 * MARGIN)
    assert not any(counts.values()), counts
    return perf_counter() - start


def _bare_claim(now: datetime) -> float:
    with transaction.atomic(), connection.cursor() as cursor:
        start = perf_counter()
        cursor.execute(BARE_CLAIM, [now])
        cursor.fetchall()
        spent = perf_counter() - start
        transaction.set_rollback(True)
    return spent


def _measure(act: Callable[[], float]) -> float:
    for _warm in range(5):
        act()
    return median(act() for _run in range(RUNS))


@contextmanager
def _table(count: int, now: datetime) -> Iterator[None]:
    """A copy of the clocks' table with `count` running clocks, DUE of them due and CLOSED about to be closed."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}; SET search_path = {SCHEMA}, public")
        try:
            for name in ("events_event", "events_outbox"):
                cursor.execute(f"CREATE TABLE {name} (LIKE public.{name} INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING INDEXES)")
            cursor.execute("CREATE TABLE clocks_clock (LIKE public.clocks_clock INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING STORAGE)")
            closed = CLOSED if count > SMALL else 0
            last = count - DUE - closed
            for when, first, end in ((LATER, 1, last), (JUST_NOW, last + 1, last + DUE), (EARLIER, last + DUE + 1, count)):
                cursor.execute(FILL.format(when=when), {"now": now, "first": first, "last": end})
            _like_the_real_one(cursor)
            cursor.execute(BARE + BARE_INDEX)
            cursor.execute("VACUUM ANALYZE clocks_clock")
            yield
        finally:
            cursor.execute(f"RESET search_path; DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")


def _like_the_real_one(cursor: Any) -> None:
    """The real table's indexes, built after the load, which is quicker."""
    cursor.execute("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = 'clocks_clock'")
    for (definition,) in cursor.fetchall():
        cursor.execute(definition.replace("ON public.", f"ON {SCHEMA}."))


def _close_many() -> None:
    """Stop the clocks that fell due in the last hour, as a burst of answers would."""
    stop = "UPDATE {} SET stopped_at = now(){} WHERE next_at < (SELECT now() - interval '5 min')"
    with connection.cursor() as cursor:
        cursor.execute(stop.format("bare", ""))
        cursor.execute(stop.format("clocks_clock", ", outcome = 'met', next_at = NULL"))


@contextmanager
def _old_snapshot() -> Iterator[None]:
    """Another session that has looked at the table and does not end, as a long report or a backup does."""
    params = connection.get_connection_params()
    params.pop("cursor_factory", None)
    params.pop("context", None)
    with psycopg.connect(**params) as other:
        other.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        other.execute(f"SELECT count(*) FROM (SELECT FROM {SCHEMA}.clocks_clock LIMIT 1) AS one")
        yield
        other.rollback()

"""`bin/bench comply`: the whole proof of keeping against the barest count of the same rows (issue 3, figures).

A scratch estate of `size` households with a year of tasks, tickets and clocks, and a hundred more estates beside it; both
statements run in turn on one connection. Everything is rolled back.
"""

from __future__ import annotations

from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import Any
from uuid import uuid4

from django.db import connection, transaction

from guanjia import clock
from guanjia.estates.models import Company, Estate, Zone
from guanjia.rulebooks.books import books
from guanjia.rulebooks.models import Parameter
from guanjia.rulebooks.parameters import forget
from guanjia.tenancy.scope import ALL, estate_scope

from .keeping import standings

RUNS, YEAR, OTHERS = 5, 365, 100
PER_HOUSEHOLD = 100  # tasks of a year, about what the books ask for
DUTIES = """
INSERT INTO duties_duty (estate_id, book, key, rows, cadence, "window", role, scope, narrowed, form, proof, during, laid_at, follows)
SELECT %(estate)s, 'plan', key, ARRAY['HSE-05'], 'FREQ=DAILY', '{}', 'steward', 'estate', '', 'note', '{}', daterange(%(since)s::date, NULL), %(now)s, false
FROM unnest(%(keys)s::text[]) key
"""
TASKS = """
INSERT INTO duties_task (estate_id, duty_id, key, slot, day, subject_kind, subject_id, zone_id, opens_at, due_at, role, made_at, late_made, done_at, done_by_id, person_id, shift)
SELECT d.estate_id, d.id, d.key, 'bench', at::date, 'household', n, %(zone)s, at, at + interval '8 hours', d.role, at, false,
  CASE WHEN n %% 20 > 0 THEN at + interval '4 hours' END, CASE WHEN n %% 20 > 0 THEN n %% 30 END, n %% 30, ''
FROM duties_duty d, generate_series(1, %(each)s) n, LATERAL (SELECT %(now)s::timestamptz - (n %% 365) * interval '1 day' - interval '1 hour' AS at) x
WHERE d.estate_id = %(estate)s
"""
TICKETS = """
INSERT INTO tickets_ticket (estate_id, number, kind, category, klass, channel, priority, stage, words, wishes, "where", zone_id, anonymous, secret,
  reporter_name, reporter_phone, checklist, held, urged, reopened, client_key, reported_at, classified_at)
SELECT %(estate)s, 'b' || n, 'repair', 'leak', 'routine', 'phone', 'medium', 'handling', '漏水', '', '', %(zone)s, false, '', '', '', '{}', false, 0, 0, '',
  at, at + interval '5 minutes' FROM generate_series(1, %(tickets)s) n, LATERAL (SELECT %(now)s::timestamptz - (n %% 365) * interval '1 day' AS at) x
"""
CLOCKS = """
INSERT INTO clocks_clock (estate_id, ticket_id, kind, klass, moment, started_at, allowed, calendar, due_at, stops_on, repeats, pausable, steps, tells, step, paused_total, stopped_at, outcome)
SELECT t.estate_id, t.id, limit_key, 'routine', 'received', t.reported_at, interval '2 hours', 'always', t.reported_at + interval '2 hours', '{done}', '', false, '{}', '{}', 0,
  interval '0', t.reported_at + (t.id %% 3) * interval '1 hour' + interval '1 minute', CASE WHEN t.id %% 3 > 1 THEN 'late' ELSE 'met' END
FROM tickets_ticket t, unnest(ARRAY['sla_classify', 'sla_routine_response', 'sla_resolve_24h']) limit_key WHERE t.estate_id = %(estate)s
"""
RAW = """
SELECT k.key, count(*), count(*) FILTER (WHERE k.done_at <= k.due_at) FROM duties_task k WHERE k.estate_id = %(estate)s AND k.due_at >= %(since)s GROUP BY 1
UNION ALL
SELECT c.kind, count(*), count(*) FILTER (WHERE c.stopped_at <= c.due_at) FROM clocks_clock c WHERE c.estate_id = %(estate)s AND c.due_at >= %(since)s GROUP BY 1
"""


class _Undone(Exception):
    """The measurement is over; nothing of it stays."""


def comply(size: int = 1_200) -> dict[str, Any]:
    """Milliseconds of one proof over a year of an estate of `size` households, as a ratio to the bare counts. Needs the owner."""
    told: dict[str, Any] = {}
    try:
        with estate_scope(ALL), transaction.atomic():
            told = _measured(size)
            raise _Undone
    except _Undone:
        forget()
    return told


def _measured(size: int) -> dict[str, Any]:
    now, name = clock.now(), f"bench-{uuid4().hex[:8]}"
    company = Company.objects.create(code=name, name=name)
    estates = [Estate.objects.create(company=company, code=f"{name}-{n}", name=name) for n in range(OTHERS + 1)]
    for code in books():
        Parameter(company=company, key=f"book.{code}.adopted", value=True, valid_from=now - timedelta(days=2 * YEAR), reason="bench").save()
    forget()
    rows = _filled(estates[0], size, now)
    for other in estates[1:]:
        _filled(other, max(size // 120, 1), now)
    with connection.cursor() as cursor:
        for table in ("duties_duty", "duties_task", "tickets_ticket", "clocks_clock"):
            cursor.execute(f"ANALYZE {table}")
    since = now - timedelta(days=YEAR)
    ours = [_timed(lambda: standings(estates[0], since, now)) for _run in range(RUNS)]
    theirs = [_timed(lambda: _raw(estates[0], since)) for _run in range(RUNS)]
    whole = [_timed(lambda: [standings(one, since, now) for one in estates[1:]])]
    figure, baseline = median(ours), median(theirs)
    return {
        "name": "comply", "figure": round(figure * 1000, 1), "baseline": round(baseline * 1000, 1), "ratio": round(figure / baseline, 2), "unit": "ms", "runs": RUNS,
        "clauses": sum(len(book.clauses) for book in books().values()), "rows": rows, "estates_100_s": round(whole[0], 2),
    }  # fmt: skip


def _filled(estate: Estate, size: int, now: Any) -> dict[str, int]:
    """A year of tasks, tickets and clocks."""
    zone = Zone.objects.create(estate=estate, code="1", name="1")
    keys = [key for book in books().values() for key, duty in book.duties.items() if not duty.kept_by and not duty.register_only]
    each = max(size * PER_HOUSEHOLD // len(keys), 1)
    named = {"estate": estate.pk, "zone": zone.pk, "now": now, "since": (now - timedelta(days=YEAR)).date(), "keys": keys, "each": each, "tickets": size * 2}
    with connection.cursor() as cursor:
        for statement in (DUTIES, TASKS, TICKETS, CLOCKS):
            cursor.execute(statement, named)
    return {"tasks": each * len(keys), "tickets": size * 2, "clocks": size * 6}


def _raw(estate: Estate, since: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(RAW, {"estate": estate.pk, "since": since})
        cursor.fetchall()


def _timed(act: Any) -> float:
    begin = perf_counter()
    act()
    return perf_counter() - begin

"""A month's scores of a thousand estates at once, as a ratio to the bare sums of the same rows, which nobody keeps."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, transaction

from guanjia.billing.chart import BANK, RECEIVABLE
from guanjia.billing.reckoning.plan import by_hash
from guanjia.estates.models import Company, Estate
from guanjia.people.models import Person
from guanjia.rulebooks.form_book import covering
from guanjia.tenancy.scope import ALL, estate_scope

from .book import indicators
from .models import Figure
from .reckoning import reckon
from .sources import rows_of, values

MONTH, NOW = date(2026, 3, 1), datetime(2026, 4, 1, 1, 0, tzinfo=UTC)
ALONE = 20  # estates reckoned one by one, for comparison
# An ordinary month of an estate: rows of each kind. Keys of rows are BASE + estate × 100,000 + number.
HOMES, ZONES, BUILDINGS, TICKETS, TASKS, RECORDS, ANSWERED, SAT = 1_200, 8, 32, 300, 1_500, 400, 120, 20
BASE = 10**12
KEY = f"{BASE} + e * 100000 + "
AT = "'2026-03-01 01:00+08'::timestamptz + (n %% 43000) * interval '1 minute'"
ALWAYS = "daterange('2025-01-01', NULL)"
BLANK = {"boolean": "false", "jsonb": "'{}'::jsonb", "ARRAY": "'{}'", "uuid": "gen_random_uuid()", "date": "'2026-03-01'::date", "interval": "interval '1 hour'"}
ZONE = f"{KEY}1 + n %% {ZONES}"
HOME, LINE, TICKET = f"{KEY}100 + n", f"{KEY}100 + n", f"{KEY}n"
# table → how many an estate, columns; what else may not be empty is filled with nothing
FILL: list[tuple[str, int, dict[str, str]]] = [
    ("estates_zone", ZONES, {"id": f"{KEY}n", "code": "n::text", "name": "n::text"}),
    ("people_post", ZONES, {"zone_id": f"{KEY}n", "role": "'steward'", "person_id": "%(person)s", "during": ALWAYS}),
    ("estates_building", BUILDINGS, {"id": f"{KEY}n", "number": "n::text", "zone_id": ZONE}),
    ("estates_unit", HOMES, {"id": HOME, "code": "n::text", "building_id": f"{KEY}1 + n %% {BUILDINGS}", "zone_id": ZONE}),
    ("households_household", HOMES, {"id": HOME, "number": "n::text"}),
    ("households_occupancy", HOMES, {"household_id": HOME, "unit_id": HOME, "during": ALWAYS}),
    ("tickets_ticket", TICKETS, {"id": TICKET, "number": "n::text", "kind": "(ARRAY['repair','complaint','inquiry'])[1 + n %% 3]", "stage": "'done'", "zone_id": ZONE, "steward_id": "%(person)s", "reported_at": AT, "done_at": AT}),
    ("clocks_clock", TICKETS * 3, {"ticket_id": f"{KEY}1 + n %% {TICKETS}", "kind": "(ARRAY['sla_classify','sla_progress','sla_resolve_24h'])[1 + n %% 3]", "started_at": f"{AT} - interval '1 hour'", "due_at": AT, "stopped_at": f"{AT} + (n %% 3 - 1) * interval '1 minute'", "outcome": "'met'"}),
    ("tickets_rating", TICKETS // 2, {"ticket_id": TICKET, "at": AT, "speed": "1 + n %% 5", "result": "1 + n %% 5", "attitude": "5"}),
    ("tickets_confirmation", TICKETS // 2, {"ticket_id": TICKET, "at": AT, "by_id": "%(person)s", "outcome": "(ARRAY['satisfied','unsatisfied','not_reached'])[1 + n %% 3]"}),
    ("tickets_workorder", TICKETS, {"ticket_id": TICKET, "worker_id": "%(person)s", "stage": "'finished'", "ended_at": AT}),
    ("duties_task", TASKS, {"id": f"{KEY}n", "key": "'bench'", "slot": "n::text", "subject_kind": "'zone'", "zone_id": ZONE, "building_id": f"{KEY}1 + n %% {BUILDINGS}", "opens_at": f"{AT} - interval '2 hours'", "due_at": AT, "done_at": f"{AT} + (n %% 3 - 1) * interval '1 minute'", "done_by_id": "%(person)s"}),
    ("duties_record", RECORDS, {"task_id": f"{KEY}n", "form": "%(form)s", "by_id": "%(person)s", "done_at": AT, "beside": "false", "answers": """('{"engineering":{"value":"' || (ARRAY['ok','bad','na'])[1 + n %% 3] || '"},"equipment":{"value":"ok"},"cleaning":{"value":"ok"}}')::jsonb"""}),
    ("surveys_pollversion", 1, {"id": f"{KEY}1", "questions": """'[{"name": "all", "core": "overall"}]'::jsonb"""}),
    ("surveys_poll", 1, {"id": f"{KEY}1", "audience": "'household'", "draw": "'census'", "size": "0", "begins_on": "'2026-03-01'::date", "ends_on": "'2026-03-20'::date", "version_id": f"{KEY}1", "published_at": AT, "closed_at": AT}),
    ("surveys_response", ANSWERED, {"poll_id": f"{KEY}1", "anonymous": "true", "zone_id": ZONE, "answers": """('{"all":' || 1 + n %% 5 || '}')::jsonb"""}),
    ("quality_inspection", 4, {"id": f"{KEY}n", "method": "(ARRAY['open','questions'])[1 + n %% 2]", "zone_id": ZONE, "finished_at": AT, "score": "90 + n"}),
    ("quality_sample", 8, {"inspection_id": f"{KEY}1 + n %% 4", "score": "80 + n"}),
    ("training_attempt", SAT, {"id": f"{KEY}n", "exam_id": f"{KEY}1", "person_id": "%(person)s + n %% 10", "number": "n", "ended_at": AT, "marked_at": AT, "score": "n %% 60"}),
    ("training_answer", SAT * 6, {"attempt_id": f"{KEY}1 + n %% {SAT}", "place": "n", "worth": "10"}),
    ("care_coveragefigure", ZONES * 2, {"metric": "(ARRAY['familiarity','contact'])[1 + n %% 2]", "way": "'file'", "day": "'2026-03-30'::date", "zone_id": f"{KEY}(n + 1) / 2", "part": "n", "whole": "150"}),
    ("billing_account", 2, {"id": f"{KEY}n", "code": f"(ARRAY['{RECEIVABLE}','{BANK}'])[n]"}),
    ("billing_account", 1, {"id": f"{KEY}3", "code": "'6001'"}),
    ("billing_billline", HOMES, {"id": LINE, "unit_id": HOME, "period": "'2026-03-01'::date"}),
    ("billing_transfer", HOMES, {"line_id": LINE, "debit_id": f"{KEY}1", "credit_id": f"{KEY}3", "amount": "237.18", '"on"': "'2026-03-01'::date"}),
    ("billing_transfer", HOMES * 9 // 10, {"line_id": LINE, "debit_id": f"{KEY}2", "credit_id": f"{KEY}1", "amount": "237.18", '"on"': "'2026-03-15'::date"}),
]  # fmt: skip
RAW = "WITH {rows} SELECT estate_id, zone_id, person_id, sum(part), sum(whole) FROM rows GROUP BY GROUPING SETS ((estate_id), (estate_id, zone_id), (estate_id, person_id))"


class _Undone(Exception):
    """The measurement is over; nothing of it stays."""


def scores(size: int = 1_000) -> dict[str, Any]:
    """Seconds of a month of `size` estates × 1,200 households. Needs the owner, who is not held to foreign keys; leaves nothing."""
    told: dict[str, Any] = {}
    try:
        with estate_scope(ALL), transaction.atomic():
            told = _measured(size)
            raise _Undone
    except _Undone:
        pass
    return told


def _measured(size: int) -> dict[str, Any]:
    company = Company.objects.create(code="bench-scores", name="bench")
    estates = Estate.objects.bulk_create([Estate(company=company, code=f"bench-scores-{n}", name="bench") for n in range(size)])
    rows = _fill(estates, company)
    alone = _timed(lambda: [reckon([one], MONTH, at=NOW) for one in estates[:ALONE]])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM incentives_figure WHERE month = %s AND estate_id = ANY(%s)", [MONTH, [one.pk for one in estates]])
        cursor.execute("DELETE FROM incentives_reckoning WHERE month = %s AND estate_id = ANY(%s)", [MONTH, [one.pk for one in estates]])
    raw = _timed(lambda: _raw(estates))
    ours = _timed(lambda: reckon(estates, MONTH, at=NOW))
    again = _timed(lambda: reckon(estates, MONTH, at=NOW))
    figures = Figure.objects.filter(month=MONTH, estate__in=estates).count()
    return {
        "name": "scores", "figure": round(ours, 2), "baseline": round(raw, 2), "ratio": round(ours / raw, 2), "unit": "s", "runs": 1, "estates": size, "households": HOMES,
        "rows": rows, "figures": figures, "second_run": round(again, 2), "one_by_one": round(alone / min(ALONE, size) * size, 2),
    }  # fmt: skip


def _fill(estates: list[Estate], company: Company) -> int:
    person = Person.objects.create(username="bench-scores", name="bench", company=company, kind=Person.Kind.STAFF)
    named: dict[str, Any] = {"estates": [one.pk for one in estates], "person": person.pk, "form": covering()[0]}
    made = 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, count, said in FILL:
            columns = {"estate_id": "e"} | _lacking(cursor, table, said) | said
            cursor.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} FROM unnest(%(estates)s::bigint[]) e, generate_series(1, {count}) n", named)
            made += cursor.rowcount
        for table in {table for table, _count, _said in FILL}:
            cursor.execute(f"ANALYZE {table}")
    return made


def _lacking(cursor: Any, table: str, said: dict[str, str]) -> dict[str, str]:
    """What a row needs besides: an instant, a number, no words."""
    cursor.execute("SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'", [table])
    known = {name.strip('"') for name in said} | {"estate_id"}
    return {
        f'"{name}"': BLANK.get(kind, f"({AT})" if kind.startswith("timestamp") else "''" if kind.startswith("char") or kind == "text" else "n")
        for name, kind in cursor.fetchall() if name not in known
    }  # fmt: skip


def _raw(estates: list[Estate]) -> None:
    named = values(estates, MONTH, NOW)
    with by_hash(), connection.cursor() as cursor:
        for one in indicators().values():
            cursor.execute(RAW.format(rows=rows_of(one.source)), named)
            cursor.fetchall()


def _timed(act: Any) -> float:
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin

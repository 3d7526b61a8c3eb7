"""`bin/bench billing`: a posted run of N units × 3 fees against raw set-based inserts of exactly the same rows (issue 5).

Two schemas of their own with the same tables, keys, checks, indexes and row security: in one the verbs run, estate by estate;
the other takes the rows they left, one statement a table. Batch by batch in turns, so that both meet the same disk.
Needs the tables' owner; the verbs run as the application's role.
"""

from __future__ import annotations

import resource
import time
from contextlib import contextmanager
from datetime import UTC, date, datetime
from statistics import median
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction

from guanjia.tenancy.backend.schema import POLICY
from guanjia.tenancy.scope import estate_scope

from .arrears import ageing
from .models import BillRun

if TYPE_CHECKING:
    from collections.abc import Iterator

OURS, RAW = "guanjia_bench_ours", "guanjia_bench_raw"
UNITS, BATCH, FIRST, PERIOD = 1000, 25, 900_000_000, date(2026, 3, 1)  # units an estate; estates a turn; estate ids
AT = datetime(2026, 3, 1, 1, tzinfo=UTC)  # posted in its month, as months are: nothing of it is late yet
PARENTS = ("estates_zone", "estates_building", "estates_unit", "households_household", "households_occupancy", "households_member", "households_parking",
           "billing_fee", "billing_unitfee", "billing_tariff", "billing_meter", "billing_reading", "billing_sharedcost", "billing_discount", "billing_period")  # fmt: skip
WRITTEN = (
    "billing_account",
    "billing_entry",
    "billing_billrun",
    "billing_bill",
    "billing_billline",
    "billing_transfer",
    "events_event",
    "events_outbox",
)
FILL = (
    "INSERT INTO estates_building (id, estate_id, number, \"order\", floors) SELECT e, e, '1', 1, 30 FROM generate_series(%(first)s::bigint, %(last)s) e",
    "INSERT INTO estates_unit (id, estate_id, building_id, room, code, floor, kind, state, layout, area, rent) SELECT e * 10000 + n, e, e, n::text, '1-1-' || n, "
    "n / 40, 'home', 'occupied', '', 60 + n * 7 %% 90 + 0.5, 0 FROM generate_series(%(first)s::bigint, %(last)s) e, generate_series(1, %(units)s) n",
    "INSERT INTO households_household (id, estate_id, number, name, pinyin, preferences, hints, in_arrears) "
    "SELECT id, estate_id, room, '业主', '', '', '', false FROM estates_unit WHERE estate_id >= %(first)s",
    "INSERT INTO households_occupancy (id, estate_id, household_id, unit_id, kind, during) "
    "SELECT id, estate_id, id, id, 'owner', daterange('2020-01-01', NULL) FROM estates_unit WHERE estate_id >= %(first)s",
    "INSERT INTO billing_fee (id, estate_id, number, category, name, flag, payment_mode, period_months, bill_day, starts_on, formula, price, fixed) "
    "SELECT e * 10 + f, e, f, '物业费', '费用' || f, '周期性费用', '后付费', 1, 1, DATE '2025-01-01', CASE f WHEN 2 THEN '2002' ELSE '1001' END, "
    "CASE f WHEN 1 THEN 2.65 WHEN 3 THEN 0.35 ELSE 0 END, CASE f WHEN 2 THEN 8 ELSE 0 END FROM generate_series(%(first)s::bigint, %(last)s) e, generate_series(1, 3) f",
    "INSERT INTO billing_unitfee (id, estate_id, unit_id, fee_id, starts_on) SELECT u.id * 10 + f, u.estate_id, u.id, u.estate_id * 10 + f, DATE '2025-01-01' "
    "FROM estates_unit u, generate_series(1, 3) f WHERE u.estate_id >= %(first)s",
    "INSERT INTO billing_tariff (id, estate_id, fee_id, starts_on, price, fixed, tiers, expression, imported, at, reason) SELECT id, estate_id, id, starts_on, "
    "price, fixed, '[]', CASE formula WHEN '1001' THEN '面积 × 单价 ＋ 固定金额' ELSE '固定金额' END, true, TIMESTAMPTZ '2026-01-01 00:00+00', '' FROM billing_fee WHERE estate_id >= %(first)s",
    "INSERT INTO billing_period (id, estate_id, month, closed) SELECT e, e, DATE '2026-03-01', false FROM generate_series(%(first)s::bigint, %(last)s) e",
)  # fmt: skip


def billing(size: int = 1_000_000) -> dict[str, Any]:
    """Seconds of posting (statements sent out included) as raw ÷ ours; with draft, second run, memory and ageing beside it."""
    units = min(UNITS, size)
    estates = max(1, size // units)
    spent = dict.fromkeys(("draft", "post", "issue", "raw", "again"), 0.0)
    with _schemas(estates, units):
        for start in range(FIRST, FIRST + estates, BATCH):
            batch = range(start, min(start + BATCH, FIRST + estates))
            _ours(batch, spent)
            _raw(batch, spent)
        for key in range(FIRST, FIRST + estates):
            spent["again"] += _timed(key, lambda estate: BillRun.objects.draft(estate, PERIOD, at=AT))
        age = median(_timed(FIRST + n % estates, lambda estate: ageing(estate, date(2026, 5, 1))) for n in range(15))
        lines = _count("billing_billline")
        same = {table: _count(table) == _count(table, RAW) for table in WRITTEN}
    ours, whole = spent["post"] + spent["issue"], spent["draft"] + spent["post"] + spent["issue"]
    return {
        "name": "billing", "figure": round(ours, 2), "baseline": round(spent["raw"], 2), "ratio": round(spent["raw"] / ours, 3), "unit": "s of posting",
        "runs": estates, "size": size, "lines": lines, "goal": 0.75, "whole_ratio": round(spent["raw"] / whole, 3),
        "draft_of_posting": round(spent["draft"] / ours, 3), "second_run": round(spent["again"] / whole, 3), "ageing_ms": round(age * 1000, 1),
        "python_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "same_rows": all(same.values()),
        "parts": {name: round(seconds, 2) for name, seconds in spent.items()},
    }  # fmt: skip


def _ours(batch: range, spent: dict[str, float]) -> None:
    for key in batch:
        spent["draft"] += _timed(key, lambda estate: BillRun.objects.draft(estate, PERIOD, at=AT).review(at=AT))
        spent["post"] += _timed(key, lambda estate: _run(estate).post(at=AT))
        spent["issue"] += _timed(key, lambda estate: _run(estate).issue(at=AT))


def _run(estate: Any) -> BillRun:
    """As the job finds it."""
    return BillRun.objects.at_estate(estate).select_related("estate").get()


def _timed(key: int, act: Any) -> float:
    from guanjia.estates.models import Estate

    with connection.cursor() as cursor:
        cursor.execute(f'SET ROLE "{settings.ROW_ROLE}"')
    try:
        with estate_scope(key):
            estate = Estate.objects.get(pk=key)
        start = time.perf_counter()
        with estate_scope(key):
            act(estate)
        return time.perf_counter() - start
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


def _raw(batch: range, spent: dict[str, float]) -> None:
    """The same rows as they are, each table in one statement, as the application's role under row security."""
    order = (
        "billing_account",
        "billing_entry",
        "billing_billrun",
        "billing_bill",
        "billing_billline",
        "billing_transfer",
        "events_event",
        "events_outbox",
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL guanjia.estate = 'all'; SET LOCAL ROLE \"{settings.ROW_ROLE}\"")
        start = time.perf_counter()
        for table in order:
            cursor.execute(
                f"INSERT INTO {RAW}.{table} SELECT * FROM {OURS}.{table} WHERE estate_id BETWEEN %s AND %s",
                [batch[0], batch[-1]],
            )
    spent["raw"] += time.perf_counter() - start


def _count(table: str, schema: str = OURS) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {schema}.{table}")
        return int(cursor.fetchone()[0])


@contextmanager
def _schemas(estates: int, units: int) -> Iterator[None]:
    """Both schemas, filled with homes and fees; gone afterwards, with the estates they hang on."""
    values = {"first": FIRST, "last": FIRST + estates - 1, "units": units}
    with connection.cursor() as cursor:
        _drop(cursor)
        try:
            cursor.execute(
                "INSERT INTO public.estates_company (code, name) VALUES ('bench-billing', 'bench') RETURNING id"
            )
            company = cursor.fetchone()[0]
            cursor.execute(
                "INSERT INTO public.estates_estate SELECT (jsonb_populate_record(NULL::public.estates_estate, jsonb_build_object('id', e, 'company_id', %s, "
                "'code', 'bench-' || e, 'name', 'bench', 'site_type', 'residential', 'time_zone', 'Asia/Shanghai', 'hotline', '', 'address', '', 'baseline', '{}'::jsonb))).* "
                "FROM generate_series(%s, %s) e", [company, values["first"], values["last"]],
            )  # fmt: skip
            for schema in (RAW, OURS):
                _copy_tables(cursor, schema)
                for statement in FILL:
                    cursor.execute(statement, values)
                cursor.execute("ANALYZE")
            yield
        finally:
            _drop(cursor)


def _drop(cursor: Any) -> None:
    cursor.execute(f"RESET search_path; DROP SCHEMA IF EXISTS {OURS} CASCADE; DROP SCHEMA IF EXISTS {RAW} CASCADE")
    cursor.execute(
        f"DELETE FROM public.estates_estate WHERE id >= {FIRST} AND code LIKE 'bench-%'; DELETE FROM public.estates_company WHERE code = 'bench-billing'"
    )


def _copy_tables(cursor: Any, schema: str) -> None:
    """The real tables: columns, defaults, checks, indexes, foreign keys, row security, privileges."""
    tables = [*PARENTS, *WRITTEN]
    cursor.execute(
        f'CREATE SCHEMA {schema}; GRANT USAGE ON SCHEMA {schema} TO "{settings.ROW_ROLE}"; SET search_path = {schema}, public'
    )
    for table in tables:
        cursor.execute(f"CREATE TABLE {table} (LIKE public.{table} INCLUDING ALL)")
        cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; {POLICY.format(table=table)}")
        cursor.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO "{settings.ROW_ROLE}"')
    cursor.execute("SET search_path = public")
    cursor.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), confrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)",
        [tables],
    )  # fmt: skip
    links = cursor.fetchall()
    cursor.execute(f"SET search_path = {schema}, public")
    for table, name, definition, _to in links:
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')

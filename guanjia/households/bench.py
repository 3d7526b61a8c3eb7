"""`bin/bench search`: the desk's one box among a million people against the same among a thousand (issue 2, figures).

The real `find` runs, as the application's role and under row security, on copies of the tables (same columns, indexes and
policy) in a schema of its own, removed afterwards. The same hundred names live in both, so that both find as many.
"""

from __future__ import annotations

from contextlib import contextmanager
from statistics import median
from time import perf_counter
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction

from guanjia.estates.rooms import keys_of
from guanjia.tenancy.backend.schema import POLICY
from guanjia.tenancy.scope import estate_scope

from .keys import name_keys, phone_key
from .search import find

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA = "guanjia_bench_search"
TABLES = ("estates_unit", "households_household", "households_member", "households_occupancy", "households_searchkey")
SMALL, RUNS, NAMES = 1_000, 25, 100
ESTATE: Any = SimpleNamespace(pk=1, time_zone="Asia/Shanghai")
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周", ("建国", "晓梅", "伟", "秀英", "娜", "敏静", "强", "磊", "军", "子轩")

# Two people a household, a household a unit; forty units a staircase, eighty a building.
FILL = (
    "INSERT INTO estates_unit (id, estate_id, building_id, room, code, floor, kind, state, layout, area, rent) OVERRIDING SYSTEM VALUE "
    "SELECT n, 1, n / 80 + 1, room, n / 80 + 1 || '-' || n %% 80 / 40 + 1 || '-' || room, 1, 'home', 'occupied', '', 90, 0 "
    "FROM (SELECT n, ((n %% 40 / 4 + 1) * 100 + n %% 4 + 1)::text AS room FROM generate_series(0, %(homes)s - 1) n) each",
    "INSERT INTO households_household (id, estate_id, number, name, pinyin, preferences, hints, in_arrears) OVERRIDING SYSTEM VALUE "
    "SELECT n, 1, n::text, name, '', '', '', false FROM generate_series(0, %(homes)s - 1) n JOIN bench_name ON id = n * 2 %% %(names)s",
    "INSERT INTO households_occupancy (id, estate_id, household_id, unit_id, kind, during) OVERRIDING SYSTEM VALUE "
    "SELECT n, 1, n, n, 'owner', daterange('2020-01-01', NULL) FROM generate_series(0, %(homes)s - 1) n",
    "INSERT INTO households_member (id, estate_id, household_id, number, name, pinyin, kind, sex, phone, identity, identity_print) "
    "OVERRIDING SYSTEM VALUE SELECT n, 1, n / 2, n::text, name, '', 'owner', '', '+86' || 19900000000 + n, '', '' "
    "FROM generate_series(0, %(people)s - 1) n JOIN bench_name ON id = n %% %(names)s",
    "INSERT INTO households_searchkey (estate_id, kind, key, household_id, member_id) "
    "SELECT 1, k.kind, k.key, n / 2, n FROM generate_series(0, %(people)s - 1) n JOIN bench_key k ON k.id = n %% %(names)s",
    "INSERT INTO households_searchkey (estate_id, kind, key, household_id, member_id) "
    "SELECT 1, 'phone', reverse('86' || 19900000000 + n), n / 2, n FROM generate_series(0, %(people)s - 1) n",
    "INSERT INTO households_searchkey (estate_id, kind, key, unit_id) SELECT 1, 'room', key, id FROM estates_unit, "
    "LATERAL (SELECT split_part(code, '-', 1) AS b, split_part(code, '-', 2) AS e) s, LATERAL unnest(ARRAY[code, b || '-' || room, room, b || e || room]) key "
    "ON CONFLICT DO NOTHING",
)


def search(size: int = 1_000_000) -> dict[str, Any]:
    """Median seconds of one search among `size` people, as a ratio to the same among a thousand. Needs the tables' owner."""
    parts: dict[str, dict[str, float]] = {}
    for people in (SMALL, max(size, SMALL)):
        with _people(people):
            parts[str(people)] = _measure(people)
    small, large = parts.values() if len(parts) == 2 else [next(iter(parts.values()))] * 2
    figure, baseline = sum(large.values()) / len(large), sum(small.values()) / len(small)
    return {
        "name": "search", "figure": round(figure, 6), "baseline": round(baseline, 6), "ratio": round(figure / baseline, 3),
        "unit": "s per search", "runs": RUNS, "size": size, "goal": 1.3, "worst": round(max(large.values()), 6),
        "parts": {size_: {words: round(seconds * 1000, 2) for words, seconds in part.items()} for size_, part in parts.items()},  # ms
    }  # fmt: skip


def _measure(people: int) -> dict[str, float]:
    """Median seconds of every kind of search."""
    last = people // 2 - 1
    home = f"{last // 80 + 1}-{last % 80 // 40 + 1}-{(last % 40 // 4 + 1) * 100 + last % 4 + 1}"
    assert home in keys_of(home)
    wanted = {
        "room": home,
        "room alone": "302",
        "phone": str(19900000000 + people - 1),
        "name": "张建国",
        "given name": "建国",
        "pinyin": "zhangjianguo",
        "initials": "zjg",
        "one letter": "z",
    }
    found = {}
    for what, words in wanted.items():
        times = []
        for _run in range(RUNS):
            with estate_scope(1):
                began = perf_counter()
                hits = find(ESTATE, words)
                times.append(perf_counter() - began)
        assert hits, what
        found[what] = median(times)
    return found


@contextmanager
def _people(people: int) -> Iterator[None]:
    """Copies of the tables with so many people, used as the role that row security binds."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
        try:
            cursor.execute(f"SET search_path = {SCHEMA}, public")
            _fill(cursor, people)
            cursor.execute(f'SET ROLE "{settings.ROW_ROLE}"')
            yield
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute("RESET search_path")
            cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")


def _fill(cursor: Any, people: int) -> None:
    with transaction.atomic():
        for table in TABLES:
            cursor.execute(f"CREATE UNLOGGED TABLE {SCHEMA}.{table} (LIKE public.{table} INCLUDING ALL)")
        cursor.execute("CREATE TEMP TABLE bench_name (id int, name text) ON COMMIT DROP")
        cursor.execute("CREATE TEMP TABLE bench_key (id int, kind text, key text) ON COMMIT DROP")
        names = [surname + given for surname in SURNAMES for given in GIVEN][:NAMES]
        cursor.executemany("INSERT INTO bench_name VALUES (%s, %s)", list(enumerate(names)))
        keys = [(at, kind, key) for at, name in enumerate(names) for kind, key in name_keys(name)]
        cursor.executemany("INSERT INTO bench_key VALUES (%s, %s, %s)", keys)
        for statement in FILL:
            cursor.execute(statement, {"people": people, "homes": people // 2, "names": len(names)})
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {SCHEMA}.{table} ENABLE ROW LEVEL SECURITY")
            cursor.execute(POLICY.format(table=f"{SCHEMA}.{table}"))
        cursor.execute(f'GRANT USAGE ON SCHEMA {SCHEMA} TO "{settings.ROW_ROLE}"')
        cursor.execute(f'GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO "{settings.ROW_ROLE}"')
    for table in TABLES:
        cursor.execute(f"VACUUM ANALYZE {SCHEMA}.{table}")
    assert phone_key("+8619900000000") == "00000000991" + "68"

"""`bin/bench duties`: making tasks, as a ratio to a raw INSERT … SELECT of exactly the same rows in the same run.

Three loads: `size` duties × a day at one estate; the five books at 1,200 households × a year; the five books at a
hundred estates × a day. Everything happens in one transaction that is rolled back.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from guanjia import clock
from guanjia.estates.models import Company, Estate
from guanjia.people.models import Person
from guanjia.people.roles import roles
from guanjia.rulebooks.books import books
from guanjia.rulebooks.models import Parameter
from guanjia.rulebooks.parameters import forget
from guanjia.tenancy.scope import ALL, estate_scope

from .generation import generate
from .laying import enact, rules_digest
from .models import Duty, Enactment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

DUTIES, HOMES, ESTATES, RUNS = 10_000, 1_200, 100, 3
DAY = timedelta(days=1)
CADENCES = (
    "FREQ=DAILY", "FREQ=DAILY;BYHOUR=6", "FREQ=DAILY;BYHOUR=18", "COUNT_PER_DAY=1", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=MONTHLY;INTERVAL=3",
    "FREQ=YEARLY", "FREQ=DAILY;INTERVAL=5", "FREQ=WEEKLY;INTERVAL=2",
)  # fmt: skip

# `homes` units in buildings of forty, a household in each but every twentieth, zones of eight buildings, a lift a building.
SITE = """
INSERT INTO estates_zone (estate_id, code, name) SELECT %(e)s, 'Z' || n, n || '区' FROM generate_series(0, %(homes)s / 320) AS n;
INSERT INTO estates_building (estate_id, number, "order", zone_id, floors)
    SELECT %(e)s, n::text, n, z.id, 10 FROM generate_series(0, (%(homes)s - 1) / 40) AS n
    JOIN estates_zone AS z ON z.estate_id = %(e)s AND z.code = 'Z' || n / 8;
INSERT INTO estates_entrance (estate_id, building_id, number, floors, has_lift) SELECT estate_id, id, '1', 10, true FROM estates_building WHERE estate_id = %(e)s;
INSERT INTO estates_place (estate_id, code, name, kind, building_id, zone_id)
    SELECT estate_id, number || k, k || number, k, id, zone_id FROM estates_building, unnest(ARRAY['lift', 'waste', 'garden']) AS k WHERE estate_id = %(e)s;
INSERT INTO estates_unit (estate_id, building_id, zone_id, room, code, floor, kind, state, layout, area, rent)
    SELECT b.estate_id, b.id, b.zone_id, u::text, b.number || '-' || u, 1, 'home', CASE WHEN u %% 20 = 0 THEN 'vacant' ELSE 'occupied' END, '', 90, 0
    FROM estates_building AS b, generate_series(1, 40) AS u WHERE b.estate_id = %(e)s AND b."order" * 40 + u <= %(homes)s;
INSERT INTO households_household (estate_id, number, name, pinyin, preferences, hints, in_arrears)
    SELECT estate_id, code, code, '', '', '', false FROM estates_unit WHERE estate_id = %(e)s AND state = 'occupied';
INSERT INTO households_occupancy (estate_id, household_id, unit_id, kind, during)
    SELECT u.estate_id, h.id, u.id, 'owner', '[2020-01-01,)' FROM estates_unit AS u
    JOIN households_household AS h ON h.estate_id = u.estate_id AND h.number = u.code WHERE u.estate_id = %(e)s;
INSERT INTO people_post (estate_id, person_id, role, zone_id, deputy, during)
    SELECT estate_id, %(person)s, 'steward', id, false, '[2020-01-01,)' FROM estates_zone WHERE estate_id = %(e)s;
INSERT INTO people_post (estate_id, person_id, role, zone_id, deputy, during)
    SELECT %(e)s, %(person)s, role, NULL, false, '[2020-01-01,)' FROM unnest(%(roles)s::text[]) AS role;
"""


def duties(size: int = DUTIES) -> dict[str, Any]:
    """Median seconds of making the tasks of `size` duties for a day; the other loads beside it."""
    now = clock.now()
    with transaction.atomic(), estate_scope(ALL), clock.at(now):
        company = Company.objects.create(code="bench-duties", name="bench")
        person = Person.objects.create(username="bench-duties", name="bench", company=company)
        found = {
            "day": _day(company, person, now, size),
            "year": _measure(_adopted(company, person, now, HOMES, 1), now, now + 365 * DAY, runs=1),
            "estates": _measure(_adopted(company, person, now, 40, ESTATES), now, now + DAY, runs=1),
        }
        transaction.set_rollback(True)
    forget()
    main = found["day"]
    return {
        "name": "duties", "figure": main["made"], "baseline": main["raw"], "ratio": main["ratio"], "unit": f"s for the tasks of {size} duties a day",
        "runs": RUNS, "size": size, "parts": found, "goal": 2.0,
    }  # fmt: skip


def _site(company: Company, person: Person, code: str, homes: int) -> Estate:
    estate = Estate.objects.create(company=company, code=code, name=code)
    values: dict[str, Any] = {"e": estate.pk, "homes": homes, "person": person.pk, "roles": sorted(set(roles()) - {"steward"})}
    with connection.cursor() as cursor:
        for statement in SITE.split(";\n")[:-1]:
            cursor.execute(statement, values)
    return estate


def _day(company: Company, person: Person, now: datetime, size: int) -> dict[str, Any]:
    """So many duties of mixed cadences at one estate."""
    estate = _site(company, person, "bench-day", 320)
    Duty.objects.bulk_create(
        Duty(
            estate=estate, book="bench", key=f"bench_{n}", rows=["X"], cadence=CADENCES[n % len(CADENCES)], window={}, role="cleaner",
            scope="estate", form="note", during=(clock.today(estate, now), None), laid_at=now - DAY,
        )
        for n in range(size)
    )  # fmt: skip
    Enactment.objects.create(estate=estate, digest=rules_digest(estate, now), enacted_at=now)
    return _measure([estate], now, now + DAY, RUNS)


def _adopted(company: Company, person: Person, now: datetime, homes: int, count: int) -> list[Estate]:
    """Estates that have adopted all five books."""
    found = [_site(company, person, f"bench-{count}-{n}", homes) for n in range(count)]
    for estate in found:
        Parameter.objects.bulk_create(
            Parameter(company=company, estate=estate, key=f"book.{code}.adopted", value=True, valid_from=now - DAY, reason="bench")
            for code in books()
        )
    forget()
    for estate in found:
        enact(estate, now)
    return found


def _measure(estates: list[Estate], now: datetime, until: datetime, runs: int) -> dict[str, Any]:
    """Make, keep what was made, again (nothing), then the same rows raw; medians."""
    made, raw, again, slowest = [], [], [], 0.0
    rows = 0
    with _analysed():
        for _run in range(runs):
            memory: Any = {}
            spent = [_timed(estate, now, until, memory) for estate in estates]
            rows = sum(count for _seconds, count in spent)
            slowest = max(slowest, *(seconds for seconds, _count in spent))
            made.append(sum(seconds for seconds, _count in spent))
            repeated = [_timed(estate, now, until, memory) for estate in estates]
            assert not any(count for _seconds, count in repeated), "a second run made tasks"
            again.append(sum(seconds for seconds, _count in repeated))
            raw.append(_raw(estates))
            _undo(estates)
    return {
        "rows": rows, "made": round(median(made), 3), "raw": round(median(raw), 3), "ratio": round(median(made) / median(raw), 2),
        "again": round(median(again), 3), "slowest_estate": round(slowest, 3),
    }  # fmt: skip


@contextmanager
def _analysed() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE estates_unit; ANALYZE households_household; ANALYZE households_occupancy; ANALYZE duties_duty")
    yield


def _timed(estate: Estate, now: datetime, until: datetime, memory: Any) -> tuple[float, int]:
    start = perf_counter()
    count = generate(now, estate, until=until, memory=memory)
    return perf_counter() - start, count


COPY = "CREATE TEMP TABLE bench_rows ON COMMIT DROP AS SELECT * FROM duties_task WHERE estate_id = ANY(%s)"
AGAIN = "INSERT INTO duties_task ({columns}) SELECT {columns} FROM bench_rows ON CONFLICT DO NOTHING"


def _raw(estates: list[Estate]) -> float:
    """Seconds to insert the very same rows into the same table with nothing to work out."""
    ids = [estate.pk for estate in estates]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_rows")
        cursor.execute(COPY, [ids])
        cursor.execute("DELETE FROM duties_task WHERE estate_id = ANY(%s)", [ids])
        cursor.execute("SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns WHERE table_name = 'bench_rows' AND column_name <> 'id'")
        columns = cursor.fetchone()[0]
        start = perf_counter()
        cursor.execute(AGAIN.format(columns=columns))
        return perf_counter() - start


def _undo(estates: list[Estate]) -> None:
    ids = [estate.pk for estate in estates]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM duties_task WHERE estate_id = ANY(%s)", [ids])
        cursor.execute("UPDATE duties_enactment SET made_at = NULL, made_to = NULL, swept_on = NULL WHERE estate_id = ANY(%s)", [ids])

"""`bin/bench lists`: 今日, the ticket list and its search on an estate with a million tickets against one with a thousand.

Real requests through the whole stack (middleware, row security, template) on two estates of one scratch database,
interleaved; the figure is the worst ratio of medians (issue 2, figures; design: ≤ 1.3, constant query count).
"""

from __future__ import annotations

from contextlib import contextmanager
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection
from django.test.client import Client
from django.test.utils import CaptureQueriesContext

from guanjia import clock
from guanjia.estates.models import Building, Company, Estate, Unit, Zone
from guanjia.households.keys import rebuild_households
from guanjia.households.models import Household, Member, Occupancy
from guanjia.people.models import Person
from guanjia.people.posting import appoint
from guanjia.people.roles import Role
from guanjia.tenancy.scope import estate_scope

if TYPE_CHECKING:
    from collections.abc import Iterator

SMALL, OPEN, RUNS, HOMES = 1_000, 200, 15, 200

# `OPEN` are open and spread over the coming day; the rest were archived over the last three years.
FILL = """
INSERT INTO tickets_ticket (estate_id, number, kind, category, klass, channel, priority, stage, words, wishes, "where", zone_id,
    unit_id, household_id, anonymous, secret, reporter_name, reporter_phone, checklist, held, urged, reopened, client_key,
    reported_at, classified_at, closed_at, due_at, steward_id)
SELECT %(estate)s, 'B' || n, 'repair', 'leak', CASE WHEN n %% 9 = 0 THEN 'urgent' ELSE 'routine' END,
    (ARRAY['phone', 'online', 'group'])[n %% 3 + 1], 'medium', CASE WHEN n %% %(step)s = 0 THEN 'classified' ELSE 'archived' END,
    '厨房水管漏水 ' || n, '', '', u.zone_id, u.id, o.household_id, false, '', '业主' || n, '', '{}', false, 0, 0, '',
    at, at, CASE WHEN n %% %(step)s <> 0 THEN at + interval '3 h' END,
    CASE WHEN n %% %(step)s = 0 THEN %(now)s + (n / %(step)s - 20) * interval '5 min' END, %(steward)s
FROM (SELECT n, %(now)s - (n::float8 / %(size)s) * interval '1095 days' AS at FROM generate_series(1, %(size)s) AS n) AS each
JOIN (SELECT id, zone_id, row_number() OVER (ORDER BY id) AS rank FROM estates_unit WHERE estate_id = %(estate)s) AS u ON u.rank = n %% %(homes)s + 1
JOIN households_occupancy o ON o.estate_id = %(estate)s AND o.unit_id = u.id
"""


def lists(size: int = 1_000_000) -> dict[str, Any]:
    """Worst ratio of medians over the pages; each page's own times in milliseconds stand beside it."""
    with _scratch():
        people = {name: _estate(name, count) for name, count in (("small", SMALL), ("large", size))}
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
            cursor.execute(f"SET ROLE {settings.ROW_ROLE}")
        pages = {
            "today": "today/", "list": "tickets/", "archived": "tickets/?stage=archived", "search_number": "tickets/?q=B17",
            "search_room": "tickets/?q=1-1-101", "search_name": "tickets/?q=张三7&period=all", "words": "tickets/?words=漏水",
        }  # fmt: skip
        measured = {page: _measure(people, path) for page, path in pages.items()}
    ratios = {page: row["large_ms"] / row["small_ms"] for page, row in measured.items()}
    return {
        "name": "lists", "unit": "ratio to 1,000 tickets", "size": size, "runs": RUNS, "figure": round(max(ratios.values()), 2), "baseline": 1.0,
        "ratio": round(max(ratios.values()), 2), "ratios": {page: round(ratio, 2) for page, ratio in ratios.items()}, "pages": measured,
    }  # fmt: skip


def _measure(people: dict[str, Client], path: str) -> dict[str, Any]:
    times: dict[str, list[float]] = {"small": [], "large": []}
    queries = {}
    for run in range(RUNS + 2):
        for name, client in people.items():
            with CaptureQueriesContext(connection) as caught:
                start = perf_counter()
                answer = client.get(f"/e/bench-{name}/{path}")
                spent = perf_counter() - start
            assert answer.status_code == 200, (path, answer.status_code)
            queries[name] = len(caught)
            if run >= 2:  # the first two warm the caches
                times[name].append(spent)
    return {f"{name}_ms": round(median(spent) * 1000, 2) for name, spent in times.items()} | {f"{name}_queries": count for name, count in queries.items()}


def _estate(name: str, size: int) -> Client:
    company, _new = Company.objects.get_or_create(code="bench", defaults={"name": "bench"})
    estate = Estate.objects.create(company=company, code=f"bench-{name}", name=f"bench {name}")
    person = Person.objects.create(username=f"bench-{name}", name="bench", company=company)
    steward = Person.objects.create(username=f"bench-steward-{name}", name="管家", company=company)
    with estate_scope(estate):
        zone = Zone.objects.create(estate=estate, code="1", name="一区")
        appoint(person, estate, Role.MANAGER, by=None)
        appoint(steward, estate, Role.STEWARD, by=None, zone=zone)
        building = Building.objects.create(estate=estate, number="1", order=1, zone=zone)
        made = []
        for index in range(HOMES):
            unit = Unit.objects.create(estate=estate, building=building, zone=zone, room=str(101 + index), code=f"1-1-{101 + index}", area=90)
            household = Household.objects.create(estate=estate, number=str(index), name=f"张三{index}")
            Occupancy.objects.create(estate=estate, household=household, unit=unit, during=("2020-01-01", None))
            Member.objects.create(estate=estate, household=household, number=str(index), name=household.name)
            made.append(household.pk)
        rebuild_households(estate, made)
        with connection.cursor() as cursor:
            facts: dict[str, Any] = {"estate": estate.pk, "size": size, "step": size // OPEN, "now": clock.now(), "homes": HOMES, "steward": steward.pk}
            cursor.execute(FILL, facts)
    client = Client(HTTP_HOST="localhost")
    client.force_login(person)
    return client


@contextmanager
def _scratch() -> Iterator[None]:
    """A database of its own, dropped afterwards; needs the owner's right to create one."""
    settings.ALLOWED_HOSTS = ["localhost"]
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.close()
        connection.creation.destroy_test_db(before, verbosity=0)

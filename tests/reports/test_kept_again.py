"""制度执行 once more in plain Python from tasks, clocks and events: every clause's parts, its persons, the page's numbers (issue 3 §7, issue 6)."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta

import pytest

from guanjia import clock
from guanjia.clocks.models import Clock
from guanjia.duties.models import Suspicion, Task
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.reports.daily import daily
from guanjia.reports.keeping import STATUSES, standings
from guanjia.tickets.models import Ticket
from tests.incentives.conftest import AFTER
from tests.incentives.rows import BEGIN, EDGES, fill

from .conftest import adopt


def tasks(key, zone=None, since=BEGIN, until=AFTER):
    """(who, kept) of every task that was due: past its time or done, not waived; a record found untrue keeps nothing."""
    untrue = set(Suspicion.objects.filter(stands=True).values_list("record__task_id", flat=True))
    for row in Task.objects.filter(key=key):
        done = row.done_at if row.done_at and row.done_at <= AFTER else None
        waived = row.waived_at and row.waived_at <= AFTER
        if since <= row.due_at and (row.due_at < until or until == AFTER) and (row.due_at < AFTER or done) and not waived and zone in (None, row.zone_id):
            yield row.done_by_id or row.person_id, bool(done and done <= row.due_at and row.pk not in untrue)


def clocks(kind, zone=None, since=BEGIN, until=AFTER):
    """(steward, kept) of every clock that ended or ran out; none that a rule replaced, none that was called off in time."""
    for row in Clock.objects.filter(kind=kind).select_related("ticket"):
        stopped = row.stopped_at if row.stopped_at and row.stopped_at <= AFTER else None
        over = stopped or row.due_at < AFTER
        void = row.outcome == "superseded" or (row.outcome == "cancelled" and row.stopped_at <= row.due_at)
        if since <= row.due_at and (row.due_at < until or until == AFTER) and row.started_at <= AFTER and over and not void and zone in (None, row.ticket.zone_id):
            yield row.ticket.steward_id, bool(stopped and stopped <= row.due_at)


def events(action, zone=None, since=BEGIN, until=AFTER):
    if zone is None:
        for row in Event.objects.filter(action=action, at__gte=since, at__lte=until):
            yield row.actor_id, True


AGAIN = {"task": tasks, "clock": clocks, "event": events}


@pytest.fixture
def counted(cast):
    adopt(cast)
    fill(cast, 9)
    one = Ticket.objects.order_by("pk").first()
    for at in EDGES:
        Event.objects.record(Action.TICKET_REPORTED, one, by=cast.as_("ming"), at=at, words="灯不亮")
    with clock.at(AFTER):
        yield cast


def test_every_clause_equals_its_rows(counted):
    """Of the estate and of a zone: due and kept of each part, the total, and who breaks it."""
    for zone in (None, counted.east.pk):
        seen = Counter()
        for row in standings(counted.sunny, BEGIN, AFTER, zone=zone):
            people = defaultdict(int)
            for part in row.parts if row.adopted else ():
                if part.kind not in AGAIN:
                    continue
                said = list(AGAIN[part.kind](part.key, zone))
                assert (row.by_part[part].due, row.by_part[part].kept) == (len(said), sum(kept for _who, kept in said)), (row.clause.id, part)
                seen[part.kind] += len(said)
                for who, kept in said:
                    people[who] += not kept
            if all(part.kind in AGAIN for part in row.parts):
                assert dict(row.breakers) == {who: count for who, count in people.items() if who and count}, row.clause.id
        assert min(seen[kind] for kind in (AGAIN if zone is None else ("task", "clock"))) > 0


def test_the_pages_numbers_add_up(client, counted):
    """How many clauses stand how, and what a clause says of itself day by day: the days add up to the tasks of those days."""
    client.force_login(counted.qian)
    page = client.get("/e/sunny/proof/?period=30").context
    rows = standings(counted.sunny, page["query"].since, AFTER)
    said = Counter(row.status for row in rows)
    assert {one["status"]: one["value"] for one in page["stats"]} == {status: said[status] for status in STATUSES}
    row = max((one for one in rows if all(part.kind in AGAIN for part in one.parts)), key=lambda one: one.total.breached)
    assert row.total.kept and row.total.breached
    for begin, count in daily(row, counted.sunny, AFTER):
        until = min(begin + timedelta(days=1), AFTER)
        days = [kept for part in row.parts for _who, kept in AGAIN[part.kind](part.key, None, begin, until)]
        assert (count.due, count.kept) == (len(days), sum(days)), begin

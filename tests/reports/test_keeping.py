"""Proof of keeping: each status can be proved and falsified; counts equal an independent count (issue 3 §7)."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanjia.clocks.models import Clock
from guanjia.duties.models import Duty, Record, Suspicion, Task
from guanjia.reports import counting
from guanjia.reports.keeping import STATUSES, standings
from guanjia.rulebooks.models import Parameter
from guanjia.rulebooks.parameters import forget
from guanjia.tickets.models import Ticket
from tests.cast import TUESDAY

from .conftest import adopt, lay, task

DAY = timedelta(days=1)


def of(cast, key, since=None, at=TUESDAY, **more):
    return next(row for row in standings(cast.sunny, since, at, **more) if row.clause.id == key)


def report(cast, who="mei", **more):
    said = {"words": "厨房漏水", "unit": cast.home, "household_id": cast.meis.pk, "at": TUESDAY - timedelta(hours=3)}
    return Ticket.objects.report(by=cast.as_(who), estate=cast.sunny, **said | more)


def test_not_adopted_until_somebody_says_so(cast):
    """Design §5: nothing is asked of an estate that adopted nothing."""
    assert {row.status for row in standings(cast.sunny, None, TUESDAY)} == {"not_adopted"}


def test_a_duty_is_kept_breached_or_not_yet_due(kept_house):
    """HSE-05: kept while every task was done in time, breached by one that was not, by its person."""
    cast = kept_house
    duty = lay(cast, "hse_core_care")
    task(cast, duty, -1)
    assert of(cast, "HSE-05").status == "not_due"
    task(cast, duty, 3, done=-1, person=cast.ming)
    assert (of(cast, "HSE-05").status, of(cast, "HSE-05").total.kept) == ("kept", 1)
    task(cast, duty, 2, done=5, person=cast.ming)
    task(cast, duty, 1, person=cast.fang)
    found = of(cast, "HSE-05")
    assert (found.status, found.total.due, found.total.kept) == ("breached", 3, 1)
    assert dict(found.breakers) == {cast.ming.pk: 1, cast.fang.pk: 1}
    assert of(cast, "HSE-05", person=cast.fang.pk).total.due == 1


def test_a_waived_task_is_not_asked_for_and_an_untrue_record_does_not_count(kept_house):
    """Decision 8: a waiver takes a task out; a record that a reviewer found untrue keeps nothing."""
    cast = kept_house
    duty = lay(cast, "hse_core_care")
    done = task(cast, duty, 3, done=-1, person=cast.ming)
    task(cast, duty, 2, waived_at=TUESDAY - 2 * DAY)
    assert of(cast, "HSE-05").total == counting.Count(1, 1)
    record = Record.objects.create(
        estate=cast.sunny, task=done, form="note", by=cast.ming, done_at=done.done_at, received_at=done.done_at, client_id="0" * 32
    )
    doubt = Suspicion.objects.create(estate=cast.sunny, record=record, why="far")
    assert of(cast, "HSE-05").status == "kept"
    Suspicion.objects.filter(pk=doubt.pk).update(judged_at=TUESDAY, stands=True)
    assert of(cast, "HSE-05").status == "breached"


def test_a_clause_whose_engine_is_removed_has_no_evidence(kept_house, monkeypatch):
    """Issue 3: take out the duty, the generator, the limit, the action or the proof, and comply says so."""
    cast = kept_house
    assert of(cast, "HSE-05").status == "no_evidence"  # nobody laid the duty down
    duty = lay(cast, "hse_core_care")
    assert of(cast, "HSE-05").status == "no_evidence"  # laid down, but no task was ever made
    task(cast, duty, 3, done=-1, person=cast.ming)
    assert of(cast, "HSE-05").status == "kept"
    assert of(cast, "REQ-04").status == "not_due"
    Parameter.objects.set("limit.sla_classify.on", False, by=None, reason="停", estate=cast.sunny, at=TUESDAY)
    assert of(cast, "REQ-04").status == "no_evidence"
    assert of(cast, "EST-01").status == "kept"
    monkeypatch.setattr("guanjia.reports.evidence.known_proof", lambda name: None)
    assert of(cast, "EST-01").status == "no_evidence"
    Task.objects.filter(estate=cast.sunny).delete()
    assert of(cast, "HSE-05").status == "no_evidence"


def test_what_waits_for_the_company_is_not_adopted(kept_house):
    """Decision 8: a PARAM: row binds nobody until the company says how often; then it wants evidence."""
    cast = kept_house
    row = next(row for row in standings(cast.sunny, None, TUESDAY) if row.waits)
    assert row.status == "not_adopted"
    for part in row.parts:
        Parameter.objects.set(f"duty.{part.key}.cadence", "FREQ=WEEKLY", by=None, reason="公司定", estate=cast.sunny, at=TUESDAY)
    again = of(cast, row.clause.id)
    assert not again.waits and again.status == "no_evidence"


def test_a_limit_is_kept_by_its_clock(kept_house):
    """REQ-04: classified within ten minutes or not; the steward of the zone answers for it."""
    cast = kept_house
    first = report(cast)
    assert of(cast, "REQ-04").status == "breached"  # three hours ago, still not classified
    assert of(cast, "REQ-04").breakers == [(cast.ming.pk, 1)]
    Clock.objects.filter(ticket=first, kind="sla_classify").update(stopped_at=TUESDAY - timedelta(hours=2, minutes=55), outcome="met", next_at=None)
    assert of(cast, "REQ-04").status == "kept"
    assert of(cast, "REQ-04", since=TUESDAY - timedelta(hours=1)).total.due == 0
    assert of(cast, "REQ-04", zone=cast.west.pk).total.due == 0
    Clock.objects.filter(ticket=first, kind="sla_classify").update(outcome="superseded")
    assert of(cast, "REQ-04").status == "not_due"


def test_a_clause_is_kept_by_what_happened(kept_house):
    """REQ-48 and others name events: each one that happened keeps it; none is nothing due."""
    cast = kept_house
    row = next(row for row in standings(cast.sunny, None, TUESDAY) if row.clause.entry.events == ["ticket.reported"])
    assert row.total.due == 0
    report(cast)
    assert of(cast, row.clause.id).by_part[next(part for part in row.parts if part.kind == "event")].kept == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20)
@given(
    slots=st.lists(st.tuples(st.integers(0, 40), st.none() | st.integers(-10, 10), st.sampled_from(["ming", "fang", None])), max_size=12, unique_by=lambda slot: slot[0]),
    since=st.integers(0, 50),
    asked=st.integers(0, 20),
)  # fmt: skip
def test_counts_equal_an_independent_count(kept_house, slots, since, asked):
    """Property: what SQL counts is what a loop over the rows counts, at any instant and from any day."""
    cast = kept_house
    Task.objects.filter(estate=cast.sunny).delete()
    Duty.objects.filter(estate=cast.sunny).delete()
    duty, at, begin = lay(cast, "hse_core_care"), TUESDAY - asked * DAY, TUESDAY - since * DAY
    for n, (day, done, who) in enumerate(slots):
        task(cast, duty, day, done=done if who else None, person=getattr(cast, who) if who else None, subject_id=n)
    due = kept = 0
    for row in Task.objects.filter(estate=cast.sunny):
        done_at = row.done_at if row.done_at and row.done_at <= at else None
        if row.made_at > at or row.due_at < begin or not (row.due_at < at or done_at) or begin >= at:
            continue
        due += 1
        kept += bool(done_at and done_at <= row.due_at)
    found = of(cast, "HSE-05", begin, at)
    assert (found.total.due, found.total.kept, found.total.breached) == (due, kept, due - kept)
    assert sum(one.due for one in found.people.values()) <= due


def test_adopting_later_leaves_the_past_alone(cast):
    """CF and issue 3 §2: what a day's proof said of earlier days is what it says of them for ever."""
    duty = lay(cast, "hse_core_care")
    for day in (5, 4, 3, 2, 1):
        task(cast, duty, day, done=-1 if day % 2 else 3, person=cast.ming)
    adopt(cast, "plan", at=TUESDAY - timedelta(days=3, hours=4))
    before = of(cast, "HSE-05", at=TUESDAY - timedelta(days=1, hours=4))
    assert before.total.due == 2  # the third day back (noon is after the adoption) and the second
    Parameter.objects.set("clause.HSE-05.on", False, by=None, reason="撤", estate=cast.sunny, at=TUESDAY - timedelta(hours=30))
    forget()
    assert of(cast, "HSE-05", at=TUESDAY - timedelta(days=1, hours=7)).total == counting.Count(2, 1)
    now = of(cast, "HSE-05")
    assert now.status == "not_adopted" and now.total == counting.Count(2, 1)
    assert of(cast, "HSE-05", at=TUESDAY - timedelta(days=4)).status == "not_adopted"


def test_the_whole_estate_takes_few_queries(kept_house):
    """Issue 3: five statements and what the house remembers, however many clauses and rows."""
    cast = kept_house
    duty = lay(cast, "hse_core_care")
    task(cast, duty, 3, done=-1, person=cast.ming)
    report(cast)
    standings(cast.sunny, None, TUESDAY)
    with CaptureQueriesContext(connection, ) as seen:
        standings(cast.sunny, None, TUESDAY)
    assert len(seen) <= 6, [query["sql"][:80] for query in seen]


def test_comply_answers_as_the_contract_says(kept_house):
    """Design §4: the keys and statuses of `comply E --json`, one row a clause."""
    out = io.StringIO()
    call_command("comply", "sunny", "--json", stdout=out)
    rows = json.loads(out.getvalue())
    assert len(rows) == len({row["clause"] for row in rows}) > 600
    for row in rows:
        assert {"rulebook", "clause", "status", "due", "kept", "breached"} <= set(row)
        assert row["status"] in STATUSES and row["due"] == row["kept"] + row["breached"]
    out = io.StringIO()
    call_command("comply", "sunny", "--since", "2026-03-01", "--status", "kept", stdout=out)
    assert "EST-01" in out.getvalue()
    with pytest.raises(CommandError, match="no such estate"):
        call_command("comply", "nowhere")
    with pytest.raises(SystemExit, match="2"):
        call_command("comply", "sunny", "--since", "soon")

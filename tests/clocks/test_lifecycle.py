"""A clock's life: started by a moment, stopped by another (REQ-04 … REQ-11, REQ-16, REQ-17, REQ-19)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from guanjia import clock
from guanjia.clocks.models import Clock, Clocks
from guanjia.events.models import Outbox

from .conftest import classify, clocks_of, minutes, receive, told_of


def test_receipt_starts_ten_minutes_to_classify(bare):
    """REQ-04: received → classified in 10 minutes; REQ-16: the closed loop of 24 hours runs beside it."""
    ticket = receive(bare())
    rows = clocks_of(ticket)
    assert rows["sla_classify"].due_at == ticket.reported_at + minutes(10)
    assert rows["sla_resolve_24h"].due_at == ticket.reported_at + timedelta(hours=24)
    assert set(rows) == {"sla_classify", "sla_resolve_24h"}


@pytest.mark.parametrize(
    ("klass", "kind", "allowed"),
    [
        ("urgent", "sla_urgent_onsite", minutes(30)),  # REQ-05
        ("routine", "sla_routine_response", timedelta(hours=2)),  # REQ-06
        ("suggestion", "sla_suggestion_plan", timedelta(hours=24)),  # REQ-07
    ],
)
def test_the_class_decides_what_counts_from_receipt(bare, klass, kind, allowed):
    """REQ-05, REQ-06, REQ-07, CF-41: the class's own limit counts from receipt, minutes already used included."""
    ticket = receive(bare())
    classify(ticket, klass, ticket.reported_at + minutes(7))
    rows = clocks_of(ticket)
    assert rows[kind].due_at == ticket.reported_at + allowed
    assert {"sla_urgent_onsite", "sla_routine_response", "sla_suggestion_plan"} & set(rows) == {kind}
    done = Clock.objects.of(ticket).get(kind="sla_classify")
    assert (done.outcome, done.stopped_at) == ("met", ticket.reported_at + minutes(7))


def test_complaints_have_clocks_too(bare):
    """REQ-17, REQ-19: a complaint is contacted soon and handled within 24 hours."""
    ticket = receive(bare(kind="complaint"))
    assert {"sla_complaint_24h", "sla_complaint_visit"} <= set(clocks_of(ticket))


def test_a_group_message_has_three_clocks(bare):
    """COM-10: 3 minutes, 30 minutes, 24 hours."""
    rows = clocks_of(receive(bare(channel="group")))
    assert [rows[f"sla_group_{name}"].allowed for name in ("respond", "feedback", "close")] == [
        minutes(3), minutes(30), timedelta(hours=24),
    ]  # fmt: skip


def test_call_and_follow_up_both_count_from_completion(bare):
    """REQ-10, REQ-11, CF-40: two independent clocks from done, in either order."""
    ticket = receive(bare(klass="routine"))
    at = ticket.reported_at + minutes(50)
    Clocks.start(ticket, "done", at)
    Clocks.stop(ticket, "followed_up", at + minutes(5))
    rows = {row.kind: row for row in Clock.objects.of(ticket)}
    assert rows["sla_phone_confirm"].due_at == at + minutes(10) and rows["sla_phone_confirm"].is_running
    assert rows["sla_online_followup"].outcome == "met"


def test_one_running_clock_of_a_kind(bare):
    """REQ-04: starting twice is one clock; the database refuses another."""
    ticket = receive(receive(bare()))
    row = clocks_of(ticket)["sla_classify"]
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_stopping_late_before_the_house_looked_tells_the_breach_once(bare):
    """REQ-04: a breach is dated when it fell due, whoever notices it."""
    ticket = receive(bare())
    at = ticket.reported_at + minutes(12)
    Clocks.stop(ticket, "classified", at)
    row = Clock.objects.of(ticket).get(kind="sla_classify")
    assert row.outcome == "late" and row.is_late(at)
    assert told_of(ticket) == [("clock.breached", "sla_classify", ticket.reported_at + minutes(10))]
    assert Outbox.objects.count() == 1


def test_a_progress_message_starts_the_next_two_hours(bare):
    """REQ-09: every message restarts the interval; completion ends it."""
    ticket = receive(bare(klass="routine"))
    start = ticket.reported_at
    Clocks.start(ticket, "dispatched", start)
    Clocks.stop(ticket, "progressed", start + minutes(90))
    row = clocks_of(ticket)["sla_progress"]
    assert (row.started_at, row.due_at) == (start + minutes(90), start + minutes(210))
    Clocks.come_to(ticket, ["progressed", "done"], start + minutes(100))
    assert "sla_progress" not in clocks_of(ticket)
    assert [row.outcome for row in Clock.objects.of(ticket).filter(kind="sla_progress")] == ["met", "met"]


def test_urgent_has_no_two_hour_interval(bare):
    """REQ-09: an urgent case is told as it happens."""
    ticket = bare(klass="urgent")
    Clocks.start(ticket, "dispatched", ticket.reported_at)
    assert "sla_progress" not in clocks_of(ticket)


def test_filing_asks_nothing_and_classifying_little(bare, django_assert_num_queries):
    """REQ-03: rules are remembered; receipt inserts its clocks and asks nothing."""
    receive(bare())
    ticket = bare()
    with django_assert_num_queries(1):
        receive(ticket)
    with clock.at(ticket.reported_at + minutes(3)), django_assert_num_queries(5):
        ticket.klass = "routine"
        Clocks.come_to(ticket, ["classified"], ticket.reported_at + minutes(3))

"""Pausing, acknowledging and reclassifying keep the time used (REQ-05 … REQ-07, REQ-16)."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanjia.clocks.ladder import AFTER
from guanjia.clocks.models import Clock, ClockPause, Clocks

from .conftest import classify, clocks_of, minutes, receive, told_of

in_database = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
offsets = st.integers(1, 600)


@in_database
@given(st.lists(st.tuples(offsets, offsets), max_size=4), offsets)
def test_pausing_any_times_keeps_the_time_used(bare, cast, pauses, rest):
    """REQ-16: however often it waits, the working time run and left is the limit; the deadline moved by what was waited."""
    ticket = receive(bare())
    now = ticket.reported_at
    ran = waited = timedelta(0)
    for run, wait in pauses:
        now += minutes(run / 10)
        Clocks.pause(ticket, "等业主回家", cast.as_("ming"), now)
        now += minutes(wait)
        Clocks.resume(ticket, cast.as_("ming"), now)
        ran, waited = ran + minutes(run / 10), waited + minutes(wait)
    now += minutes(rest / 10)
    row = clocks_of(ticket)["sla_resolve_24h"]
    assert row.used(now) == ran + minutes(rest / 10)
    assert row.remaining(now) == row.allowed - row.used(now)
    assert row.due_at == row.started_at + row.allowed + waited == row.steps[row.breach_step - 1]
    assert row.hours.elapsed(row.started_at, row.due_at) == row.allowed + row.paused_total
    assert row.steps == sorted(row.steps)
    assert clocks_of(ticket)["sla_classify"].due_at == ticket.reported_at + minutes(10)  # this one never pauses


def test_a_pause_is_a_row_with_an_author(bare, cast):
    """REQ-16: who paused it, when and why; open while it waits."""
    ticket = receive(bare())
    at = ticket.reported_at + minutes(20)
    Clocks.pause(ticket, "等配件", cast.as_("ming"), at)
    Clocks.pause(ticket, "再按一次", cast.as_("ming"), at)
    pause = ClockPause.objects.get()
    assert (pause.paused_by_id, pause.why, pause.resumed_at) == (cast.ming.pk, "等配件", None)
    assert Clocks.next_due(ticket) == ticket.reported_at + minutes(10)
    Clocks.cancel(ticket, at + minutes(5))
    pause.refresh_from_db()
    assert pause.resumed_at == at + minutes(5)
    assert set(Clock.objects.of(ticket).values_list("outcome", flat=True)) == {"cancelled"}


def test_a_pause_after_the_deadline_saves_nothing(bare, cast):
    """REQ-16: what was late before it waited stays late, and is told before it waits."""
    ticket = receive(bare())
    due = ticket.reported_at + timedelta(hours=24)
    Clocks.pause(ticket, "等配件", cast.as_("ming"), due + minutes(1))
    Clocks.resume(ticket, cast.as_("ming"), due + minutes(61))
    row = clocks_of(ticket)["sla_resolve_24h"]
    assert row.due_at == due and row.paused_total == timedelta(0)
    assert row.steps[row.breach_step] == due + timedelta(hours=5)  # the step after the breach waited too
    assert ("clock.breached", "sla_resolve_24h", due) in told_of(ticket)


@in_database
@given(st.lists(st.tuples(st.sampled_from(["urgent", "routine", "suggestion"]), st.integers(0, 20)), min_size=1, max_size=5))
def test_reclassifying_keeps_the_time_already_used(bare, classes):
    """REQ-05, REQ-06, REQ-07: whatever the detours, only the last class counts, and from receipt."""
    ticket = receive(bare())
    now = ticket.reported_at
    for klass, pause in classes:
        now += minutes(pause)
        classify(ticket, klass, now)
    kind, allowed = {
        "urgent": ("sla_urgent_onsite", minutes(30)),
        "routine": ("sla_routine_response", timedelta(hours=2)),
        "suggestion": ("sla_suggestion_plan", timedelta(hours=24)),
    }[classes[-1][0]]
    row = clocks_of(ticket)[kind]
    assert (row.started_at, row.due_at, row.klass) == (ticket.reported_at, ticket.reported_at + allowed, classes[-1][0])
    assert row.used(now) == now - ticket.reported_at
    others = Clock.objects.of(ticket).filter(kind__in={"sla_urgent_onsite", "sla_routine_response", "sla_suggestion_plan"}).exclude(pk=row.pk)
    assert set(others.values_list("outcome", flat=True)) <= {"superseded"}


def test_the_same_limit_with_another_amount_keeps_its_used_time(bare, cast, monkeypatch):
    """REQ-06: an amount that differs by class replaces the clock, not the time it ran or waited."""
    from guanjia.rulebooks.schema import limits_book

    entry = limits_book().limits["sla_resolve_24h"]
    changed = entry.model_copy(update={"by_class": {"urgent": timedelta(hours=4)}})
    monkeypatch.setitem(limits_book().limits, "sla_resolve_24h", changed)
    ticket = receive(bare())
    start = ticket.reported_at
    Clocks.pause(ticket, "等业主", cast.as_("ming"), start + minutes(60))
    Clocks.resume(ticket, cast.as_("ming"), start + minutes(80))
    classify(ticket, "urgent", start + minutes(90))
    row = clocks_of(ticket)["sla_resolve_24h"]
    assert (row.started_at, row.due_at) == (start, start + timedelta(hours=4) + minutes(20))
    assert row.used(start + minutes(90)) == minutes(70)


def test_what_is_answered_is_not_asked_again(bare):
    """REQ-06: a response given before the ticket became routine counts."""
    ticket = receive(bare())
    ticket.responded_at = ticket.reported_at + minutes(5)
    classify(ticket, "routine", ticket.reported_at + minutes(8))
    assert "sla_routine_response" not in clocks_of(ticket)


def test_acknowledging_stops_the_ladder_not_the_clock(bare, cast):
    """REQ-04: who has heard it is told no more; the breach is still a fact."""
    ticket = receive(bare())
    row = clocks_of(ticket)["sla_resolve_24h"]
    row.acknowledge(by=cast.as_("ming"), at=ticket.reported_at + minutes(5))
    row.acknowledge(by=cast.as_("qian"), at=ticket.reported_at + minutes(6))
    row.refresh_from_db()
    assert row.is_running and row.acknowledged_by_id == cast.ming.pk
    assert (row.steps, row.tells, row.next_at) == ([row.due_at], [""], row.due_at + AFTER)


def test_a_held_ticket_starts_waiting_clocks(bare, cast):
    """REQ-09: what begins while the ticket waits, waits."""
    ticket = bare(klass="routine", held=True)
    Clocks.start(ticket, "dispatched", ticket.reported_at)
    assert clocks_of(ticket)["sla_progress"].paused_at == ticket.reported_at

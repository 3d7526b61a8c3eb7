"""Whatever people do in whatever order, the clocks' promises hold (REQ-04 … REQ-09, REQ-16)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanjia.clocks.models import Clock, Clocks
from guanjia.clocks.scan import scan
from guanjia.events.models import Event

from .conftest import classify, minutes, receive

ACTS = ["scan", "hold", "resume", "urgent", "routine", "suggestion", "dispatched", "progressed", "responded", "arrived", "resolved"]
acts = st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from([0, 1, 5, 10, 24, 30, 95, 120, 500, 1440])), max_size=14)


def perform(act, ticket, by, at):
    if act == "scan":
        scan(at)
    elif act in ("hold", "resume"):
        ticket.held = act == "hold"
        Clocks.pause(ticket, "等人", by, at) if ticket.held else Clocks.resume(ticket, by, at)
    elif act in ("urgent", "routine", "suggestion"):
        classify(ticket, act, at)
    else:
        if hasattr(ticket, f"{act}_at") and getattr(ticket, f"{act}_at") is None:
            setattr(ticket, f"{act}_at", at)
        Clocks.come_to(ticket, [act], at)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts)
def test_late_clocks_and_told_breaches_are_the_same(bare, cast, acts):
    """REQ-04, REQ-09, REQ-16: every late clock was told of as breached once, dated at its deadline; no other clock was."""
    ticket, by = receive(bare()), cast.as_("ming")
    now = ticket.reported_at
    for act, later in acts:
        now += minutes(later)
        perform(act, ticket, by, now)
    scan(now)
    events = [row for row in Event.objects.about(ticket) if row.action.startswith("clock.")]
    told = Counter((row.particulars["clock"], row.particulars["step"]) for row in events)
    assert not told or max(told.values()) == 1
    breaches = {row.particulars["clock"]: row for row in events if row.action == "clock.breached"}
    for row in Clock.objects.of(ticket):
        late = row.is_late(now) or row.outcome == "missed"
        assert (row.pk in breaches) == late, (row, row.outcome)
        assert not late or breaches[row.pk].at == row.due_at
        assert row.steps == sorted(row.steps) and row.due_at in row.steps
        assert row.hours.elapsed(row.started_at, row.due_at) == row.allowed + row.paused_total
        assert row.next_at is None or row.next_at >= row.steps[row.step]
    folded = sum(row.particulars.get("times", 1) - 1 for row in events)
    assert folded * timedelta(hours=2) <= now - ticket.reported_at

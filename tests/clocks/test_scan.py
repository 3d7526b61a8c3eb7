"""The due scan: each step told once, dated when it fell due (REQ-04 … REQ-11; design §5)."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanjia import clock
from guanjia.clocks.models import Clock, Clocks
from guanjia.clocks.scan import MARGIN, SWEEP, Scanner, scan
from guanjia.events.models import Event, Outbox
from guanjia.rulebooks.models import Parameter
from tests.cast import TUESDAY

from .conftest import clocks_of, minutes

NOTHING = {"reminded": 0, "breached": 0, "escalated": 0}


def events_of(ticket, kind):
    rows = Event.objects.at_estate(ticket.estate_id).filter(subject_type="ticket", subject_id=ticket.pk, particulars__kind=kind)
    return [(row.action, row.at, row.particulars["tell"]) for row in rows.order_by("at", "id")]


def test_the_ladder_is_climbed_step_by_step(bare):
    """REQ-04: reminded at 80 %, breached at ten minutes, told upward ten minutes later."""
    ticket = bare()
    start = ticket.reported_at
    Clocks.start(ticket, "received", start)
    assert scan(start + minutes(7)) == NOTHING
    assert scan(start + minutes(8)) == {**NOTHING, "reminded": 1}
    assert scan(start + minutes(11)) == {**NOTHING, "breached": 1}
    assert scan(start + minutes(25)) == {**NOTHING, "escalated": 1}
    assert scan(start + minutes(60)) == NOTHING
    assert events_of(ticket, "sla_classify") == [
        ("clock.reminded", start + minutes(8), ["responsible"]),
        ("clock.breached", start + minutes(10), ["responsible"]),
        ("clock.escalated", start + minutes(20), ["supervisor"]),
    ]
    row = clocks_of(ticket)["sla_classify"]
    assert row.next_at is None and row.is_running and row.is_late(start + minutes(60))


def test_what_nobody_answers_for_goes_first_and_highest(bare, cast):
    """REQ-03: without a steward the dispatcher hears the reminder, dispatcher and manager the breach."""
    watched, alone = bare(), bare(steward=None)
    for ticket in (watched, alone):
        Clocks.start(ticket, "received", ticket.reported_at)
    scan(alone.reported_at + minutes(30))
    assert [tell for _action, _at, tell in events_of(alone, "sla_classify")] == [
        ["dispatcher"], ["dispatcher", "manager"], ["dispatcher", "manager"],
    ]  # fmt: skip
    assert [row.subject_id for row in Event.objects.order_by("id")[:3]] == [alone.pk] * 3
    told = Event.objects.filter(action="clock.escalated", subject_id=alone.pk).get()
    assert told.particulars["told"] == "调度员和项目经理" and told.sentence == "10 分钟内完成分类超时，上报调度员和项目经理"
    assert Outbox.objects.count() == 6


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 40), max_size=6), st.integers(0, 3))
def test_each_step_once_however_the_scans_fall(bare, cast, looks, estate_only):
    """REQ-04: early, late, twice, out of order, for one estate or all: every step is told once, dated when it fell due."""
    ticket = bare()
    start = ticket.reported_at
    Clocks.start(ticket, "received", start)
    for number, minute in enumerate(looks):
        scan(start + minutes(minute), estate=cast.sunny if number == estate_only else None, limit=1 + number)
    scan(start + minutes(41))
    assert events_of(ticket, "sla_classify") == [
        ("clock.reminded", start + minutes(8), ["responsible"]),
        ("clock.breached", start + minutes(10), ["responsible"]),
        ("clock.escalated", start + minutes(20), ["supervisor"]),
    ]


def test_at_the_very_deadline_is_in_time(bare):
    """REQ-04: late is after the deadline; a scan at that instant says nothing yet."""
    ticket = bare()
    at = ticket.reported_at + minutes(10)
    Clocks.start(ticket, "received", ticket.reported_at)
    assert scan(at) == {**NOTHING, "reminded": 1}
    Clocks.stop(ticket, "classified", at)
    assert Clock.objects.of(ticket).get(kind="sla_classify").outcome == "met"
    assert scan(at + minutes(1)) == NOTHING


def test_paused_and_stopped_clocks_are_left_alone(bare, cast):
    """REQ-16: a clock that waits is not told of; when it goes on, its steps have moved."""
    ticket = bare(kind="complaint")
    start = ticket.reported_at
    Clocks.start(ticket, "received", start)
    Clocks.stop(ticket, "classified", start + minutes(1))
    Clocks.stop(ticket, "responded", start + minutes(1))
    Clocks.pause(ticket, "等业主", cast.as_("ming"), start + minutes(2))
    assert scan(start + timedelta(days=3)) == NOTHING
    Clocks.resume(ticket, cast.as_("ming"), start + timedelta(days=3))
    assert scan(start + timedelta(days=3, minutes=1)) == NOTHING
    row = clocks_of(ticket)["sla_resolve_24h"]
    assert row.due_at == start + timedelta(days=4) - minutes(2)


def test_an_acknowledged_clock_is_noted_late_and_told_to_nobody(bare, cast):
    """REQ-04: after acknowledgement the breach is a fact without a telling."""
    ticket = bare()
    Clocks.start(ticket, "received", ticket.reported_at)
    scan(ticket.reported_at + minutes(9))
    clocks_of(ticket)["sla_classify"].acknowledge(by=cast.as_("ming"), at=ticket.reported_at + minutes(9))
    before = Outbox.objects.count()
    assert scan(ticket.reported_at + minutes(60)) == {**NOTHING, "breached": 1}
    assert Outbox.objects.count() == before


def test_a_missed_interval_starts_the_next_by_itself(bare):
    """REQ-09: no progress for two hours is one breach; the next interval runs from there."""
    ticket = bare(klass="routine")
    start = ticket.reported_at
    Clocks.start(ticket, "dispatched", start)
    assert scan(start + minutes(121)) == {"reminded": 1, "breached": 1, "escalated": 0}
    row = clocks_of(ticket)["sla_progress"]
    assert (row.started_at, row.due_at, row.moment) == (start + minutes(120), start + minutes(240), "missed")
    ticket.refresh_from_db()
    assert ticket.due_at == row.due_at
    assert [each.outcome for each in Clock.objects.of(ticket).order_by("started_at")] == ["missed", ""]


def test_after_a_stop_of_the_house_each_missed_interval_is_told_once_within_bounds(bare):
    """REQ-09: ten hours down are five missed intervals; ten days are not a flood."""
    ticket, long = bare(klass="routine"), bare(klass="routine")
    start = ticket.reported_at
    Clocks.start(ticket, "dispatched", start)
    scan(start + minutes(601))
    breaches = [at for action, at, _tell in events_of(ticket, "sla_progress") if action == "clock.breached"]
    assert breaches == [start + minutes(120 * n) for n in range(1, 6)]
    assert clocks_of(ticket)["sla_progress"].due_at == start + minutes(720)
    Clocks.cancel(ticket, start + minutes(602))
    Clocks.start(long, "dispatched", start)
    scan(start + timedelta(days=10, minutes=1))
    assert len(events_of(long, "sla_progress")) == 2 + 12
    assert sum(row.particulars.get("times", 1) for row in Event.objects.filter(subject_id=long.pk, action="clock.breached")) == 120
    assert clocks_of(long)["sla_progress"].started_at == start + timedelta(days=10)


def test_intervals_rest_at_night_where_the_company_says_so(bare, cast):
    """REQ-09, CF-38: with the daytime calendar two hours from 19:00 end at 09:00."""
    Parameter.objects.set("limits.progress_calendar", "daytime", by=cast.as_("qian"), reason="夜间不打扰", estate=cast.sunny)
    ticket = bare(klass="routine")
    evening = TUESDAY + timedelta(hours=9)  # 19:00
    Clocks.start(ticket, "dispatched", evening)
    assert clocks_of(ticket)["sla_progress"].due_at == evening + timedelta(hours=14)
    scan(evening + timedelta(hours=15))
    assert clocks_of(ticket)["sla_progress"].due_at == evening + timedelta(hours=16)


def test_a_changed_rule_leaves_running_and_past_clocks_alone(bare, cast):
    """CF-01, REQ-04: what started under a rule ends under it; what starts later has the new one."""
    old = bare()
    Clocks.start(old, "received", old.reported_at)
    Parameter.objects.set("limit.sla_classify.within", "20m", by=cast.as_("qian"), reason="人手不足", company=cast.company)
    with clock.at(TUESDAY + minutes(1)):
        new = bare()
        Clocks.start(new, "received", new.reported_at)
        assert clocks_of(old)["sla_classify"].due_at == old.reported_at + minutes(10)
        assert clocks_of(new)["sla_classify"].due_at == new.reported_at + minutes(20)
        Clocks.refit(old, clock.now())
        assert clocks_of(old)["sla_classify"].due_at == old.reported_at + minutes(10)
    scan(TUESDAY + minutes(17))
    assert [action for action, _at, _tell in events_of(old, "sla_classify")] == ["clock.reminded", "clock.breached"]
    assert [action for action, _at, _tell in events_of(new, "sla_classify")] == ["clock.reminded"]


def test_the_watermark_steps_over_the_past_and_the_sweep_finds_it(bare):
    """REQ-04: a scanner reads on from where it was; what a slow transaction wrote behind it is found by the sweep."""
    look = Scanner()
    assert look(TUESDAY) == NOTHING
    ticket = bare()
    Clocks.start(ticket, "received", ticket.reported_at)
    Clock.objects.of(ticket).filter(kind="sla_classify").update(next_at=TUESDAY - MARGIN - minutes(1))
    assert look(TUESDAY + minutes(8)) == NOTHING
    assert look(TUESDAY + SWEEP + minutes(1)) == {"reminded": 1, "breached": 1, "escalated": 0}


def test_a_back_dated_start_is_written_ahead_of_the_watermark(bare):
    """REQ-05: what newly counts from long ago is looked at from now on."""
    ticket = bare()
    Clocks.start(ticket, "received", TUESDAY - timedelta(days=2))
    assert min(Clock.objects.of(ticket).values_list("next_at", flat=True)) >= clock.now()
    look = Scanner()
    look.seen = look.swept = TUESDAY
    assert look(TUESDAY + minutes(1))["breached"] == 2
    assert events_of(ticket, "sla_classify")[1][1] == TUESDAY - timedelta(days=2) + minutes(10)


def test_one_batch_asks_as_much_as_another(bare, django_assert_num_queries):
    """REQ-04: ten clocks cost as many statements as one."""
    for count in (1, 10):
        for _each in range(count):
            ticket = bare()
            Clocks.start(ticket, "received", TUESDAY)
        with django_assert_num_queries(8):
            assert scan(TUESDAY + minutes(9))["reminded"] == count
        Clock.objects.all().delete()

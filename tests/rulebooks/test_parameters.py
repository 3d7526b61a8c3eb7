"""Rulebooks as data, parameters with dates (CF-01 … CF-04, CF-38 … CF-41)."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from guanjia import clock
from guanjia.clocks.calendars import calendar
from guanjia.events.models import Event
from guanjia.rulebooks import parameters
from guanjia.rulebooks.book import spell
from guanjia.rulebooks.limits import limits, title_of
from guanjia.rulebooks.models import Parameter
from guanjia.rulebooks.parameters import entry_of, forget, parameter
from guanjia.rulebooks.schema import calendars_book, limits_book, parameters_book
from guanjia.rulebooks.words import CHANNELS, CLASSES, KINDS, MOMENTS
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tickets.kinds import Channel, Kind, Klass
from tests.cast import TUESDAY


@pytest.fixture(autouse=True)
def _remember_nothing():
    forget()
    yield
    forget()


def active(estate, at=TUESDAY):
    return {limit.key: limit for limit in limits(estate, at)}


def put(cast, key, value, **more):
    where = more or {"estate": cast.sunny}
    return Parameter.objects.set(key, value, by=cast.as_("qian"), reason="试行", **where)


def test_every_entry_resolves():
    """CF-01: limits, profiles, switches and calendars name only what exists."""
    book, switches = limits_book(), parameters_book().parameters
    for profile in book.profiles.values():
        assert set(profile.limits) <= set(book.limits)
        for key, value in profile.presets.items():
            switches[key].check_value(value)
    for limit in book.limits.values():
        assert all(set(values) <= set(switches[key].choices) for key, values in limit.when.items())
        for word in [*limit.starts_on, *limit.stops_on]:
            assert set(switches[word[1:]].choices) <= set(MOMENTS) if word.startswith("$") else word in MOMENTS
        words = switches[limit.calendar[1:]].choices if limit.calendar.startswith("$") else [limit.calendar]
        assert set(words) <= set(calendars_book().calendars)
    assert (tuple(Klass.values), tuple(Kind.values), tuple(Channel.values)) == (CLASSES, KINDS, CHANNELS)


def test_every_ticket_row_of_the_table_is_a_limit():
    """REQ-04, REQ-05, REQ-06, REQ-07, REQ-09, REQ-10, REQ-11, REQ-13, REQ-14, REQ-15, REQ-16, REQ-17, REQ-19, COM-10."""
    amounts = {key: spell(limit.usual) for key, limit in limits_book().limits.items()}
    assert amounts.items() >= {
        "sla_classify": "10m", "sla_urgent_onsite": "30m", "sla_routine_response": "2h", "sla_suggestion_plan": "24h",
        "sla_progress": "2h", "sla_phone_confirm": "10m", "sla_online_followup": "30m", "sla_group_respond": "3m",
        "sla_group_feedback": "30m", "sla_group_close": "24h", "sla_service_response_v1": "10m",
        "sla_service_response_v2": "15m", "sla_resolve_24h": "24h", "sla_complaint_24h": "24h", "sla_repair_15": "15m",
    }.items()  # fmt: skip
    assert not limits_book().limits["sla_complaint_visit"].stated  # “as fast as possible”: our 30 minutes


def test_three_profiles(cast):
    """CF-01, CF-02, CF-04: one switch changes the set; what it presets can still be set singly."""
    assert {"sla_classify", "sla_urgent_onsite", "sla_phone_confirm", "sla_resolve_24h"} <= set(active(cast.sunny))
    put(cast, "limits.profile", "butler15")
    assert {"sla_service_response_v2", "sla_repair_15", "sla_resolve_or_feedback_24h", "sla_first_revisit"} <= set(active(cast.sunny))
    assert not {"sla_classify", "sla_urgent_onsite", "sla_phone_confirm"} & set(active(cast.sunny))
    put(cast, "limits.onsite", "urgent")
    assert "sla_urgent_onsite" in active(cast.sunny) and "sla_repair_15" not in active(cast.sunny)
    put(cast, "limits.profile", "butler10")
    assert active(cast.sunny)["sla_service_response_v1"].within == timedelta(minutes=10)


@pytest.mark.parametrize(
    ("key", "value", "limit", "what", "before", "after"),
    [
        ("limits.urgent_starts_on", "classified", "sla_urgent_onsite", "starts_on", ("received", "reopened"), ("classified", "reopened")),  # CF-41
        ("limits.online_followup_starts_on", "confirmed", "sla_online_followup", "starts_on", ("done",), ("confirmed",)),  # CF-40
        ("limits.group_window", "20:00-21:00", "sla_group_respond", "calendar", "always", "20:00-21:00"),  # CF-39
        ("limits.progress_calendar", "daytime", "sla_progress", "calendar", "always", "daytime"),  # CF-38
        ("limit.sla_classify.within", "5m", "sla_classify", "within", timedelta(minutes=10), timedelta(minutes=5)),
        ("req.classify_min", "6m", "sla_classify", "within", timedelta(minutes=10), timedelta(minutes=6)),
        ("comm.group_respond_min", "5m", "sla_group_respond", "within", timedelta(minutes=3), timedelta(minutes=5)),
    ],
)
def test_a_switch_turns_its_limit(cast, key, value, limit, what, before, after):
    """CF-38, CF-39, CF-40, CF-41: the default and the other reading, at one estate only."""
    assert getattr(active(cast.sunny)[limit], what) == before
    put(cast, key, value)
    assert getattr(active(cast.sunny)[limit], what) == after
    assert getattr(active(cast.lake)[limit], what) == before


@pytest.mark.parametrize(
    ("key", "value", "there", "gone"),
    [
        ("limits.closed_loop", "fed_back", "sla_feedback_24h", "sla_resolve_24h"),  # CF-03
        ("limits.closed_loop", "either", "sla_resolve_or_feedback_24h", "sla_resolve_24h"),  # CF-03
        ("limits.followup", "first_moment", "sla_first_revisit", "sla_phone_confirm"),  # CF-04
        ("limits.followup", "call", "sla_phone_confirm", "sla_online_followup"),  # CF-04
        ("limits.onsite", "same_shift", "sla_same_shift", "sla_urgent_onsite"),  # CF-02
        ("limit.sla_progress.on", False, "sla_classify", "sla_progress"),
    ],
)
def test_a_switch_exchanges_limits(cast, key, value, there, gone):
    """CF-02, CF-03, CF-04: one reading excludes the other."""
    put(cast, key, value)
    assert there in active(cast.sunny) and gone not in active(cast.sunny)


def test_the_past_keeps_its_rule(cast):
    """CF-01: a setting counts from its date on; the estate's own word counts before its company's."""
    put(cast, "limit.sla_classify.within", "5m", company=cast.company)
    with clock.at(TUESDAY + timedelta(days=1)):
        put(cast, "limit.sla_classify.within", "7m")
    at = [TUESDAY - timedelta(hours=1), TUESDAY, TUESDAY + timedelta(days=2)]
    assert [parameter(cast.sunny, "limit.sla_classify.within", each) for each in at] == ["10m", "5m", "7m"]
    assert parameter(cast.lake, "limit.sla_classify.within", at[2]) == "10m"
    with pytest.raises(Refused):
        put(cast, "limit.sla_classify.within", "1m", estate=cast.sunny, valid_from=TUESDAY - timedelta(days=1))


def test_a_setting_has_an_author_a_reason_and_an_event(cast):
    """CF-01: who changed which rule, and why, stands at every estate it reaches."""
    put(cast, "tickets.reopen_days", 14, company=cast.company)
    event = Event.objects.get(action="parameter.changed")
    assert (event.estate_id, event.actor_name, event.particulars["value"]) == (cast.sunny.pk, "钱经理", 14)
    with pytest.raises(NotAllowed):
        Parameter.objects.set("tickets.reopen_days", 3, by=cast.as_("ming"), reason="x", estate=cast.sunny)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("limits.profile", "mine"), ("limit.sla_classify.within", "soon"), ("limit.sla_classify.within", "0m"),
        ("limit.nothing.within", "5m"), ("limit.sla_classify.colour", "red"), ("tickets.per_day", -1), ("tickets.per_day", True),
        ("limit.sla_progress.on", "yes"), ("limit.sla_classify.calendar", "moon"),
    ],
)  # fmt: skip
def test_nonsense_is_refused(cast, key, value):
    """CF-01: a switch takes only what it may."""
    with pytest.raises(Refused):
        put(cast, key, value)


def test_asking_costs_no_query(cast, django_assert_num_queries):
    """REQ-03: the rules of an estate are read once in five seconds, and anew when they were changed here."""
    parameter(cast.sunny, "limits.profile", TUESDAY)
    with django_assert_num_queries(0):
        assert parameter(cast.sunny, "tickets.per_day", TUESDAY) == 20
        limits(cast.sunny, TUESDAY)


def test_another_process_follows_within_five_seconds(cast, monkeypatch):
    """CF-01: what another process set is seen when the memory is five seconds old."""
    now = SimpleNamespace(at=100.0)
    monkeypatch.setattr(parameters, "monotonic", lambda: now.at)
    assert parameter(cast.sunny, "tickets.per_day", TUESDAY) == 20
    Parameter.objects.create(company=cast.company, key="tickets.per_day", value=5, valid_from=TUESDAY, reason="x")
    assert parameter(cast.sunny, "tickets.per_day", TUESDAY) == 20
    now.at += parameters.LIFE + 0.1
    assert parameter(cast.sunny, "tickets.per_day", TUESDAY) == 5


def test_calendars_follow_the_estates_zone(cast):
    """CF-38: eight in the morning is eight where the estate is."""
    hours = calendar(cast.sunny, "daytime")
    assert hours.zone == "Asia/Shanghai" and hours.is_open(TUESDAY) and not hours.is_open(TUESDAY + timedelta(hours=11))


def test_titles_are_the_rulebooks_own(cast):
    """REQ-04: a limit says its name; one that left the rulebook says its key."""
    assert title_of("sla_classify") == "10 分钟内完成分类" and title_of("sla_gone") == "sla_gone"
    assert entry_of("limit.sla_classify.within").default == "10m"

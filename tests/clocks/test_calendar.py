"""Working time: REQ-09, REQ-16, CF-38, CF-39 (design §5: `elapsed(start, add(start, x)) == x`)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanjia.clocks.calendar import ALWAYS, Calendar, Interval, NeverOpen

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = ("Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Havana", "Pacific/Apia")
MINUTE = timedelta(minutes=1)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    start = draw(st.integers(0, 1439))
    return Interval(start, draw(st.integers(start + 1, start + 1440)))


hours = st.lists(intervals(), max_size=3).map(tuple)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    week = draw(st.lists(hours, min_size=7, max_size=7).filter(any))
    days = st.dates(date(2024, 1, 1), date(2026, 12, 31))
    return Calendar(draw(st.sampled_from(ZONES)), tuple(week), draw(st.dictionaries(days, hours, max_size=5)))


# Around the hours that summer time skips and repeats, and the 29th of February.
PERIODS = [
    ("2024-01-01", "2026-06-01"),
    ("2024-02-28", "2024-03-02"),
    ("2025-03-08", "2025-03-10"),
    ("2025-11-01", "2025-11-03"),
    ("2025-04-05", "2025-04-07"),
]
instants = st.one_of(
    st.datetimes(datetime.fromisoformat(start), datetime.fromisoformat(end), timezones=st.just(UTC)) for start, end in PERIODS
)
amounts = st.timedeltas(timedelta(0), timedelta(hours=60))


@given(calendars(), instants, amounts)
def test_elapsed_undoes_add(calendar: Calendar, start: datetime, amount: timedelta) -> None:
    """CF-38: a limit of x working time is over after x working time."""
    assert calendar.elapsed(start, calendar.add(start, amount)) == amount


@given(calendars(), instants, amounts, amounts)
def test_adding_twice_is_adding_the_sum(calendar: Calendar, start: datetime, one: timedelta, other: timedelta) -> None:
    """REQ-09: a pause that splits the time changes nothing of it."""
    assert calendar.add(calendar.add(start, one), other) == calendar.add(start, one + other)


@given(calendars(), instants, amounts, amounts)
def test_more_time_is_never_due_earlier(calendar: Calendar, start: datetime, one: timedelta, other: timedelta) -> None:
    """REQ-04: the ladder's order is the order of its amounts, and a later start is never due earlier."""
    low, high = sorted((one, other))
    assert calendar.add(start, low) <= calendar.add(start, high)
    assert calendar.add(start, low) <= calendar.add(start + other, low)


@given(calendars(), st.lists(instants, min_size=3, max_size=3).map(sorted))
def test_elapsed_adds_up(calendar: Calendar, three: list[datetime]) -> None:
    """REQ-16: no minute is lost or counted twice where a span is cut."""
    first, middle, last = three
    assert calendar.elapsed(first, last) == calendar.elapsed(first, middle) + calendar.elapsed(middle, last)


@given(calendars(), instants)
def test_closed_time_does_not_pass(calendar: Calendar, at: datetime) -> None:
    """CF-38: nothing passes until the next opening, and something does right after it."""
    opening = calendar.next_open(at)
    assert calendar.elapsed(at, opening) == timedelta(0)
    assert calendar.is_open(opening)
    assert calendar.is_open(at) == (opening == at)
    assert calendar.elapsed(opening, opening + timedelta(microseconds=1)) > timedelta(0)


def _minutes_by_hand(calendar: Calendar, start: datetime, minutes: int) -> int:
    """Walk the wall clock minute by minute; an hour lived twice counts from its first showing."""
    shown = datetime(1, 1, 1)  # noqa: DTZ001 – a wall clock has no zone
    counted = 0
    for minute in range(-2 * 1440, minutes):
        at = start + minute * MINUTE
        shown = max(shown, at.astimezone(ZoneInfo(calendar.zone)).replace(tzinfo=None))
        spans = []
        for back in range(3):
            day = shown.date() - timedelta(days=back)
            for each in calendar.exceptions.get(day, calendar.week[day.weekday()]):
                midnight = datetime.combine(day, datetime.min.time())
                spans.append((midnight + each.start * MINUTE, midnight + each.end * MINUTE))
        if minute >= 0 and any(opened <= shown < closed for opened, closed in spans):
            counted += 1
    return counted


@settings(max_examples=60, deadline=None)
@given(calendars(), instants, st.integers(0, 2 * 1440))
def test_equals_a_count_of_minutes(calendar: Calendar, start: datetime, minutes: int) -> None:
    """CF-38, CF-39: the arithmetic agrees with somebody who watches the wall clock."""
    start = start.replace(second=0, microsecond=0)
    assert calendar.elapsed(start, start + minutes * MINUTE) == _minutes_by_hand(calendar, start, minutes) * MINUTE


@given(instants, amounts)
def test_around_the_clock_is_plain_arithmetic(start: datetime, amount: timedelta) -> None:
    """REQ-16: 24 hours on 365 days."""
    assert ALWAYS.add(start, amount) == start + amount
    assert ALWAYS.elapsed(start, start + amount) == amount


def _at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


OFFICE = tuple(Interval.parse(text) for text in ("08:30-12:00", "14:00-18:00"))
WEEK = (OFFICE,) * 5 + ((), ())


def test_two_hours_over_lunch_and_night() -> None:
    """CF-38: two hours from 11:00 end at 15:00; from 17:00 they end next morning."""
    calendar = Calendar(week=WEEK)
    assert calendar.add(_at("2026-03-03T11:00"), timedelta(hours=2)) == _at("2026-03-03T15:00")
    assert calendar.add(_at("2026-03-03T17:00"), timedelta(hours=2)) == _at("2026-03-04T09:30")


def test_a_make_up_saturday_works_and_a_holiday_rests() -> None:
    """CF-38: 调休 – Saturday 14 February 2026 is worked, Spring Festival from the 15th is not."""
    rests = {date(2026, 2, day): () for day in range(15, 24)}
    calendar = Calendar(week=WEEK, exceptions={date(2026, 2, 14): OFFICE, **rests})
    assert calendar.is_open(_at("2026-02-14T09:00"))
    assert calendar.add(_at("2026-02-14T17:00"), timedelta(hours=2)) == _at("2026-02-24T09:30")


def test_the_29th_of_february_is_a_day() -> None:
    """CF-38: 24 hours from noon of the 28th end on the 29th."""
    calendar = Calendar(week=((Interval.parse("00:00-12:00"), Interval.parse("12:00-24:00")),) * 7)
    assert calendar.add(_at("2024-02-28T12:00"), timedelta(hours=24)) == _at("2024-02-29T12:00")
    assert calendar.add(_at("2026-02-28T12:00"), timedelta(hours=24)) == _at("2026-03-01T12:00")


def test_a_night_belongs_to_the_day_it_starts_on() -> None:
    """CF-38: 22:00–06:00 of Friday runs into Saturday."""
    friday = ((), (), (), (), (Interval.parse("22:00-06:00"),), (), ())
    calendar = Calendar(week=friday)
    assert calendar.elapsed(_at("2026-03-06T00:00"), _at("2026-03-09T00:00")) == timedelta(hours=8)
    assert calendar.is_open(_at("2026-03-07T05:59")) and not calendar.is_open(_at("2026-03-07T06:00"))


def test_summer_time_skips_and_repeats_an_hour() -> None:
    """CF-38: a night of eight hours on the wall is seven or nine of real time."""
    berlin = ZoneInfo("Europe/Berlin")
    calendar = Calendar("Europe/Berlin", ((Interval.parse("22:00-06:00"),),) * 7)
    assert calendar.elapsed(_at("2025-03-29T22:00", berlin), _at("2025-03-30T06:00", berlin)) == timedelta(hours=7)
    assert calendar.elapsed(_at("2025-10-25T22:00", berlin), _at("2025-10-26T06:00", berlin)) == timedelta(hours=9)
    skipped = Calendar("Europe/Berlin", ((Interval.parse("02:15-02:45"),),) * 7)
    assert skipped.elapsed(_at("2025-03-30T00:00", berlin), _at("2025-03-30T12:00", berlin)) == timedelta(0)


def test_a_calendar_that_never_opens_says_so() -> None:
    """CF-38: a slip in the data is an error, not an endless search."""
    shut = Calendar(week=((),) * 7)
    with pytest.raises(NeverOpen):
        shut.add(_at("2026-01-01T00:00"), MINUTE)
    with pytest.raises(NeverOpen):
        shut.next_open(_at("2026-01-01T00:00"))


@pytest.mark.parametrize("text", ["9-18", "09:00", "25:00-26:00", "09:60-10:00", "24:00-06:00"])
def test_a_slip_in_an_interval_is_refused(text: str) -> None:
    """CF-39: intervals are written 09:00-18:00."""
    with pytest.raises(ValueError):
        Interval.parse(text)


def test_naive_instants_are_refused() -> None:
    """REQ-16: an instant without a zone has no meaning."""
    with pytest.raises(ValueError):
        ALWAYS.add(datetime(2026, 1, 1), MINUTE)  # noqa: DTZ001

"""Cadences (design §5 Duties, docs/decisions/0008-duties.md): no slot lost or doubled, however time is cut."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanjia.clocks.models.day import chinese_days
from guanjia.duties.cadence import CadenceError, Shift, event_slot, parse, slots
from guanjia.rulebooks.books import Window
from guanjia.rulebooks.windows import check

DAY = timedelta(days=1)
EXCEPTIONS = {day: works for day, (works, _name) in chinese_days([2025, 2026]).items()}
GUARDS = (Shift("day", 480, 1200), Shift("night", 1200, 1920))


def works(day):
    return EXCEPTIONS.get(day, day.weekday() < 5)


def keys(text, first, last, zone="Asia/Shanghai", **window):
    return [slot.key for slot in slots(parse(text), first, last, zone, Window(**window), works, GUARDS)]


def spans(text, first, last, zone="Asia/Shanghai", **window):
    """Wall times of opening and closing."""
    tz = ZoneInfo(zone)
    found = slots(parse(text), first, last, zone, Window(**window), works, GUARDS)
    return [
        (f"{each.opens_at.astimezone(tz):%m-%d %H:%M}", f"{each.due_at.astimezone(tz):%m-%d %H:%M}") for each in found
    ]


YEAR = (date(2026, 1, 1), date(2026, 12, 31))
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


def test_a_bare_frequency_is_open_for_its_whole_period():
    assert spans("FREQ=MONTHLY", *NOVEMBER) == [("11-01 00:00", "12-01 00:00")]
    assert spans("FREQ=WEEKLY", *NOVEMBER)[0] == ("11-02 00:00", "11-09 00:00")
    assert spans("FREQ=YEARLY", *YEAR) == [("01-01 00:00", "01-01 00:00")]
    assert spans("FREQ=YEARLY;BYMONTH=11", *YEAR) == [("11-01 00:00", "12-01 00:00")]
    assert spans("FREQ=MONTHLY;INTERVAL=3", *YEAR)[3] == ("10-01 00:00", "01-01 00:00")
    assert spans("FREQ=MONTHLY;INTERVAL=6", *YEAR)[1] == ("07-01 00:00", "01-01 00:00")
    assert spans("FREQ=DAILY", date(2026, 11, 22), date(2026, 11, 22), opens="22:00", closes="06:00") == [
        ("11-22 22:00", "11-23 06:00")
    ]


def test_an_interval_counts_from_one_fixed_day():
    """Coverage of the zone every five days is the same five days for everybody, whenever the system starts."""
    assert keys("FREQ=DAILY;INTERVAL=5", *NOVEMBER)[0] == "2026-11-01~5day"
    assert keys("FREQ=WEEKLY;INTERVAL=2", *NOVEMBER) == ["2026-11-02~2week", "2026-11-16~2week", "2026-11-30~2week"]


def test_days_of_the_month_and_of_the_quarter():
    """PAT/QUA rows: last week of the month, third week 15–21, last day, 28th to last day, second month of the quarter 25th."""
    assert spans("FREQ=MONTHLY;BYMONTHDAY=-7", *NOVEMBER, until="month_end") == [("11-24 00:00", "12-01 00:00")]
    assert spans("FREQ=MONTHLY;BYMONTHDAY=15", *NOVEMBER, days=7) == [("11-15 00:00", "11-22 00:00")]
    assert spans("FREQ=MONTHLY;BYMONTHDAY=28", date(2026, 2, 1), date(2026, 2, 28), until="month_end") == [
        ("02-28 00:00", "03-01 00:00")
    ]
    assert keys("FREQ=MONTHLY;BYMONTHDAY=-1", *YEAR)[1] == "2026-02-28"
    assert keys("FREQ=YEARLY;BYMONTH=2,5,8,11;BYMONTHDAY=25", *YEAR) == [
        "2026-02-25",
        "2026-05-25",
        "2026-08-25",
        "2026-11-25",
    ]
    assert keys("FREQ=MONTHLY;BYDAY=2MO", *NOVEMBER) == ["2026-11-09"]
    assert keys("FREQ=MONTHLY;BYDAY=-1FR", *NOVEMBER) == ["2026-11-27"]
    assert keys("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", *NOVEMBER) == ["2026-11-30"]


def test_hours_counts_and_shifts():
    day = (date(2026, 11, 22),) * 2
    assert keys("FREQ=DAILY;BYHOUR=6,12,18", *day) == ["2026-11-22T06:00", "2026-11-22T12:00", "2026-11-22T18:00"]
    assert spans("FREQ=DAILY;BYHOUR=18", *day, closes="20:00") == [("11-22 18:00", "11-22 20:00")]
    assert spans("FREQ=DAILY;BYHOUR=6", *day, early="30m", within="45m") == [("11-22 05:30", "11-22 06:45")]
    assert spans("COUNT_PER_DAY=3", *day, opens="08:00", closes="20:00")[1] == ("11-22 12:00", "11-22 16:00")
    assert keys("FREQ=WEEKLY;BYDAY=SU;COUNT_PER_DAY=2", *day) == ["2026-11-22#1", "2026-11-22#2"]
    assert spans("PER_SHIFT:start,mid,end", *day)[3:] == [
        ("11-22 20:00", "11-22 21:00"),
        ("11-23 01:30", "11-23 02:30"),
        ("11-23 07:00", "11-23 08:00"),
    ]
    assert keys("CONTINUOUS", *day) == ["2026-11-22/day:all", "2026-11-22/night:all"]
    assert len(keys("FREQ=HOURLY", *day, opens="08:00", closes="20:00")) == 12


def test_an_hour_belongs_to_the_shift_that_is_at_work():
    """Two o'clock in the morning is the night shift of the day before."""
    found = slots(
        parse("FREQ=DAILY;BYHOUR=2,9"), date(2026, 11, 22), date(2026, 11, 22), "Asia/Shanghai", shifts=GUARDS
    )
    assert [(slot.shift, slot.shift_day) for slot in found] == [
        ("night", date(2026, 11, 21)),
        ("day", date(2026, 11, 22)),
    ]


def test_public_holidays_of_2026():
    """国庆 1–7 October is rested, the Saturday of 10 October is worked (调休)."""
    week = (date(2026, 9, 28), date(2026, 10, 11))
    only = keys("FREQ=DAILY", *week, workday="only")
    assert "2026-10-01" not in only and "2026-10-07" not in only and "2026-10-10" in only and "2026-10-11" not in only
    october = (date(2026, 10, 1), date(2026, 10, 31))
    moved = slots(parse("FREQ=MONTHLY;BYMONTHDAY=5"), *october, "Asia/Shanghai", Window(workday="next"), works)
    assert [(slot.key, slot.day) for slot in moved] == [("2026-10-05", date(2026, 10, 8))]
    before = slots(
        parse("FREQ=MONTHLY;BYMONTHDAY=5"),
        date(2026, 9, 1),
        date(2026, 9, 30),
        "Asia/Shanghai",
        Window(workday="previous"),
        works,
    )
    assert [(slot.key, slot.day) for slot in before] == [
        ("2026-09-05", date(2026, 9, 4)),
        ("2026-10-05", date(2026, 9, 30)),
    ]
    daily = slots(parse("FREQ=DAILY"), *october, "Asia/Shanghai", Window(workday="next"), works)
    assert len({slot.day for slot in daily}) == len(daily)  # seven days of rest do not pile up on the eighth


def test_the_end_of_a_period_moves_with_a_holiday():
    assert spans("FREQ=MONTHLY", *(date(2026, 1, 1), date(2026, 1, 31)), workday="previous") == [
        ("01-01 00:00", "01-31 00:00")
    ]


def test_summer_time_neither_swallows_nor_doubles():
    """Europe/Berlin skips 02:00–03:00 on 29 March 2026 and repeats it on 25 October."""
    spring, autumn = (date(2026, 3, 29),) * 2, (date(2026, 10, 25),) * 2
    assert len(keys("FREQ=HOURLY", *spring, zone="Europe/Berlin")) == 24
    assert len(keys("FREQ=HOURLY", *autumn, zone="Europe/Berlin")) == 24
    assert spans("FREQ=DAILY", *spring, zone="Europe/Berlin", opens="02:10", closes="02:50") == [
        ("03-29 03:00", "03-29 04:00")
    ]
    assert spans("FREQ=DAILY", *autumn, zone="Europe/Berlin") == [("10-25 00:00", "10-26 00:00")]


def test_both_of_two_parts():
    text = "FREQ=YEARLY + FREQ=MONTHLY;INTERVAL=3 + FREQ=WEEKLY"
    assert keys(text, date(2029, 1, 1), date(2029, 1, 1)) == ["2029-01-01~3month", "2029-01-01~week", "2029-01-01~year"]
    assert parse("FREQ=DAILY + EVENT:storm").triggers == ("storm",)


def test_an_event_opens_a_slot():
    at = datetime(2026, 11, 22, 2, tzinfo=UTC)
    assert event_slot(812, at, "Asia/Shanghai") == ("event:812", date(2026, 11, 22), at, at + DAY, "", None)
    assert event_slot(812, at, "Asia/Shanghai", Window(within="2h")).due_at == at + timedelta(hours=2)
    assert event_slot(812, at, "Asia/Shanghai", Window(days=3)).due_at == datetime(2026, 11, 24, 16, tzinfo=UTC)
    assert event_slot(812, at, "Asia/Shanghai", Window(closes="09:00")).due_at == datetime(2026, 11, 23, 1, tzinfo=UTC)


WRONG = {
    "": "not empty", "WEEKLY": "'WEEKLY'", "FREQ=FORTNIGHTLY": "FORTNIGHTLY", "FREQ=DAILY;BYHOUR=25": "BYHOUR=25",
    "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30": "never comes", "PER_SHIFT:begin": "begin", "COUNT_PER_DAY=0": "COUNT_PER_DAY=0",
    "FREQ=WEEKLY;BYDAY=2MO": "2MO", "CONTINUOUS:by route": "CONTINUOUS:by route", "EVENT:Storm!": "trigger", "FREQ=DAILY + FREQ=DAILY": "twice",
    "FREQ=DAILY;FREQ=WEEKLY": "FREQ stands there twice", "FREQ=MONTHLY;COUNT_PER_DAY=2": "COUNT_PER_DAY", "FREQ=HOURLY;INTERVAL=5": "divides",
    "FREQ=MONTHLY;BYDAY=XX": "XX", "FREQ=DAILY;BYMINUTE=30": "BYHOUR", "FREQ=MONTHLY;BYSETPOS=1": "BYSETPOS", "FREQ=DAILY;UNTIL=2027": "UNTIL",
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_a_mistake_is_named(text):
    with pytest.raises(CadenceError, match=WRONG[text].replace("+", r"\+")):
        parse(text)


@pytest.mark.parametrize(
    ("text", "window"),
    [("FREQ=MONTHLY", {"workday": "only"}), ("FREQ=DAILY;BYHOUR=6", {"days": 3}), ("FREQ=DAILY;BYHOUR=18", {"closes": "17:00"}),
     ("FREQ=DAILY;BYHOUR=6", {"opens": "07:00"}), ("FREQ=HOURLY;INTERVAL=12", {"opens": "13:00", "closes": "14:00"})],
)  # fmt: skip
def test_a_window_that_does_not_fit_is_named(text, window):
    with pytest.raises(CadenceError, match="FREQ"):
        check(parse(text), Window(**window))


# -- properties -------------------------------------------------------------------------------------------------------

CADENCES = st.sampled_from(
    [
        "FREQ=DAILY", "FREQ=DAILY;INTERVAL=5", "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "FREQ=MONTHLY",
        "FREQ=MONTHLY;INTERVAL=3", "FREQ=MONTHLY;BYMONTHDAY=-7", "FREQ=MONTHLY;BYMONTHDAY=28", "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=2,5,8,11;BYMONTHDAY=25",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=DAILY;BYHOUR=0,2,6,12,18,23;BYMINUTE=0,30", "FREQ=HOURLY", "FREQ=HOURLY;INTERVAL=6",
        "COUNT_PER_DAY=7", "FREQ=WEEKLY;BYDAY=SU;COUNT_PER_DAY=2", "PER_SHIFT:start,mid,end", "CONTINUOUS",
        "FREQ=YEARLY + FREQ=MONTHLY;INTERVAL=3 + FREQ=WEEKLY", "FREQ=DAILY;BYMONTH=6,7 + FREQ=WEEKLY;BYMONTH=11,12",
    ]
)  # fmt: skip
WINDOWS = st.sampled_from(
    [{}, {"opens": "02:10", "closes": "02:50"}, {"opens": "22:00", "closes": "06:00"}, {"days": 7}, {"until": "month_end"},
     {"early": "30m", "within": "45m"}, {"workday": "only"}, {"workday": "next"}, {"workday": "previous", "opens": "09:00"}]
)  # fmt: skip
ZONES = st.sampled_from(
    ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]
)
DATES = st.dates(date(2025, 1, 1), date(2026, 11, 30))


def every(text, window, zone, first, last):
    cadence = parse(text)
    try:
        check(cadence, Window(**window))
    except CadenceError:
        window = {}
    return slots(cadence, first, last, zone, Window(**window), works, GUARDS)


@settings(max_examples=300, deadline=None)
@given(CADENCES, WINDOWS, ZONES, DATES, st.lists(st.integers(0, 40), min_size=1, max_size=6))
def test_cutting_a_range_neither_loses_nor_doubles(text, window, zone, first, cuts):
    """slots() of a union of ranges is the union of slots(): whatever the horizon, downtime or order of runs."""
    pieces, start = [], first
    for length in cuts:
        pieces.append(every(text, window, zone, start, start + DAY * length))
        start += DAY * (length + 1)
    whole = every(text, window, zone, first, start - DAY)
    apart = [slot for piece in reversed(pieces) for slot in piece]
    assert len(apart) == len(set(apart)) == len({slot.key for slot in apart})
    assert set(apart) == set(whole)


@settings(max_examples=300, deadline=None)
@given(CADENCES, WINDOWS, ZONES, DATES)
def test_every_slot_is_open_for_a_while_and_named_once(text, window, zone, first):
    """due > opens, keys are unique and fit their column, in every time zone."""
    found = every(text, window, zone, first, first + DAY * 45)
    assert all(slot.due_at > slot.opens_at for slot in found)
    assert all(len(slot.key) <= 60 for slot in found)
    assert len({slot.key for slot in found}) == len(found)


@settings(max_examples=100, deadline=None)
@given(CADENCES, ZONES, ZONES, DATES)
def test_a_change_of_time_zone_keeps_the_slots(text, zone, other, first):
    """The key is the local date, so an estate that moves its zone has the same slots, at other instants."""
    last = first + DAY * 45
    assert {slot.key for slot in every(text, {}, zone, first, last)} == {
        slot.key for slot in every(text, {}, other, first, last)
    }


@settings(max_examples=100, deadline=None)
@given(DATES, st.integers(1, 48))
def test_parts_of_a_day_share_it_without_gap(day, count):
    found = every(f"COUNT_PER_DAY={count}", {}, "Europe/Berlin", day, day)
    assert [slot.due_at for slot in found[:-1]] == [slot.opens_at for slot in found[1:]]
    assert len(found) == count


def test_whether_a_day_ever_comes_is_asked_without_listing_days(monkeypatch):
    """A 29 February comes, a 30th never does; nine years of days are not written out to learn it."""
    from guanjia.rulebooks.cadence import Part

    monkeypatch.setattr(Part, "days", None)
    fresh = parse.__wrapped__
    for text in ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=DAILY", "FREQ=MONTHLY;BYDAY=5FR", "FREQ=HOURLY"):
        assert fresh(text).parts
    for text in ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYDAY=6MO"):
        with pytest.raises(CadenceError, match="never comes"):
            fresh(text)

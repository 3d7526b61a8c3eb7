"""Figures written into cadences, windows and limits (CLN-02, CLN-06, HSE-05, FEE-05, VAC-01)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanjia.rulebooks.books import Window, books, duties
from guanjia.rulebooks.cadence import parse
from guanjia.rulebooks.filling import fill, fill_window
from guanjia.rulebooks.values import check, parts

CLOCK = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def said(sort, value, unit=""):
    return lambda _key: (sort, value, unit)


@settings(deadline=None)
@given(st.lists(CLOCK, min_size=1, max_size=6, unique=True))
def test_every_time_is_one_round(times):
    """CLN-02: however many sweeping times a company names, the three duties together make one round for each."""
    value = said("times", ", ".join(times))
    rounds = [fill(duties()[key][1].cadence, value) for key in ("cln_sweep_0600", "cln_sweep_1200", "cln_sweep_1800")]
    found = sorted(minute for each in rounds if each for part in parse(each).parts for minute in part.times)
    assert found == sorted(int(time[:2]) * 60 + int(time[3:]) for time in times)


@settings(deadline=None)
@given(st.integers(1, 7))
def test_so_many_a_week(times):
    """HSE-05: n contacts a week are n slots in each week."""
    cadence = parse(fill("FREQ=WEEKLY;TIMES=$a.b", said("count", times)))
    days = {day for part in cadence.parts for day in part.days(date(2026, 11, 2), date(2026, 11, 29))}
    assert len(days) == 4 * times


@settings(deadline=None)
@given(st.integers(1, 28))
def test_so_many_a_month(times):
    """VAC-01: n inspections a month are n slots in each month, February too."""
    cadence = parse(fill("FREQ=MONTHLY;TIMES=$a.b", said("count", times)))
    assert sum(len(part.days(*YEAR)) for part in cadence.parts) == 12 * times


@settings(deadline=None)
@given(st.integers(1, 12))
def test_several_a_quarter_are_never_fewer(times):
    """AST-05, CLN-11: a number that does not divide three months is rounded up once it is three."""
    cadence = parse(fill("FREQ=MONTHLY;INTERVAL=3;TIMES=$a.b", said("count", times)))
    found = sum(len(part.days(*YEAR)) for part in cadence.parts)
    assert found >= 4 * times and found <= 4 * (times + 2)


def test_nought_means_never():
    """CLN-07: a round that a company sets to nought does not run."""
    assert (
        fill("FREQ=DAILY;COUNT_PER_DAY=$a.b", said("count", 0))
        == fill("FREQ=WEEKLY;TIMES=$a.b", said("count", 0))
        == ""
    )
    assert fill("FREQ=DAILY;COUNT_PER_DAY=$a.b", said("count", 10)) == "FREQ=DAILY;COUNT_PER_DAY=10"


@pytest.mark.parametrize(("days", "first", "long"), [("15-21", "15", 7), ("10–12", "10", 3), ("28-31", "28", 4)])
def test_days_of_a_month(days, first, long):
    """FEE-05, CF-47: the first day begins the slot, the number of days is its window."""
    assert fill("FREQ=MONTHLY;BYMONTHDAY=$a.b#1", said("days", days)) == f"FREQ=MONTHLY;BYMONTHDAY={first}"
    assert fill_window(Window.model_validate({"days": "$a.b"}), said("days", days)).days == long


def test_hours_of_a_day():
    """CLN-08: the second interval gives its start and its length; a count of hours is a length too."""
    hours = said("hours", "07:00-09:00, 18:00-20:30")
    assert fill("FREQ=DAILY;BYTIME=$a.b#2+", hours) == "FREQ=DAILY;BYHOUR=18;BYMINUTE=0"
    window = Window.model_validate({"within": "$a.b#2"})
    assert fill_window(window, hours).within == timedelta(hours=2, minutes=30)
    assert fill_window(window, said("count", 2, "小时")).within == timedelta(hours=2)


@pytest.mark.parametrize(
    ("sort", "value"),
    [
        ("count", -1), ("count", True), ("number", 0.5), ("number", "NaN"), ("number", "-1"), ("number", "much"), ("times", "24:00"),
        ("times", "6:00"), ("hours", "09:00-07:00"), ("hours", "09:00"), ("days", "21-15"), ("days", "0-3"), ("days", "1-32"),
        ("date", "02-30"), ("date", "2026-01-01"), ("dates", "01-01"), ("band", "90-80"), ("band", "80"), ("amount", "0m"), ("flag", 1),
    ],
)  # fmt: skip
def test_nonsense_is_no_value(sort, value):
    """CF-01: a figure takes only what its sort allows; money is never a float."""
    with pytest.raises(ValueError):
        check(sort, value)


def test_a_value_has_parts():
    assert parts("hours", "07:00-09:00, 18:00-20:00") == ["07:00", "18:00"] and parts("count", 3) == ["3"]


def test_every_book_runs_with_its_own_figures():
    """What a book writes with figures is a cadence once they are filled in."""
    for book in books().values():
        for key, duty in book.duties.items():
            if duty.keys:
                assert "$" not in fill(duty.cadence, book.usual), key
                assert "$" not in str(fill_window(duty.window, book.usual)), key

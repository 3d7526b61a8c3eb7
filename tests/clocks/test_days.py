"""Chinese work-days as a table, and deadlines in words (CF-38)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from guanjia.clocks import calendars
from guanjia.clocks.calendars import calendar
from guanjia.clocks.models import CalendarDay, Clock, Clocks, seed_days
from guanjia.clocks.sentence import amount
from tests.cast import TUESDAY

from .conftest import clocks_of, minutes


@pytest.fixture
def days(db):
    seed_days()


@pytest.mark.parametrize("day", [date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10)])
def test_make_up_days_are_worked(days, cast, day):
    """CF-38: 调休 week-ends of 2026."""
    assert CalendarDay.objects.get(day=day, company=None).works
    nine = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
    assert calendar(cast.sunny, "office").is_open(nine)


def test_spring_festival_rests(days, cast):
    """CF-38: an office deadline from the eve of the holiday falls after it."""
    eve = datetime(2026, 2, 14, 9, 0, tzinfo=UTC)  # Saturday 17:00, worked
    assert calendar(cast.sunny, "office").add(eve, timedelta(hours=2)) == datetime(2026, 2, 24, 1, 30, tzinfo=UTC)


def test_a_company_edits_its_own_days(days, cast):
    """CF-38: the company's word counts before the nation's, for its estates only; seeding again changes nothing."""
    CalendarDay.objects.create(company=cast.company, day=date(2026, 3, 10), works=False, name="司庆")
    calendars.forget()
    assert not calendar(cast.sunny, "office").is_open(TUESDAY)
    assert calendar(cast.lake, "office").is_open(TUESDAY)
    CalendarDay.objects.filter(company=None, day=date(2026, 10, 1)).update(name="改过")
    assert seed_days() == 0
    assert CalendarDay.objects.get(company=None, day=date(2026, 10, 1)).name == "改过"


def test_a_deadline_explains_itself(bare, cast):
    """REQ-05: 受理 + 30 分钟, the pauses with their reasons, the deadline; dates only when not today."""
    ticket = bare(klass="urgent")
    start = ticket.reported_at
    ticket.classified_at = start + minutes(2)
    Clocks.refit(ticket, start + minutes(2))
    Clocks.pause(ticket, "等业主回家", cast.as_("ming"), start + minutes(5))
    row = clocks_of(ticket)["sla_urgent_onsite"]
    assert row.explain(start) == "10:00 受理 + 30 分钟，10:05 起暂停（等业主回家） → 10:30"
    Clocks.resume(ticket, cast.as_("ming"), start + minutes(15))
    row = clocks_of(ticket)["sla_urgent_onsite"]
    assert row.explain(start) == "10:00 受理 + 30 分钟，暂停 10 分钟（等业主回家） → 10:40"
    assert row.explain(start + timedelta(days=1)) == "3月10日 10:00 受理 + 30 分钟，暂停 10 分钟（等业主回家） → 3月10日 10:40"
    assert row.explain(start + timedelta(days=400)).endswith("→ 2026年3月10日 10:40")


def test_a_calendar_stands_in_the_sentence(bare, cast):
    """CF-38: a deadline on working time says so."""
    row = Clock(estate_id=cast.sunny.pk, moment="dispatched", started_at=TUESDAY, allowed=minutes(90), calendar="daytime", due_at=TUESDAY + minutes(90))
    assert "10:00 派单 + 1 小时 30 分钟（每天 8:00–20:00）" in row.explain(TUESDAY)


def test_amounts_in_words():
    """REQ-04: hours and minutes."""
    assert [amount(minutes(count)) for count in (0.2, 30, 60, 90, 1440)] == ["1 分钟", "30 分钟", "1 小时", "1 小时 30 分钟", "24 小时"]

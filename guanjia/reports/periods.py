"""Which days a report covers: its cadence and its own day say it."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

EARLY = 10  # due up to this day of a month, it tells of the month before (004 一3f: by the 5th)
NOON = time(12)


def covered(cadence: str, day: date) -> tuple[date, date]:
    """[first day, day after the last] that a task of this cadence and business date reports on."""
    part = cadence.split("+")[0]
    if "FREQ=YEARLY" in part:
        return date(day.year, 1, 1), date(day.year + 1, 1, 1)
    if "FREQ=MONTHLY" in part:
        months = int(found[1]) if (found := re.search(r"INTERVAL=([0-9]+)", part)) else 1
        first = day.replace(day=1)
        if "BYMONTHDAY" in part and day.day <= EARLY:
            first = (first - timedelta(days=1)).replace(day=1)
        first = first.replace(month=(first.month - 1) // months * months + 1) if months in (2, 3, 4, 6) else first
        return first, _months_after(first, months)
    if "FREQ=WEEKLY" in part:
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=7)
    return day, day + timedelta(days=1)


def period_of(task: Any) -> tuple[date, date]:
    """What a task's report covers; a daily one that is due by noon tells of the day before (管家早会: 004 一2a)."""
    due = task.due_at.astimezone(ZoneInfo(task.estate.time_zone))
    morning = "FREQ=DAILY" in task.duty.cadence and due.time() <= NOON
    return covered(task.duty.cadence, task.day - timedelta(days=1) if morning else task.day)


def _months_after(first: date, months: int) -> date:
    count = first.month - 1 + months
    return date(first.year + count // 12, count % 12 + 1, 1)

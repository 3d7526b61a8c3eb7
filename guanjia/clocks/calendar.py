"""Working-time arithmetic, pure: no database, no wall clock (design §5, CF-38, CF-39).

A calendar is open in intervals of the local wall clock. An interval belongs to the day it starts on, may run past
midnight, and opens at the first instant at which the wall shows its start or later. So an hour that a summer time
skips closes nothing twice, and an hour that it repeats is counted as it was lived. All instants come back in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DAY = timedelta(days=1)
NOTHING = timedelta(0)
# Nobody's calendar is closed for longer than this; a longer search is a mistake in its data.
HORIZON = timedelta(days=366 * 3)


class NeverOpen(ValueError):
    """The calendar has no open time within three years."""


@dataclass(frozen=True, order=True)
class Interval:
    """Minutes of the wall clock from midnight; `end` beyond 1440 runs into the next day."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not (0 <= self.start < 1440 and self.start < self.end <= self.start + 1440):
            raise ValueError(f"not an interval of a day: {self.start}–{self.end} minutes")

    @classmethod
    def parse(cls, text: str) -> Interval:
        """`09:00-18:00`, `22:00-06:00` (past midnight), `00:00-24:00`."""
        try:
            start, end = (_minutes(part) for part in text.split("-"))
        except ValueError:
            raise ValueError(f"an interval is written 09:00-18:00, not {text!r}") from None
        return cls(start, end if end > start else end + 1440)


def _minutes(text: str) -> int:
    hours, minutes = text.strip().split(":")
    if not (len(minutes) == 2 and 0 <= int(minutes) < 60 and 0 <= int(hours) * 60 + int(minutes) <= 1440):
        raise ValueError(text)
    return int(hours) * 60 + int(minutes)


ALL_DAY = (Interval(0, 1440),)


@dataclass(frozen=True, eq=False)
class Calendar:
    """When time counts. `week` is Monday first; `exceptions` replace a date's intervals (holiday, 调休 work-day)."""

    zone: str = "Asia/Shanghai"
    week: tuple[tuple[Interval, ...], ...] = (ALL_DAY,) * 7
    exceptions: Mapping[date, tuple[Interval, ...]] = field(default_factory=dict)
    _spans: dict[date, tuple[tuple[datetime, datetime], ...]] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def always(self) -> bool:
        """24 × 7: plain arithmetic does."""
        return self.week == (ALL_DAY,) * 7 and all(hours == ALL_DAY for hours in self.exceptions.values())

    @cached_property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The first instant at which `amount` of open time has passed since `start`. Raises NeverOpen."""
        start = _utc(start)
        if amount < NOTHING:
            raise ValueError("open time is added, never taken away")
        if self.always or not amount:
            return start + amount
        for opened, closed in self._open(start):
            here = closed - opened
            if amount <= here:
                return opened + amount
            amount -= here
        raise NeverOpen(self.zone)

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Open time between two instants; nothing when they are reversed."""
        start, end = _utc(start), _utc(end)
        if end <= start:
            return NOTHING
        if self.always:
            return end - start
        passed = NOTHING
        for opened, closed in self._open(start, until=end):
            passed += min(closed, end) - opened
        return passed

    def is_open(self, at: datetime) -> bool:
        return self.next_open(at) == _utc(at)

    def next_open(self, at: datetime) -> datetime:
        """`at` itself when open, else the next opening. Raises NeverOpen."""
        at = _utc(at)
        if self.always:
            return at
        for opened, _closed in self._open(at):
            return opened
        raise NeverOpen(self.zone)

    def _open(self, start: datetime, until: datetime | None = None) -> Iterator[tuple[datetime, datetime]]:
        """Disjoint open spans in order, the first ending after `start`; as far as `until`, or a quiet three years."""
        day = start.astimezone(self.tz).date() - DAY
        reached = start
        while (until or reached + HORIZON).astimezone(self.tz).date() + DAY >= day:
            for opened, closed in self._of(day):
                opened = max(opened, reached)
                if until and opened >= until:
                    return
                if closed > opened:
                    yield opened, closed
                    reached = closed
            day += DAY

    def _of(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The open spans that start on a local date."""
        if day not in self._spans:
            hours = self.exceptions.get(day, self.week[day.weekday()])
            spans = ((shown(day, each.start, self.tz), shown(day, each.end, self.tz)) for each in sorted(hours))
            self._spans[day] = tuple((opened, closed) for opened, closed in spans if opened < closed)
        return self._spans[day]


def shown(day: date, minutes: int, tz: ZoneInfo) -> datetime:
    """The first instant at which the wall shows that minute of that day, or a later one."""
    wall = datetime.combine(day + DAY * (minutes // 1440), time(minutes % 1440 // 60, minutes % 60))
    early, late = (wall.replace(tzinfo=tz, fold=fold).astimezone(UTC) for fold in (1, 0))
    if late <= early:  # shown once, or twice: the first
        return late
    while late - early > timedelta(seconds=1):  # skipped: the moment the wall jumped over it
        middle = early + (late - early) / 2
        if middle.astimezone(tz).replace(tzinfo=None) >= wall:
            late = middle
        else:
            early = middle
    return late.replace(microsecond=0)


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("a naive instant has no meaning here")
    return instant.astimezone(UTC)


ALWAYS = Calendar()

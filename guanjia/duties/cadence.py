"""When: the slots of a cadence at a place on earth (docs/decisions/0008-duties.md), pure.

The answer for a day never depends on when it is asked or how a range is cut, so every run makes the same slots.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from guanjia.clocks.calendar import shown
from guanjia.rulebooks.books import Window
from guanjia.rulebooks.cadence import Cadence, CadenceError, Part, parse
from guanjia.rulebooks.windows import minutes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["Cadence", "CadenceError", "Shift", "Slot", "event_slot", "parse", "slots"]

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LONGEST_REST = 40  # days; no run of holidays is longer
EVENT_WITHIN = timedelta(hours=24)
PLAIN = Window()  # type: ignore[call-arg]


class Shift(NamedTuple):
    """Minutes of the wall clock from midnight; `end` beyond 1440 runs into the next day."""

    key: str
    start: int
    end: int

    def begins(self, day: date, minute: int) -> date | None:
        """On which day the shift began that is at work at that minute of a day, if it is."""
        if self.start <= minute < self.end:
            return day
        return day - DAY if minute + 1440 < self.end else None


class Slot(NamedTuple):
    key: str
    day: date  # business date it belongs to, after a holiday moved it
    opens_at: datetime  # UTC
    due_at: datetime
    shift: str = ""  # whose it is, when the day is worked in shifts
    shift_day: date | None = None  # when that shift began


def slots(
    cadence: Cadence, first: date, last: date, zone: str, window: Window = PLAIN,
    workdays: Callable[[date], bool] | None = None, shifts: Iterable[Shift] = (),
) -> list[Slot]:  # fmt: skip
    """Every slot whose day is from `first` to `last`, in order of opening. Events have no slots of their own."""
    maker = _Maker(window, ZoneInfo(zone), workdays, tuple(shifts))
    found: dict[str, Slot] = {}
    for part in cadence.parts:
        for slot in maker.part(part, first, last):
            found.setdefault(slot.key, slot)
    return sorted(found.values(), key=lambda slot: (slot.opens_at, slot.key))


def event_slot(number: int, at: datetime, zone: str, window: Any = PLAIN) -> Slot:
    """The slot that an event opens: until `within` has passed, or until `closes` of the last of `days`; else 24 hours."""
    tz = ZoneInfo(zone)
    day = at.astimezone(tz).date()
    due = at + (window.within or EVENT_WITHIN)
    if not window.within and (window.days or window.closes):
        last = day + DAY * ((window.days or 1) - 1)
        due = shown(last, minutes(window.closes, 1440), tz)
        if due <= at:
            due = shown(last + DAY, minutes(window.closes, 1440), tz)
    return Slot(f"event:{number}", day, at.astimezone(UTC), due)


class _Maker:
    def __init__(
        self, window: Any, tz: ZoneInfo, workdays: Callable[[date], bool] | None, shifts: tuple[Shift, ...]
    ) -> None:
        self.window, self.tz, self.works, self.shifts = window, tz, workdays or (lambda _day: True), shifts
        self.opens, self.closes = minutes(window.opens, 0), minutes(window.closes, 1440)

    def part(self, part: Part, first: date, last: date) -> Iterator[Slot]:
        for said, day in self._days(part, first, last):
            if part.moments:
                yield from self._shifts(part, said, day)
            elif part.times:
                yield from self._hours(part, said, day)
            else:
                yield from self._whole(part, said, day)

    def _days(self, part: Part, first: date, last: date) -> list[tuple[date, date]]:
        """(the date as the cadence has it, the date it falls on), one for each date it falls on."""
        rule = self.window.workday
        if rule == "any" or part.is_period:
            return [(day, day) for day in part.days(first, last)]
        if rule == "only":
            return [(day, day) for day in part.days(first, last) if self.works(day)]
        falls: dict[date, date] = {}
        for said in part.days(first - DAY * LONGEST_REST, last + DAY * LONGEST_REST):
            day = self._moved(said)
            if first <= day <= last and (day not in falls or abs(said - day) < abs(falls[day] - day)):
                falls[day] = said
        return [(said, day) for day, said in sorted(falls.items())]

    def _moved(self, day: date) -> date:
        """The work-day next to a holiday, as the window says; the day itself when it is worked."""
        step = {"next": DAY, "previous": -DAY}.get(self.window.workday)
        moved = day
        while step and not self.works(moved):
            moved += step
            if abs(moved - day) > DAY * LONGEST_REST:
                return day
        return moved

    def _whole(self, part: Part, said: date, day: date) -> Iterator[Slot]:
        last = self._last(part, day)
        overnight = last == day and self.closes <= self.opens
        opens = shown(day, self.opens, self.tz)
        due = shown(last + DAY * overnight, self.closes, self.tz)
        if self.window.within:
            due = opens + self.window.within
        opens, due = self._forward(opens - (self.window.early or timedelta()), due)
        unit, count = part.length
        key = f"{said}~{count if count > 1 else ''}{unit}" if part.is_period else str(said)
        if not part.count:
            yield Slot(key, day, opens, due)
            return
        cuts = [opens + (due - opens) * n // part.count for n in range(part.count + 1)]
        for n in range(part.count):
            yield Slot(f"{key}#{n + 1}", day, cuts[n], cuts[n + 1])

    def _last(self, part: Part, day: date) -> date:
        if self.window.until == "month_end":
            return _month_end(day)
        if self.window.days:
            return day + DAY * (self.window.days - 1)
        last = part.last_day(day)
        return max(self._moved(last), day) if part.is_period else day

    def _hours(self, part: Part, said: date, day: date) -> Iterator[Slot]:
        hourly = part.freq == "HOURLY"
        for minute in part.times:
            if hourly and not self.opens <= minute < self.closes:
                continue
            at = shown(day, minute, self.tz)
            if hourly:
                opens, due = at, shown(day, minute + 60 * part.interval, self.tz)
            else:
                opens = (
                    shown(day, self.opens, self.tz) if self.window.opens else at - (self.window.early or timedelta())
                )
                due = shown(day, self.closes, self.tz) if self.window.closes else at + (self.window.within or HOUR)
            on = next(((shift.key, began) for shift in self.shifts if (began := shift.begins(day, minute))), ("", None))
            yield Slot(f"{said}T{minute // 60:02}:{minute % 60:02}", day, *self._forward(opens, due), *on)

    def _shifts(self, part: Part, said: date, day: date) -> Iterator[Slot]:
        early, within = self.window.early, self.window.within
        for shift in self.shifts:
            start, end = self._forward(shown(day, shift.start, self.tz), shown(day, shift.end, self.tz))
            middle, hour = start + (end - start) / 2, min(HOUR, (end - start) / 2)
            spans = {
                "start": (start - (early or timedelta()), start + (within or hour)),
                "mid": (middle - (early or hour / 2), middle + (within or hour / 2)),
                "end": (end - (early or hour), end + (within or timedelta())),
                "all": (start - (early or timedelta()), end + (within or timedelta())),
            }
            for moment in part.moments:
                yield Slot(f"{said}/{shift.key}:{moment}", day, *spans[moment], shift.key, day)

    @staticmethod
    def _forward(opens: datetime, due: datetime) -> tuple[datetime, datetime]:
        """A summer time may swallow a window whole; it is worked on in the hour after."""
        return opens, due if due > opens else opens + HOUR


def _month_end(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - DAY

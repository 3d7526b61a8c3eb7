"""How often: the written form of a cadence (docs/decisions/0008-duties.md), pure.

Parts are joined by ` + `. A part is an RRULE fragment (RFC 5545), perhaps with COUNT_PER_DAY=n; or PER_SHIFT:start,mid,
end,all; or CONTINUOUS; or EVENT:<trigger>. When a slot opens and closes is guanjia/duties/cadence.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from typing import Any

from dateutil.rrule import DAILY, MO, MONTHLY, WEEKLY, YEARLY, rrule, weekday

ANCHOR = date(2024, 1, 1)  # a Monday: every INTERVAL counts from it, for everybody; before it there are no slots
FREQS = {"YEARLY": YEARLY, "MONTHLY": MONTHLY, "WEEKLY": WEEKLY, "DAILY": DAILY, "HOURLY": DAILY}
LENGTHS = {"YEARLY": "year", "MONTHLY": "month", "WEEKLY": "week", "DAILY": "day"}
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOMENTS = ("start", "mid", "end", "all")
RANGES = {"BYMONTH": (1, 12), "BYMONTHDAY": (-31, 31), "BYSETPOS": (-366, 366), "BYHOUR": (0, 23), "BYMINUTE": (0, 59)}
KNOWN = {"FREQ", "INTERVAL", "BYDAY", "COUNT_PER_DAY", *RANGES}
MOST_A_DAY = 48
SOMETIME = 366 * 9  # days within which a rule must happen: a 29 February does


class CadenceError(ValueError):
    """A cadence that says nothing; the sentence names the piece that is wrong."""


@dataclass(frozen=True)
class Part:
    """One kind of recurrence. Exactly one of `freq`, `moments` and `event` is set."""

    text: str
    freq: str = ""
    interval: int = 1
    byday: tuple[str, ...] = ()
    by: tuple[tuple[str, tuple[int, ...]], ...] = ()
    count: int = 0  # COUNT_PER_DAY
    moments: tuple[str, ...] = ()  # of a shift
    event: str = ""

    def named(self, name: str) -> tuple[int, ...]:
        return dict(self.by).get(name, ())

    @cached_property
    def length(self) -> tuple[str, int]:
        """The period that a slot is open for: ("month", 3). Single days are ("day", 1)."""
        dated = self.byday or self.named("BYMONTHDAY") or self.named("BYSETPOS")
        if not self.freq or dated or self.times or self.count or self.freq == "HOURLY":
            return "day", 1
        if self.freq == "YEARLY" and self.named("BYMONTH"):
            return "month", 1
        return LENGTHS[self.freq], 1 if self.named("BYMONTH") else self.interval

    @property
    def is_period(self) -> bool:
        return self.length != ("day", 1)

    @cached_property
    def times(self) -> tuple[int, ...]:
        """Minutes of the day at which slots are, in order; none for whole days."""
        if self.freq == "HOURLY":
            return tuple(60 * hour for hour in self.named("BYHOUR") or range(0, 24, self.interval))
        minutes = self.named("BYMINUTE") or (0,)
        return tuple(sorted({60 * hour + minute for hour in self.named("BYHOUR") for minute in minutes}))

    def days(self, first: date, last: date) -> list[date]:
        """The dates it happens on, or the first days of its periods, from `first` to `last`."""
        if self.moments:
            return [first + timedelta(days=n) for n in range((last - first).days + 1)]
        if self.event or last < ANCHOR:
            return []
        found = self._rule(max(first, ANCHOR)).between(_midnight(first), _midnight(last), inc=True)
        return [each.date() for each in found]

    def comes(self, within: int) -> bool:
        """Whether it happens at all within so many days; looks no further than the first."""
        rule = self._rule(ANCHOR).replace(until=_midnight(ANCHOR + timedelta(days=within)))
        return next(iter(rule), None) is not None

    def last_day(self, day: date) -> date:
        """The last day of the slot that begins on `day`."""
        unit, count = self.length
        if unit in ("day", "week"):
            return day + timedelta(days=count * (7 if unit == "week" else 1) - 1)
        months = day.year * 12 + day.month - 1 + count * (12 if unit == "year" else 1)
        return date(months // 12, months % 12 + 1, day.day) - timedelta(days=1)

    def _rule(self, first: date) -> rrule:
        """The rule; its start says nothing but from where INTERVAL counts."""
        hourly = self.freq == "HOURLY"
        start = ANCHOR if self.interval > 1 and not hourly else date(first.year, 1, 1)
        by: dict[str, Any] = {
            name.lower(): numbers for name, numbers in self.by if name in ("BYMONTH", "BYMONTHDAY", "BYSETPOS")
        }
        if self.byday:
            by["byday"] = [_weekday(text) for text in self.byday]
        elif "bymonthday" not in by:
            by |= self._first_of_period()
        named = {{"byday": "byweekday"}.get(name, name): value for name, value in by.items()}
        interval = 1 if hourly else self.interval
        return rrule(FREQS[self.freq], dtstart=_midnight(start), interval=interval, wkst=MO, **named)

    def _first_of_period(self) -> dict[str, Any]:
        if self.freq == "WEEKLY":
            return {"byday": [MO]}
        if self.freq == "MONTHLY":
            return {"bymonthday": 1}
        if self.freq == "YEARLY":
            return {"bymonthday": 1} | ({} if self.named("BYMONTH") else {"bymonth": 1})
        return {}


@dataclass(frozen=True)
class Cadence:
    text: str
    parts: tuple[Part, ...]

    @property
    def triggers(self) -> tuple[str, ...]:
        return tuple(part.event for part in self.parts if part.event)

    @property
    def by_shift(self) -> bool:
        return any(part.moments for part in self.parts)


@cache
def parse(text: str) -> Cadence:
    """What a cadence says. CadenceError names the piece that is wrong."""
    if not text.strip():
        raise CadenceError("a cadence is not empty; for example FREQ=MONTHLY")
    parts = tuple(_part(piece.strip()) for piece in text.split("+"))
    if len(set(parts)) < len(parts):
        raise CadenceError(f"{text}: a part stands there twice")
    return Cadence(text, parts)


def _part(text: str) -> Part:
    if text == "CONTINUOUS":
        return Part(text, moments=("all",))
    word, colon, rest = text.partition(":")
    if colon and word == "PER_SHIFT":
        moments = tuple(rest.split(","))
        if wrong := [each for each in moments if each not in MOMENTS] or len(set(moments)) < len(moments):
            raise CadenceError(
                f"{text}: after PER_SHIFT: stand some of {', '.join(MOMENTS)}, each once; not {wrong or rest!r}"
            )
        return Part(text, moments=moments)
    if colon and word == "EVENT":
        if not re.fullmatch(r"[a-z][a-z_]*", rest):
            raise CadenceError(f"{text}: after EVENT: stands the name of a trigger, such as repair_done")
        return Part(text, event=rest)
    return _fragment(text)


def _fragment(text: str) -> Part:
    fields: dict[str, str] = {}
    for piece in text.split(";"):
        name, equals, value = piece.partition("=")
        if not equals or not value or name not in KNOWN:
            known = "FREQ=, INTERVAL=, BYDAY=, BYMONTH=, BYMONTHDAY=, BYSETPOS=, BYHOUR=, BYMINUTE=, COUNT_PER_DAY=, PER_SHIFT:, CONTINUOUS, EVENT:"
            raise CadenceError(f"{piece!r} is no piece of a cadence; known are {known}")
        if name in fields:
            raise CadenceError(f"{text}: {name} stands there twice")
        fields[name] = value
    if set(fields) == {"COUNT_PER_DAY"}:
        fields["FREQ"] = "DAILY"
    if fields.get("FREQ") not in FREQS:
        raise CadenceError(f"{text}: FREQ is one of {', '.join(FREQS)}, not {fields.get('FREQ', 'missing')}")
    part = Part(
        text,
        freq=fields["FREQ"],
        interval=_whole(fields.get("INTERVAL", "1"), "INTERVAL", 1, 366),
        byday=_bydays(fields.get("BYDAY", "")),
        by=tuple((name, _numbers(fields[name], name)) for name in RANGES if name in fields),
        count=_whole(fields["COUNT_PER_DAY"], "COUNT_PER_DAY", 1, MOST_A_DAY) if "COUNT_PER_DAY" in fields else 0,
    )
    return _checked(part)


def _checked(part: Part) -> Part:
    """What is well written and still cannot be meant."""
    text = part.text
    if any(len(each) > 2 for each in part.byday) and part.freq not in ("MONTHLY", "YEARLY"):
        raise CadenceError(f"{text}: a counted weekday such as 2MO needs FREQ=MONTHLY or YEARLY")
    if part.named("BYMINUTE") and not part.named("BYHOUR"):
        raise CadenceError(f"{text}: BYMINUTE needs BYHOUR")
    if part.freq == "HOURLY" and ((part.named("BYHOUR") and part.interval > 1) or 24 % part.interval):
        raise CadenceError(f"{text}: FREQ=HOURLY goes with BYHOUR or an INTERVAL that divides the day")
    if part.count and part.times:
        raise CadenceError(f"{text}: either COUNT_PER_DAY or hours")
    if part.count and part.freq != "DAILY" and not replace(part, count=0).length == ("day", 1):
        raise CadenceError(f"{text}: COUNT_PER_DAY needs FREQ=DAILY or the days it counts on (BYDAY, BYMONTHDAY)")
    if part.named("BYSETPOS") and not (part.byday or part.named("BYMONTHDAY")):
        raise CadenceError(f"{text}: BYSETPOS picks from BYDAY or BYMONTHDAY, and neither is there")
    if not part.comes(SOMETIME):
        raise CadenceError(f"{text}: this day never comes")
    return part


def _whole(text: str, name: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,4}", text) or not least <= int(text) <= most or not int(text):
        raise CadenceError(f"{name}={text}: {name} is a whole number from {least} to {most}")
    return int(text)


def _numbers(text: str, name: str) -> tuple[int, ...]:
    least, most = RANGES[name]
    pieces = text.split(",")
    if name in ("BYHOUR", "BYMINUTE"):
        found = [0 if piece in ("0", "00") else _whole(piece, name, least, most) for piece in pieces]
    else:
        found = [_whole(piece, name, least, most) for piece in pieces]
    return tuple(sorted(set(found)))


def _bydays(text: str) -> tuple[str, ...]:
    pieces = tuple(text.split(",")) if text else ()
    for piece in pieces:
        if not re.fullmatch(rf"([+-]?[1-9][0-9]?)?({'|'.join(DAYS)})", piece):
            raise CadenceError(f"BYDAY={text}: a weekday is written MO, 2MO or -1FR, not {piece!r}")
    return pieces


def _weekday(text: str) -> weekday:
    number = text[:-2]
    return weekday(DAYS.index(text[-2:]), int(number) if number else None)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 – a wall-clock date for rrule, never an instant

"""The sorts of value a parameter or a figure may have, how each is written, and what is wrong with one that is not.

| sort | written | meaning |
|---|---|---|
| count | 3 | a whole number, not negative |
| number | "0.05", "3000" | a decimal: money, rates |
| amount | 10m, 2h, 1h30m | a length of time |
| times | "06:00, 12:00" | times of day |
| hours | "07:00-09:00, 18:00-20:00" | intervals of a day |
| days | "15-21" | days of a month, from one to another |
| date, dates | "09-30", "09-25..10-15" | a day of any year, from one to another |
| band | "80-90", "0.5-2" | from one number to another |
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from .book import amount

Sort = Literal["choice", "count", "amount", "flag", "text", "number", "times", "hours", "days", "date", "dates", "band"]
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")
_DASH = re.compile(r"\s*[-–—]\s*")
_LENGTHS = {"分钟": timedelta(minutes=1), "小时": timedelta(hours=1), "天": timedelta(days=1), "周": timedelta(weeks=1)}


def check(sort: str, value: Any) -> None:
    """Raise ValueError unless a value is of its sort. A choice is checked by who knows the choices; text is not checked."""
    if sort == "count" and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
        raise ValueError(f"{value!r} is not a count")
    if sort == "flag" and not isinstance(value, bool):
        raise ValueError(f"{value!r} is neither true nor false")
    if sort == "text" and not isinstance(value, str | int):
        raise ValueError(f"{value!r} is not a text")
    if sort in _READ:
        _READ[sort](value)


def parts(sort: str, value: Any) -> list[str]:
    """What `$key#1`, `#2` … of a figure stand for: times, starts of intervals, first and last day; else the value itself."""
    if sort == "times":
        return _times(value)
    if sort == "hours":
        return [start for start, _end in _hours(value)]
    if sort == "days":
        return [str(day) for day in _days(value)]
    return [str(value)]


def number_of_days(sort: str, value: Any) -> int:
    """How many days a figure lasts: 15-21 is seven; a count is itself."""
    if sort == "days":
        first, last = _days(value)
        return last - first + 1
    return int(value)


def length(sort: str, value: Any, unit: str = "", part: int = 1) -> timedelta:
    """How long a figure lasts: an amount, a count of 分钟, 小时, 天 or 周, or one of several intervals of a day."""
    if sort == "amount":
        found: timedelta = amount(value)
        return found
    if sort == "hours":
        start, end = _hours(value)[part - 1]
        return _after_midnight(end) - _after_midnight(start)
    if sort == "count" and unit in _LENGTHS and value:
        return int(value) * _LENGTHS[unit]
    raise ValueError(f"{value!r} is no length of time")


def _after_midnight(time: str) -> timedelta:
    hour, minute = time.split(":")
    return timedelta(hours=int(hour), minutes=int(minute))


def _times(value: Any) -> list[str]:
    found = [each.strip() for each in str(value).split(",")]
    if not all(map(_TIME.fullmatch, found)) or "24:00" in found:
        raise ValueError(f"times are written 06:00, 12:00, not {value!r}")
    return found


def _hours(value: Any) -> list[tuple[str, str]]:
    found = [tuple(_DASH.split(each.strip())) for each in str(value).split(",")]
    if not all(len(each) == 2 and all(map(_TIME.fullmatch, each)) and each[0] < each[1] for each in found):
        raise ValueError(f"hours are written 07:00-09:00, not {value!r}")
    return found  # type: ignore[return-value]


def _days(value: Any) -> tuple[int, int]:
    found = _DASH.split(str(value))
    if (
        len(found) != 2
        or not all(each.isascii() and each.isdigit() for each in found)
        or not 1 <= int(found[0]) <= int(found[1]) <= 31
    ):
        raise ValueError(f"days are written 15-21, not {value!r}")
    return int(found[0]), int(found[1])


def _number(value: Any) -> Decimal:
    try:
        found = Decimal(value) if isinstance(value, str | int) and not isinstance(value, bool) else None
    except InvalidOperation:
        found = None
    if found is None or not found.is_finite() or found < 0:
        raise ValueError(f"{value!r} is not a number")
    return found


def _band(value: Any) -> None:
    found = _DASH.split(str(value))
    if len(found) != 2 or _number(found[0]) > _number(found[1]):
        raise ValueError(f"from one number to another is written 80-90, not {value!r}")


def _date(value: Any) -> None:
    if not re.fullmatch(r"[0-9]{2}-[0-9]{2}", str(value)):
        raise ValueError(f"a day of the year is written 09-30, not {value!r}")
    date.fromisoformat(f"2024-{value}")  # a leap year knows every day


def _dates(value: Any) -> None:
    found = str(value).split("..")
    if len(found) != 2:
        raise ValueError(f"days of the year are written 09-25..10-15, not {value!r}")
    for each in found:
        _date(each)


_READ = {
    "amount": amount,
    "number": _number,
    "times": _times,
    "hours": _hours,
    "days": _days,
    "date": _date,
    "dates": _dates,
    "band": _band,
}

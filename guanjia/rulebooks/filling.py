"""Cadences and windows with their figures filled in: what a book writes with `$key` becomes plain words.

`$key` is the figure in force, `$key#2` its second part, `$key#3+` the third and every later one. After that
`BYTIME=06:30` becomes `BYHOUR=6;BYMINUTE=30`, and `TIMES=n` (n a period) spreads over the days of the week or month.
A duty whose figure has fewer parts than it asks for, or is nought, does not run: its cadence is empty.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from .values import length, number_of_days, parts

if TYPE_CHECKING:
    from collections.abc import Callable

    from .books import Window

KEY = re.compile(r"\$([a-z][a-z0-9_.]*[a-z0-9])(?:#([0-9])(\+?))?")
_TIMES = re.compile(r";TIMES=([0-9]+)")
_BYTIME = re.compile(r"BYTIME=([0-9]{2}):([0-9]{2})")
_WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def keys_in(*texts: Any) -> list[str]:
    """The figures that a cadence and the fields of a window name."""
    return [found[1] for text in texts if isinstance(text, str) for found in KEY.finditer(text)]


def fill(cadence: str, value: Callable[[str], tuple[str, Any, str]]) -> str:
    """A cadence without `$`, BYTIME and TIMES. `value(key)` gives the figure's sort, its value in force and its unit."""
    said = [plain for each in cadence.split(" + ") for plain in _each(each, value)]
    return " + ".join(
        _spread(_BYTIME.sub(_by_hour, each)) for each in said if not re.search(r"(TIMES|COUNT_PER_DAY)=0\b", each)
    )


def sample(cadence: str) -> str:
    """A cadence of the same shape with anything for its figures: whether the rest of it is well written."""
    for said, anything in (
        (r"BYTIME=\S+?(?=[; ]|$)", "BYHOUR=6;BYMINUTE=0"),
        (r";TIMES=\S+?(?=[; ]|$)", ""),
        (r"(BYDAY=)\$[^; ]+", r"\1MO"),
    ):
        cadence = re.sub(said, anything, cadence)
    return KEY.sub("1", cadence)


def sample_window(window: Window) -> Window:
    return (
        fill_window(window, lambda _key: ("days", "1-1", ""))
        if window.days
        else fill_window(window, lambda _key: ("amount", "1h", ""))
    )


def _each(cadence: str, value: Any) -> list[str]:
    """One cadence for each part that its figure stands for."""
    found = KEY.search(cadence)
    if not found:
        return [cadence]
    sort, now, _unit = value(found[1])
    known = parts(sort, now)
    first = int(found[2] or 1) - 1
    wanted = known[first:] if found[3] or (not found[2] and sort == "times") else known[first : first + 1]
    return [plain for each in wanted for plain in _each(KEY.sub(each, cadence, count=1), value)]


def _by_hour(found: re.Match[str]) -> str:
    return f"BYHOUR={int(found[1])};BYMINUTE={int(found[2])}"


def _spread(cadence: str) -> str:
    found = _TIMES.search(cadence)
    if not found:
        return cadence
    times, plain = int(found[1]), _TIMES.sub("", cadence)
    step = re.search(r";INTERVAL=([0-9]+)", plain)
    if step and times > 1:  # several in three months are so many in one, as near as whole numbers go
        every = int(step[1])
        shorter = max(1, every // times)
        plain = plain.replace(step[0], f";INTERVAL={shorter}" if shorter > 1 else "")
        times = -(-times // every) if times > every else 1
    if times <= 1:
        return plain
    if plain.startswith("FREQ=WEEKLY"):
        days = [_WEEK[day * 7 // min(times, 7)] for day in range(min(times, 7))]
        return f"{plain};BYDAY={','.join(days)}"
    if plain.startswith("FREQ=MONTHLY"):
        return f"{plain};BYMONTHDAY={','.join(str(1 + day * 28 // min(times, 28)) for day in range(min(times, 28)))}"
    raise ValueError(f"{cadence}: TIMES spreads over weeks and months")


def fill_window(window: Window, value: Callable[[str], tuple[str, Any, str]]) -> Window:
    """A window without `$`: `days` from a count or days, `early` and `within` from an amount or hours."""
    told: dict[str, Any] = {}
    for name in ("days", "early", "within"):
        found = KEY.fullmatch(str(getattr(window, name)))
        if found:
            sort, now, unit = value(found[1])
            told[name] = number_of_days(sort, now) if name == "days" else _length(sort, now, unit, int(found[2] or 1))
    return window.model_copy(update=told)


def _length(sort: str, now: Any, unit: str, part: int) -> timedelta:
    known = len(parts(sort, now))
    return length(sort, now, unit, min(part, known))

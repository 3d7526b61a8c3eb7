"""Whether a window can be that of a cadence. Both are written in a rulebook or set by a company."""

from __future__ import annotations

from typing import Any

from .cadence import Cadence, CadenceError


def check(cadence: Cadence, window: Any) -> None:
    """Raise CadenceError where the window cannot be that of the cadence."""
    opens, closes = minutes(window.opens, 0), minutes(window.closes, 1440)
    for part in cadence.parts:
        if part.is_period and window.workday == "only":
            raise CadenceError(
                f"{part.text}: `workday: only` is about single days; a period may move its end with next or previous"
            )
        if part.times and window.days:
            raise CadenceError(f"{part.text}: an hour and a window of several days do not go together")
        if part.times and part.freq != "HOURLY" and window.closes and closes <= max(part.times):
            raise CadenceError(f"{part.text}: the window closes at {window.closes}, before the last slot begins")
        if part.times and part.freq != "HOURLY" and window.opens and opens > min(part.times):
            raise CadenceError(f"{part.text}: the window opens at {window.opens}, after the first slot begins")
        if part.freq == "HOURLY" and not any(opens <= minute < closes for minute in part.times):
            raise CadenceError(f"{part.text}: no hour of it lies within the window")


def minutes(text: str | None, otherwise: int) -> int:
    """Minutes from midnight of `06:30`."""
    return int(text[:2]) * 60 + int(text[3:]) if text else otherwise

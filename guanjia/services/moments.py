"""From when a promise counts."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import date


def opening(estate: Any, at: datetime, day: date | None) -> datetime:
    """Now, or the first minute of a later day that the household chose."""
    if day is None:
        return at
    return max(at, datetime.combine(day, time(), ZoneInfo(estate.time_zone)))

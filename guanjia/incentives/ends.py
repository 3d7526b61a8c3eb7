"""When a month is over."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from guanjia.billing.months import month_after

if TYPE_CHECKING:
    from datetime import date


def close_of(estate: Any, month: date) -> datetime:
    """The instant a month ended; its rule is the one then in force."""
    return datetime.combine(month_after(month), time(), ZoneInfo(estate.time_zone))

"""Dates as people write them (issue 2, point 2). Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from .cells import UNKNOWN_WORDS, CellError, narrow, text

FIRST, LAST = date(1900, 1, 1), date(2200, 1, 1)
NO_END = {"长期", "永久", "无限期", "至今"}
_DAY = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?:[ T]+\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)?"
)
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")


def from_serial(serial: float, epoch_1904: bool = False) -> date | None:
    """Excel's day number; None when it is no day between 1900 and 2200. Day 60 (29 February 1900) never was."""
    if not 1 <= serial < 110_000:
        return None
    days = int(serial)
    if epoch_1904:
        return date(1904, 1, 1) + timedelta(days=days)
    return date(1899, 12, 30) + timedelta(days=days if days > 60 else days + 1)


def day(value: Any) -> date | None:
    """One date in any spelling, or None when there is none. Raises CellError on an impossible one."""
    if isinstance(value, date):
        return _within(value)
    if isinstance(value, float):
        found = from_serial(value)
        if found is None or value < 10_000:  # below 1927 it is a number, not a date
            raise _wrong()
        return found
    got = text(value)
    if got.lower() in UNKNOWN_WORDS or got in NO_END:
        return None
    if match := _DAY.fullmatch(got) or _PACKED.fullmatch(got):
        try:
            return _within(date(int(match[1]), int(match[2]), int(match[3])))
        except ValueError:
            raise CellError(_("没有这一天，请核对年月日。")) from None
    if _SERIAL.fullmatch(got):
        return day(float(got))
    raise _wrong()


def days(value: Any) -> list[date | None]:
    """Several dates in one cell, separated as several fees are; a real date is a list of one."""
    if value is None or isinstance(value, date | float):
        found = day(value)
        return [] if found is None else [found]
    raw = narrow(str(value)) if isinstance(value, str) else text(value)
    parts = [part.strip() for part in re.split(r"[#,、;|\n]", raw)]
    return [day(part) for part in parts if part]


def _within(found: date) -> date:
    if not FIRST <= found < LAST:
        raise CellError(_("年份不合理，请核对。"))
    return found


def _wrong() -> CellError:
    return CellError(_("不是日期，请写成 2025-01-01 的样子。"))

"""Months as their first days."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


def month_after(month: date, count: int = 1) -> date:
    """The first of the month `count` months on (or back)."""
    index = month.year * 12 + month.month - 1 + count
    return month.replace(year=index // 12, month=index % 12 + 1, day=1)


def months_between(first: date, last: date) -> list[date]:
    """The first days of the months from `first` until before `last`."""
    found, month = [], first.replace(day=1)
    while month < last:
        found.append(month)
        month = month_after(month)
    return found

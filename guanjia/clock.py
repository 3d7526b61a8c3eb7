"""The only place that reads the wall clock (design decision 9)."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guanjia.estates.models import Estate

_set_back: ContextVar[datetime | None] = ContextVar("guanjia_clock", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC; or the instant that `at()` set."""
    return _set_back.get() or datetime.now(UTC)


def today(estate: Estate, at: datetime | None = None) -> date:
    """The business date of an instant in the estate's own time zone."""
    return (at or now()).astimezone(ZoneInfo(estate.time_zone)).date()


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Set the clock to `instant` for the verbs called inside (demo history, simulation, tests)."""
    if instant.tzinfo is None:
        raise ValueError("a naive instant has no meaning here")
    token = _set_back.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _set_back.reset(token)

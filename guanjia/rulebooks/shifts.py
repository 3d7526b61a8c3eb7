"""The shape of `rulebooks/shifts.yaml`: shifts, the patterns a day is cut into, and who works in which."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from .book import Entry, read
from .windows import minutes

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate

_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
REST = "rest"


class ShiftEntry(Entry):
    title: str
    since: str | None = Field(None, alias="from", pattern=_TIME)
    until: str | None = Field(None, pattern=_TIME)

    @property
    def span(self) -> tuple[int, int]:
        """Minutes of the day; past 1440 is the next morning."""
        start, end = minutes(self.since, 0), minutes(self.until, 1440)
        return start, end if end > start else end + 1440


class Pattern(Entry):
    title: str
    shifts: list[str] = Field(min_length=1)


class ShiftsBook(Entry):
    shifts: dict[str, ShiftEntry]
    patterns: dict[str, Pattern]
    default: str
    works: dict[str, list[str]]

    @model_validator(mode="after")
    def _all_known(self) -> ShiftsBook:
        from guanjia.people.roles import roles

        if unknown := {shift for pattern in self.patterns.values() for shift in pattern.shifts} - set(self.shifts):
            raise ValueError(f"no such shift: {', '.join(sorted(unknown))}")
        if unknown := {role for named in self.works.values() for role in named} - set(roles()):
            raise ValueError(f"no such role: {', '.join(sorted(unknown))}")
        if unknown := {key for key in (self.default, *self.works) if not key.startswith("$")} - set(self.patterns):
            raise ValueError(f"no such pattern: {', '.join(sorted(unknown))}")
        return self


@cache
def shifts_book() -> ShiftsBook:
    return read("shifts.yaml", ShiftsBook)


def pattern_of(estate: Estate | int, role: str, at: datetime) -> str:
    """In which pattern a post works at an estate."""
    from .parameters import parameter

    book = shifts_book()
    key = next((key for key, named in book.works.items() if role in named), book.default)
    return str(parameter(estate, key[1:], at)) if key.startswith("$") else key


def spans_of(pattern: str) -> tuple[tuple[str, int, int], ...]:
    """(shift, start, end) of a pattern, in minutes of the day."""
    book = shifts_book()
    return tuple((key, *book.shifts[key].span) for key in book.patterns[pattern].shifts)


def title_of(shift: str) -> str:
    """A shift's name in the reader's language."""
    from django.utils.translation import gettext as _

    entry = shifts_book().shifts.get(shift)
    return _(entry.title) if entry else shift

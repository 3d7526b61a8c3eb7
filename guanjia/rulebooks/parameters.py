"""`parameter(estate, key, at)`: the setting in force at an instant, without a query in the normal case.

A process remembers an estate's settings for a few seconds (LIFE) and forgets at once what it changed itself, so
another process follows a change within LIFE. Every answer is picked by the instant asked for: the past keeps its rule.
"""

from __future__ import annotations

from bisect import bisect_right
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from .book import spell
from .own import forget_own
from .schema import ParameterEntry, limits_book, parameters_book
from .values import length

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guanjia.estates.models import Estate

LIFE = 5.0  # seconds


@dataclass
class House:
    """What a process remembers of one estate."""

    company_id: int
    time_zone: str
    changes: list[tuple[datetime, int, bool, str, Any]]  # valid from, id, of the estate itself, key, value
    read_at: float
    worked_out: dict[Any, Any] = field(default_factory=dict)

    def epoch(self, at: datetime) -> int:
        """How many settings had been made by then; equal epochs have equal rules."""
        return bisect_right(self.changes, at, key=lambda change: change[0])

    def settings(self, at: datetime) -> dict[str, Any]:
        """Everything set and in force at an instant; the estate's own word counts before its company's."""
        epoch = self.epoch(at)
        if epoch not in self.worked_out:
            in_force = sorted(self.changes[:epoch], key=lambda change: (change[2], change[0], change[1]))
            self.worked_out[epoch] = {key: value for _from, _id, _own, key, value in in_force}
        found: dict[str, Any] = self.worked_out[epoch]
        return found


_houses: dict[int, House] = {}
_WHAT = {"within": lambda: _("时限"), "calendar": lambda: _("时段"), "on": lambda: _("启用")}
_supposed: ContextVar[tuple[int, House] | None] = ContextVar("guanjia_supposed", default=None)


@contextmanager
def supposing(estate: Estate | int, key: str, value: Any, at: datetime | None = None) -> Iterator[None]:
    """As if the estate had set `key` at an instant, or had never known it otherwise: what follows would be is read, nothing is written, nobody else sees it."""
    known = house(estate)
    before = known.changes if at else [row for row in known.changes if row[3] != key]
    change = (at or datetime.min.replace(tzinfo=UTC), 2**62, True, key, value)
    changes = sorted([*before, change], key=lambda row: row[:3])
    there = House(known.company_id, known.time_zone, changes, known.read_at)
    token = _supposed.set((estate if isinstance(estate, int) else estate.pk, there))
    try:
        yield
    finally:
        _supposed.reset(token)


def forget() -> None:
    """Drop what this process remembers (after a change, between tests)."""
    _houses.clear()
    forget_own()


def house(estate: Estate | int) -> House:
    """An estate's company, zone and settings, remembered for LIFE seconds."""
    estate_id = estate if isinstance(estate, int) else estate.pk
    supposed = _supposed.get()
    if supposed and supposed[0] == estate_id:
        return supposed[1]
    known = _houses.get(estate_id)
    if known is None or monotonic() - known.read_at > LIFE:
        known = _houses[estate_id] = _read(estate_id)
    return known


def _read(estate_id: int) -> House:
    from django.db.models import Q

    from guanjia.estates.models import Estate

    from .models import Parameter

    company_id, zone = Estate.objects.values_list("company_id", "time_zone").get(pk=estate_id)
    rows = Parameter.objects.filter(Q(estate=estate_id) | Q(estate__isnull=True), company=company_id)
    changes = sorted(
        (row.valid_from, row.pk, row.estate_id is not None, row.key, row.value) for row in rows
    )  # fmt: skip
    return House(company_id, zone, changes, monotonic())


def parameter(estate: Estate | int, key: str, at: datetime) -> Any:
    """The value of `key` in force at an instant. KeyError for a key no rulebook knows.

    In this order: set for the estate, set for its company, preset by the profile of limits, the rulebook's default.
    """
    settings = house(estate).settings(at)
    if key in settings:
        return settings[key]
    if key in parameters_book().parameters:
        profile = settings.get("limits.profile", parameters_book().parameters["limits.profile"].default)
        return limits_book().profiles[profile].presets.get(key, parameters_book().parameters[key].default)
    if figure := followed(key):
        known = parameters_book().parameters[figure]
        return spell(length(known.type, parameter(estate, figure, at), known.unit))
    return entry_of(key, house(estate).company_id).default


def followed(key: str) -> str:
    """The figure that says how long a limit is: limit.sla_classify.within follows req.classify_min."""
    word, _dot, rest = key.partition(".")
    limit = (
        limits_book().limits.get(rest.removesuffix(".within")) if word == "limit" and rest.endswith(".within") else None
    )
    return limit.follows if limit else ""


def entry_of(key: str, company_id: int | None = None) -> ParameterEntry:
    """What a parameter is. Besides those of the file: limit.<key>.within, .calendar, .on, and those of the books (keys.py)."""
    if key in parameters_book().parameters:
        return parameters_book().parameters[key]
    word, _dot, rest = key.partition(".")
    name, _dot, what = rest.partition(".")
    if word == "limit" and name in limits_book().limits:
        return _of_limit(name, what)
    from .keys import entry_of_book

    return entry_of_book(key, company_id)


def _of_limit(name: str, what: str) -> ParameterEntry:
    from .schema import calendars_book

    limit = limits_book().limits[name]
    said: dict[str, Any] = {"rows": limit.rows, "title": f"{_(limit.title)} · {_WHAT[what]() if what in _WHAT else what}"}
    if what == "within":
        return ParameterEntry(**said, type="amount", default=spell(limit.usual))
    if what == "on":
        return ParameterEntry(**said, type="flag", default=True)
    if what == "calendar":
        choices = {key: entry.title for key, entry in calendars_book().calendars.items()}
        choices |= {limit.calendar: _("按参数")} if limit.calendar.startswith("$") else {}
        return ParameterEntry(**said, choices=choices, default=limit.calendar)
    raise KeyError(f"limit.{name}.{what}")

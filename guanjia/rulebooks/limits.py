"""The limits in force at an estate at an instant: the rulebook with its parameters filled in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from .book import amount
from .parameters import house, parameter
from .schema import LimitEntry, calendars_book, limits_book

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate


@dataclass(frozen=True)
class Limit:
    """By when. `ladder` is (share of the limit, time past it, who is told)."""

    key: str
    entry: LimitEntry
    starts_on: tuple[str, ...]
    stops_on: tuple[str, ...]
    within: timedelta
    calendar: str

    @property
    def title(self) -> str:
        return title_of(self.key)

    def applies_to(self, ticket: Any) -> bool:
        """Whether it holds for a ticket of that class, kind and channel."""
        wanted = self.entry.applies
        facts = ((wanted.klass, ticket.klass), (wanted.kind, ticket.kind), (wanted.channel, ticket.channel))
        nameless = getattr(ticket, "anonymous", False) and not wanted.anonymous
        return not nameless and all(not among or fact in among for among, fact in facts)

    def allows(self, klass: str) -> timedelta:
        """How long it gives a ticket of that class."""
        return self.entry.by_class.get(klass, self.within)

    def rungs(self, within: timedelta) -> list[tuple[timedelta, str]]:
        """Time after the start and who is told then, nearest first; the breach is always among them."""
        ladder = ((rung.share, rung.after or timedelta(0), rung.tell) for rung in self.entry.ladder)
        told = {within + after if share is None else within * share: tell for share, after, tell in ladder}
        return sorted({within: "responsible", **told}.items())


def title_of(key: str) -> str:
    """A limit's name in the reader's language; a limit since removed is named by its key."""
    entry = limits_book().limits.get(key)
    return _(entry.title) if entry else key


def limits(estate: Estate | int, at: datetime) -> tuple[Limit, ...]:
    """Every active limit, in the file's order; worked out once for each set of rules."""
    known = house(estate)
    slot = ("limits", known.epoch(at))
    if slot not in known.worked_out:
        known.worked_out[slot] = tuple(_active(estate, at))
    found: tuple[Limit, ...] = known.worked_out[slot]
    return found


def _active(estate: Estate | int, at: datetime) -> Any:
    profile = limits_book().profiles[parameter(estate, "limits.profile", at)]
    for key, entry in limits_book().limits.items():
        by_rule = all(parameter(estate, name, at) in values for name, values in entry.when.items())
        listed = by_rule if entry.when else key in profile.limits
        if house(estate).settings(at).get(f"limit.{key}.on", listed):
            yield _filled_in(key, entry, estate, at)


def _filled_in(key: str, entry: LimitEntry, estate: Estate | int, at: datetime) -> Limit:
    def value(word: str) -> str:
        return str(parameter(estate, word[1:], at)) if word.startswith("$") else word

    calendar = value(parameter(estate, f"limit.{key}.calendar", at))
    if calendar not in calendars_book().calendars:
        raise KeyError(calendar)
    return Limit(
        key=key,
        entry=entry,
        starts_on=tuple(map(value, entry.starts_on)),
        stops_on=tuple(map(value, entry.stops_on)),
        within=amount(parameter(estate, f"limit.{key}.within", at)),
        calendar=calendar,
    )

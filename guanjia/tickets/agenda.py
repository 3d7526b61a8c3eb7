"""What else waits today besides tickets: higher nouns (duties) bring their own lines to 今日 and to a scanned label.

A source is registered once, when its app is ready; tickets never import who is above them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from guanjia.people.reach import Reach

LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    """A line of the list, drawn by its template as `line`; `card` draws it on a worker's phone."""

    template: str
    card: str
    line: Any
    due_at: datetime | None


class Source(Protocol):
    def pressing(self, reach: Reach, show: str, now: datetime, most: int) -> list[Entry]:
        """The first `most` of a segment (all, mine, late, unassigned) in due order."""

    def worked(self, reach: Reach, show: str, now: datetime, most: int) -> list[Entry]:
        """One's own: todo, doing, done."""

    def counts(self, reach: Reach, now: datetime) -> dict[str, int]:
        """open, late, soon, mine, unassigned; one statement."""

    def here(self, reach: Reach, spot: Any) -> list[Entry]:
        """What this person has to do where a label was scanned."""


sources: list[Source] = []


def merged(entries: Iterable[Entry]) -> list[Entry]:
    """In due order, what has no deadline last."""
    return sorted(entries, key=lambda entry: entry.due_at or LAST)


def pressing(reach: Reach, show: str, now: datetime, most: int) -> list[Entry]:
    return [entry for source in sources for entry in source.pressing(reach, show, now, most)]


def worked(reach: Reach, show: str, now: datetime, most: int) -> list[Entry]:
    return [entry for source in sources for entry in source.worked(reach, show, now, most)]


def here(reach: Reach, spot: Any) -> list[Entry]:
    return [entry for source in sources for entry in source.here(reach, spot)]


def counts(reach: Reach, now: datetime) -> dict[str, int]:
    """Of all sources together."""
    found = dict.fromkeys(("open", "late", "soon", "mine", "unassigned"), 0)
    for source in sources:
        for key, number in source.counts(reach, now).items():
            found[key] += number
    return found

"""What of the books holds at an estate, and since when: adopted, retired, switched on and off, from instants on.

Everything is read from the dated settings that `house()` remembers, so the past keeps its rule and asking costs no query.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from .own import books_of
from .parameters import house

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guanjia.estates.models import Estate

    from .books import ClauseEntry, Rulebook

Span = tuple[datetime, datetime]
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Clause:
    """A clause of a book as an estate of a company may adopt it."""

    book: Rulebook
    id: str
    entry: ClauseEntry

    def fits(self, estate: Estate) -> bool:
        """Whether it is meant for this kind of site."""
        return not self.entry.sites or estate.site_type in self.entry.sites


class Adoption:
    """The settings of one estate about its books, up to an instant."""

    def __init__(self, estate: Estate, at: datetime) -> None:
        self.estate, self.at = estate, at
        known = house(estate)
        self.books = books_of(known.company_id, at)
        self._said: dict[str, list[tuple[datetime, int, bool, Any]]] = {}
        for since, pk, own, key, value in known.changes[: known.epoch(at)]:
            if key.startswith(("book.", "clause.", "duty.")):
                self._said.setdefault(key, []).append((since, pk, own, value))

    def clauses(self) -> Iterator[Clause]:
        """Every clause of every book the company has, in the books' order."""
        for book in self.books.values():
            for key, entry in book.clauses.items():
                yield Clause(book, key, entry)

    def said(self, key: str) -> list[tuple[datetime, int, bool, Any]]:
        """(from, id, of the estate itself, value) of every setting of a key, in time order."""
        return self._said.get(key, [])

    def setting(self, key: str, otherwise: Any) -> Any:
        """The value in force at the instant; the estate's own word counts before its company's."""
        said = self._said.get(key)
        return max(said, key=lambda row: (row[2], row[0], row[1]))[3] if said else otherwise

    def adopts(self, clause: Clause) -> bool:
        """Its book is adopted, it fits the site and nobody retired it."""
        on = self.setting(f"book.{clause.book.code}.adopted", False) and self.setting(f"clause.{clause.id}.on", True)
        return bool(on) and clause.fits(self.estate)

    def spans(self, clause: Clause, since: datetime) -> list[Span]:
        """When it held between `since` and the instant: [from, until) each."""
        if not clause.fits(self.estate):
            return []
        book, on = self._line(f"book.{clause.book.code}.adopted", False), self._line(f"clause.{clause.id}.on", True)
        return _both(book, on, since, self.at)

    def _line(self, key: str, otherwise: bool) -> list[tuple[datetime, bool]]:
        """(from, value) in time order: what the estate said counts from then on before what its company says."""
        line, own, company = [(BEGINNING, otherwise)], None, otherwise
        for since, _pk, is_own, value in self._said.get(key, ()):
            own, company = (value, company) if is_own else (own, value)
            line.append((since, bool(company if own is None else own)))
        return line


def _both(
    one: list[tuple[datetime, bool]], other: list[tuple[datetime, bool]], since: datetime, at: datetime
) -> list[Span]:
    """The spans of [since, at] in which both are true."""

    def value(line: list[tuple[datetime, bool]], instant: datetime) -> bool:
        return line[max(bisect_right(line, instant, key=lambda step: step[0]) - 1, 0)][1]

    if since >= at:
        return []
    edges = sorted({since, *(step for step, _value in (*one, *other) if since < step < at)})
    spans: list[Span] = []
    for begin, end in zip(edges, [*edges[1:], at], strict=True):
        if value(one, begin) and value(other, begin):
            if spans and spans[-1][1] == begin:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((begin, end))
    return spans

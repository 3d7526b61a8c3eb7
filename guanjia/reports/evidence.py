"""What proves a clause: the duties, limits, events and named proofs that stand behind it, and whether each still runs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from guanjia.events.actions import Action
from guanjia.rulebooks.schema import limits_book

from .proofs import known_proof

if TYPE_CHECKING:
    from collections.abc import Iterable

    from guanjia.rulebooks.adoption import Clause
    from guanjia.rulebooks.books import Rulebook

TASK, CLOCK, EVENT, PROOF = "task", "clock", "event", "proof"


@dataclass(frozen=True)
class Part:
    """One engine behind a clause. `key` is of a duty, a limit, an action or a proof."""

    kind: str
    key: str


def parts_of(clause: Clause, books: Iterable[Rulebook]) -> list[Part]:
    """Everything that is meant to prove a clause, whether or not it runs; nothing twice."""
    entry = clause.entry
    found = [Part(PROOF, name.strip()) for name in entry.proof.split(",") if name.strip()]
    found += [Part(EVENT, action) for action in entry.events]
    found += _limits().get(clause.id, [])
    for book in books:
        found += _index(book).get(clause.id, [])
    return list(dict.fromkeys(found))


@cache
def _limits() -> dict[str, list[Part]]:
    """Clause → the limits that keep it."""
    found: dict[str, list[Part]] = defaultdict(list)
    for key, limit in limits_book().limits.items():
        for row in limit.rows:
            found[row].append(Part(CLOCK, key))
    return found


_indexed: dict[int, tuple[Rulebook, dict[str, list[Part]]]] = {}


def _index(book: Rulebook) -> dict[str, list[Part]]:
    """Clause → what a book's duties and limits prove of it; worked out once a book."""
    known = _indexed.get(id(book))
    if known is None or known[0] is not book:
        found: dict[str, list[Part]] = defaultdict(list)
        for key, duty in book.duties.items():
            for row in duty.rows if not duty.register_only else ():
                found[row].append(_of_duty(key, duty.kept_by))
        for row, words in book.limits.items():
            found[row] += map(_named, words)
        if len(_indexed) > 100:  # companies' own versions come and go
            _indexed.clear()
        known = _indexed[id(book)] = (book, found)
    return known[1]


def _of_duty(key: str, kept_by: str) -> Part:
    """A duty's own tasks, or the other engine that keeps it. A report is a task that fills itself (figures.py)."""
    return _named(kept_by) if kept_by and not kept_by.startswith("report:") else Part(TASK, key)


def _named(word: str) -> Part:
    kind, _colon, rest = word.partition(":")
    if kind in ("clock", "limit") or word in limits_book().limits:
        return Part(CLOCK, rest or word)
    if kind in ("duty", "event"):
        return Part(TASK if kind == "duty" else EVENT, rest)
    return Part(PROOF, rest if kind == "proof" else word)


def proof_runs(name: str) -> bool:
    return known_proof(name) is not None


def event_runs(action: str) -> bool:
    return action in Action.values

"""Proof of keeping: every clause of every book, kept or breached, counted from what happened (design §5).

| status | meaning |
|---|---|
| not_adopted | its book is not adopted here, it is retired, not meant for this kind of site, or waits for the company's figure |
| no_evidence | adopted, but nothing that runs could prove it |
| breached | at least once not kept |
| kept | kept every time it was due |
| not_due | something runs for it; nothing was due yet |

`due` = `kept` + `breached`. Five statements for a whole estate, whatever the number of clauses.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.rulebooks.adoption import BEGINNING, Adoption, Clause, Span
from guanjia.rulebooks.limits import limits

from .counting import Count, Wanted, count
from .evidence import CLOCK, EVENT, PROOF, TASK, Part, event_runs, parts_of, proof_runs

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate

NOT_ADOPTED, NO_EVIDENCE, BREACHED, KEPT, NOT_DUE = "not_adopted", "no_evidence", "breached", "kept", "not_due"
STATUSES = (BREACHED, NO_EVIDENCE, KEPT, NOT_DUE, NOT_ADOPTED)


@dataclass
class Standing:
    """How a clause stands at an estate. `people`: who answered for how many, person id → Count."""

    clause: Clause
    adopted: bool
    parts: list[Part]
    running: list[Part]
    spans: list[Span]
    waits: bool = False  # for the company to say how often
    total: Count = field(default_factory=Count)
    people: dict[int, Count] = field(default_factory=lambda: defaultdict(Count))
    by_part: dict[Part, Count] = field(default_factory=lambda: defaultdict(Count))

    @property
    def status(self) -> str:
        if not self.adopted:
            return NOT_ADOPTED
        if not self.running:
            return NO_EVIDENCE
        if self.total.breached:
            return BREACHED
        return KEPT if self.total.kept else NOT_DUE

    @property
    def breakers(self) -> list[tuple[int, int]]:
        """(person, breaches), most first."""
        found = [(person, one.breached) for person, one in self.people.items() if one.breached]
        return sorted(found, key=lambda each: (-each[1], each[0]))

    def add(self, part: Part, person: int | None, one: Count) -> None:
        self.total += one
        self.by_part[part] += one
        if person:
            self.people[person] += one

    def told(self) -> dict[str, Any]:
        """The JSON of `comply` (design §4)."""
        return {
            "rulebook": self.clause.book.code, "clause": self.clause.id, "status": self.status, "due": self.total.due,
            "kept": self.total.kept, "breached": self.total.breached, "title": self.clause.entry.title,
            "evidence": [f"{part.kind}:{part.key}" for part in self.running],
        }  # fmt: skip


def standings(
    estate: Estate, since: datetime | None = None, at: datetime | None = None, *, zone: int | None = None, person: int | None = None,
    only: set[str] | None = None,
) -> list[Standing]:  # fmt: skip
    """Every clause in the books' order. `only` are ids of clauses; `zone` and `person` narrow what is counted."""
    at = at or clock.now()
    adoption = Adoption(estate, at)
    found = [_standing(adoption, clause, since or BEGINNING) for clause in adoption.clauses() if only is None or clause.id in only]
    wanted = Wanted(estate, since or BEGINNING, at, zone)
    for row in found:
        wanted.ask(row)
    for (part, span), counted in count(wanted).items():
        for row in wanted.askers[part, span]:
            for who, one in counted.items():
                if person is None or who == person:
                    row.add(part, who, one)
    active = {limit.key for limit in limits(estate, at)}
    for row in found:
        row.running = [part for part in row.parts if _runs(part, active, wanted, row)]
    return found


def _standing(adoption: Adoption, clause: Clause, since: datetime) -> Standing:
    parts = parts_of(clause, adoption.books.values())
    waits = bool(parts) and all(part.kind == TASK and _waits(adoption, part.key) for part in parts)
    adopted = adoption.adopts(clause) and not clause.entry.unlawful and not waits
    return Standing(clause, adopted, parts, [], adoption.spans(clause, since), waits)


def _waits(adoption: Adoption, key: str) -> bool:
    """Whether the source leaves it to the company how often, and the company has not said."""
    duty = next((book.duties[key] for book in adoption.books.values() if key in book.duties), None)
    return bool(duty and duty.waits and not adoption.setting(f"duty.{key}.cadence", ""))


def _runs(part: Part, active: set[str], wanted: Wanted, row: Standing) -> bool:
    """Whether an engine stands behind it now, or did in the period."""
    if part.kind == TASK:
        return wanted.lives(part.key) or bool(row.by_part.get(part))
    if part.kind == CLOCK:
        return part.key in active or bool(row.by_part.get(part))
    return {EVENT: event_runs, PROOF: proof_runs}[part.kind](part.key)

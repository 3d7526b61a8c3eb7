"""One reading of the address of 制度执行: which clauses, over which days, of which zone and person."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.estates.models import Zone
from guanjia.people.models import Person
from guanjia.people.roles import roles, title_of
from guanjia.tenancy.reading import row_id

from .evidence import CLOCK, PROOF, Part
from .keeping import KEPT, NO_EVIDENCE, NOT_ADOPTED, NOT_DUE, STATUSES, Standing, standings
from .proofs import known_proof
from .saying import TONES, status_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guanjia.people.reach import Reach
    from guanjia.rulebooks.books import Rulebook

PERIODS = ("7", "30", "90", "365", "all")
WHO = 3  # names beside a clause


@dataclass
class Line:
    """A clause on the page."""

    row: Standing
    word: str
    tone: str
    who: list[tuple[str, int]] = field(default_factory=list)
    more: int = 0

    @property
    def clause(self) -> Any:
        return self.row.clause

    @property
    def title(self) -> str:
        return _(self.clause.entry.title)


@dataclass
class ProofQuery:
    """Nonsense in the address is ignored, never an error."""

    reach: Reach
    get: Mapping[str, str]
    now: datetime
    mine: bool = False

    def __post_init__(self) -> None:
        get = self.get
        period = get.get("period", "")
        self.period = period if period in PERIODS else "30"
        self.book, self.role = get.get("book", ""), get.get("role", "")
        self.status = get.get("status", "") if get.get("status") in STATUSES else ""
        self.zone = row_id(get.get("zone"))

    @property
    def since(self) -> datetime | None:
        """Midnight of the first day that counts; none for all of it."""
        return None if self.period == "all" else midnight(self.reach.estate, self.now, int(self.period) - 1)

    @cached_property
    def found(self) -> list[Standing]:
        """All clauses, before the filters that only hide some."""
        person = self.reach.person_id if self.mine else None
        return standings(self.reach.estate, self.since, self.now, zone=self.zone, person=person)

    @cached_property
    def rows(self) -> list[Standing]:
        rows = [row for row in self.found if not self.book or row.clause.book.code == self.book]
        if self.role:
            rows = [row for row in rows if self.role in roles_of(row, self.books)]
        if self.mine:
            rows = [row for row in rows if row.adopted and (row.people or self.reach.roles & roles_of(row, self.books))]
        return rows

    @cached_property
    def books(self) -> dict[str, Rulebook]:
        return {row.clause.book.code: row.clause.book for row in self.found}

    @property
    def numbers(self) -> Counter[str]:
        """How many clauses stand how."""
        return Counter(row.status for row in self.rows)

    def groups(self) -> list[tuple[Rulebook, list[Line], list[Line]]]:
        """Book by book, in the sources' order: clauses that something proves, those that nothing proves.

        The worst first; those not adopted only when asked for by name.
        """
        shown = [row for row in self.rows if (row.status == self.status if self.status else row.status != NOT_ADOPTED)]
        names, words = self._names(shown), status_words()
        found: dict[str, list[Line]] = {}
        for row in shown:
            who = [(names[person], n) for person, n in row.breakers if person in names]
            line = Line(row, words[row.status], TONES[row.status], who[:WHO], max(len(who) - WHO, 0))
            found.setdefault(row.clause.book.code, []).append(line)
        ordered = sorted(found, key=lambda code: self.books[code].source)
        return [(self.books[code], *_parted(found[code])) for code in ordered]

    def folded(self) -> list[tuple[Rulebook, list[Line], list[Line], list[Line]]]:
        """The same with what is well apart, on one's own page: it stands folded below the trouble. Books in trouble come first."""
        calm = (KEPT, NOT_DUE) if self.mine and not self.status else ()
        parted = [
            (book, [line for line in lines if line.row.status not in calm], [line for line in lines if line.row.status in calm], bare)
            for book, lines, bare in self.groups()
        ]
        return sorted(parted, key=lambda each: not each[1]) if calm else parted

    def _names(self, rows: list[Standing]) -> dict[int, str]:
        wanted = {person for row in rows for person, _n in row.breakers}
        return dict(Person.objects.filter(pk__in=wanted).values_list("pk", "name"))

    def filters(self) -> list[dict[str, Any]]:
        words = {"7": _("近 7 天"), "30": _("近 30 天"), "90": _("近 90 天"), "365": _("近一年"), "all": _("采用以来")}
        held = {role for row in self.found if row.adopted for role in roles_of(row, self.books)} & set(roles())
        zones = [(str(zone.pk), zone.name) for zone in Zone.objects.at_estate(self.reach.estate)]
        offered = [
            ("period", _("时间"), list(words.items()), self.period), ("book", _("制度"), [(code, _(book.title)) for code, book in self.books.items()], self.book),
            ("status", _("状态"), list(status_words().items()), self.status),
            ("role", _("岗位"), sorted(((role, title_of(role)) for role in held), key=lambda each: each[1]), self.role),
            ("zone", _("片区"), zones, str(self.zone or "")),
        ]  # fmt: skip
        return [
            {"name": name, "label": label, "choices": choices, "chosen": chosen, "any": name != "period"}
            for name, label, choices, chosen in offered
            if len(choices) > 1
        ]


def _parted(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    proved = [line for line in lines if line.row.status != NO_EVIDENCE]
    order = {status: n for n, status in enumerate(STATUSES)}
    return sorted(proved, key=lambda line: order[line.row.status]), [line for line in lines if line.row.status == NO_EVIDENCE]


def roles_of(row: Standing, books: Mapping[str, Rulebook]) -> set[str]:
    """Whose a clause is: the roles of its duties; limits on reports are the steward's, checks of records where they say so."""
    found = {duty.role for book in books.values() for duty in book.duties.values() if row.clause.id in duty.rows}
    return found | ({"steward"} if any(_stewards(part) for part in row.parts) else set())


def _stewards(part: Part) -> bool:
    one = known_proof(part.key) if part.kind == PROOF else None
    return part.kind == CLOCK or bool(one and one.stewards)


def midnight(estate: Any, now: datetime, days_ago: int = 0) -> datetime:
    """The beginning of a business date."""
    return datetime.combine(clock.today(estate, now) - timedelta(days=days_ago), time(), ZoneInfo(estate.time_zone))

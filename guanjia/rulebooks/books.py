"""The rulebooks themselves (制度): one file per source in `rulebooks/books/`, read and checked as a whole.

A book has clauses; duties, parameters and choices each say which clauses (`rows`) they keep. A clause id is the stable
id of its requirement row (PAT-02). How a duty runs is docs/decisions/0008-duties.md.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from .book import FOLDER, Amount, Entry, RulebookError, Slip, read
from .cadence import CadenceError, parse
from .filling import fill, fill_window, keys_in, sample, sample_window
from .values import Sort, check
from .windows import check as check_window

BOOKS = FOLDER / "books"
SCOPES = (
    "estate", "zone", "building", "entrance", "place", "unit", "vacant_unit", "renovation", "household", "staff", "event",
)  # fmt: skip
Figure = Annotated[str, Field(pattern=r"^\$[a-z][a-z0-9_.]*(#[0-9])?$")]  # what is in force for it (filling.py)
_TIME = r"^([01][0-9]|2[0-4]):[0-5][0-9]$"


def _pieces(text: Any) -> Any:
    """`place:garden` and `household:core` narrow a scope to a kind."""
    if str(text).partition(":")[0] not in SCOPES:
        raise ValueError(f"a scope is one of {', '.join(SCOPES)}, perhaps with a kind after a colon; not {text!r}")
    return text


class Wait(Entry):
    """A rule that the source states without its figure: the company sets it, this is what we would take."""

    word: str  # the source's word: 定期, 不定期
    suggest: str  # a cadence


class Window(Entry):
    """When a slot may be worked on. Without a window it is the whole period of the cadence (its day, week, month …).

    `opens` on the first day, `closes` on the last, in the estate's wall time; `days` counts from the day of the cadence
    (`until: month_end` reaches the last day of the month); for a cadence with an hour, `early` and `within` surround it.
    """

    opens: str | None = Field(None, pattern=_TIME)
    closes: str | None = Field(None, pattern=_TIME)
    days: Annotated[int, Field(ge=1, le=366)] | Figure | None = None
    until: Literal["month_end"] | None = None
    early: Figure | Amount | None = None
    within: Figure | Amount | None = None
    workday: Literal["any", "only", "next", "previous"] = "any"  # what a public holiday does to a slot


class DutyEntry(Entry):
    """What recurs: how often, when, whose, where, with which record."""

    title: str
    title_en: str
    rows: list[str] = Field(min_length=1)
    source: list[str] = Field(min_length=1)
    cadence: str = ""  # docs/decisions/0008-duties.md; empty when the company sets it
    waits: Wait | None = None  # PARAM: and IRREGULAR: rows
    window: Window = Window()  # type: ignore[call-arg]
    role: str  # a key of roles.yaml
    source_role: str  # whom the source names
    scope: Annotated[str, BeforeValidator(_pieces)] = "estate"
    form: str = "note"  # a key of forms.yaml
    proof: list[Literal["photo", "mark", "position", "signature"]] = []
    evidence: str  # the record the source asks for, in its words
    kept_by: str = ""  # another engine that proves it (clock:…, report:…, billing:…); then no task is made
    register_only: str = ""  # why nothing runs for it yet; listed by name in a test

    @model_validator(mode="after")
    def _how_often(self) -> DutyEntry:
        if bool(self.cadence) == bool(self.waits):
            raise ValueError("a duty has either a cadence or `waits`")
        if self.kept_by and self.register_only:
            raise ValueError("kept by another engine, or register only; not both")
        try:
            check_window(parse(sample(self.waits.suggest if self.waits else self.cadence)), sample_window(self.window))
        except CadenceError as slip:
            raise Slip(str(slip), "waits" if self.waits else "cadence") from slip
        return self

    @property
    def keys(self) -> list[str]:
        """The figures its cadence and window are filled from."""
        return keys_in(self.cadence, *(getattr(self.window, name) for name in ("days", "early", "within")))


class ClauseEntry(Entry):
    """A clause in our own words. `proof` names a check in code for a clause that no duty, limit or record keeps."""

    title: str
    title_en: str
    text: str
    text_en: str
    kind: Literal["duty", "sla", "money", "score", "record", "rule", "event", "text"]
    source: list[str] = Field(min_length=1)
    role: str = ""
    figures: str = ""
    sites: list[str] = []  # kinds of site it is meant for; empty: any
    proof: str = ""
    events: list[str] = []  # actions whose presence keeps it
    unlawful: str = ""  # why it is not built


class FigureEntry(Entry):
    """A row of the parameter table. `type: count` and the like make it a setting; `register` is a figure kept for reading."""

    title: str
    title_en: str
    rows: list[str] = Field(min_length=1)
    source: list[str] = Field(min_length=1)
    default: Any
    unit: str = ""
    unit_en: str = ""
    type: Sort = "count"
    choices: dict[str, str] = {}
    waits: bool = False  # the source leaves it blank: set by the company before it counts
    used_by: list[str] = []  # duty:…, limit:…, proof:…, billing:…: what reads it
    register_only: str = ""

    @model_validator(mode="after")
    def _default_is_of_its_sort(self) -> FigureEntry:
        if self.waits and self.default is None:
            return self
        if self.type == "choice" and self.default not in self.choices:
            raise ValueError(f"{self.default!r} is not one of {', '.join(self.choices)}")
        check(self.type, self.default)
        return self


class ConflictEntry(Entry):
    """CF-nn: what the sources disagree on, each variant named, the choice explicit."""

    title: str
    title_en: str
    rows: list[str] = []
    variants: dict[str, str] = Field(min_length=1)
    variants_en: dict[str, str] = {}
    chosen: str  # a variant
    parameter: str = ""  # the parameter that holds the choice, when a company may choose
    why: str
    why_en: str = ""

    @model_validator(mode="after")
    def _chosen_is_a_variant(self) -> ConflictEntry:
        if self.chosen not in self.variants:
            raise ValueError(f"{self.chosen!r} is not one of {', '.join(self.variants)}")
        return self


class Rulebook(Entry):
    code: str
    title: str
    title_en: str
    source: str
    about: str
    clauses: dict[str, ClauseEntry]
    duties: dict[str, DutyEntry] = {}
    limits: dict[str, list[str]] = {}  # rows of the SLA table: id → keys of limits.yaml or duties that keep it
    figures: dict[str, FigureEntry] = {}

    @model_validator(mode="after")
    def _figures_fill_the_duties(self) -> Rulebook:
        """A duty is filled from figures of its own book, and with their defaults it runs."""
        for key, duty in self.duties.items():
            if missing := set(duty.keys) - set(self.figures):
                raise Slip(f"no such figure {sorted(missing)}", "duties", key, "cadence")
            if duty.keys:
                window = fill_window(duty.window, self.usual)
                check_window(parse(fill(duty.cadence, self.usual)), window)
        return self

    def usual(self, key: str) -> tuple[str, Any, str]:
        """A figure's sort, its default and its unit: what `fill` asks for."""
        figure = self.figures[key]
        return figure.type, figure.default, figure.unit


class ConflictsBook(Entry):
    conflicts: dict[str, ConflictEntry]


@cache
def books() -> dict[str, Rulebook]:
    """Every rulebook of the house by its code. RulebookError names file and line."""
    found = [read(file.name, Rulebook, folder=BOOKS) for file in sorted(BOOKS.glob("*.yaml"))]
    _agree(found)
    return {book.code: book for book in found}


@cache
def conflicts_book() -> ConflictsBook:
    return read("conflicts.yaml", ConflictsBook)


@cache
def duties() -> dict[str, tuple[Rulebook, DutyEntry]]:
    """Every duty of every book by its key."""
    return {key: (book, duty) for book in books().values() for key, duty in book.duties.items()}


@cache
def clauses() -> dict[str, tuple[Rulebook, ClauseEntry]]:
    return {key: (book, clause) for book in books().values() for key, clause in book.clauses.items()}


def _agree(found: list[Rulebook]) -> None:
    """One id stands in one book, and every duty keeps a clause that exists."""
    for nouns in ("clauses", "duties", "figures"):
        seen: dict[str, str] = {}
        for book in found:
            for key in getattr(book, nouns):
                if key in seen:
                    raise RulebookError(f"{book.code}: {key} stands in {seen[key]} too")
                seen[key] = book.code
    known = {key for book in found for key in book.clauses}
    for book in found:
        for key, duty in book.duties.items():
            if missing := set(duty.rows) - known:
                raise RulebookError(f"{book.code}: duty {key} names unknown clauses {sorted(missing)}")


def file_of(code: str) -> Path:
    return BOOKS / f"{code}.yaml"

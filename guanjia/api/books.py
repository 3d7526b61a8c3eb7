"""The rulebooks: which there are, what they say, and how the estate keeps them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404
from ninja import Query
from pydantic import BaseModel, Field

from guanjia import clock
from guanjia.reports.keeping import STATUSES, standings
from guanjia.rulebooks.adoption import Adoption, Clause
from guanjia.tenancy.errors import NotAllowed

from .door import Noun
from .fields import NO_NUL

noun = Noun(tags=["rulebooks"])


class BookTold(BaseModel):
    code: str = Field(examples=["plan"])
    title: str = Field(examples=["十二个月管家服务提升计划"])
    source: str = Field(examples=["004"])
    adopted: bool = Field(description="Whether it is adopted at this estate now.")
    clauses: int
    duties: int


class ClauseTold(BaseModel):
    id: str = Field(examples=["REQ-04"])
    rulebook: str = Field(examples=["plan"])
    title: str = Field(examples=["10 分钟内分类"])
    text: str
    kind: str = Field(examples=["sla"])
    source: list[str] = Field(examples=[["004 一3b"]])
    adopted: bool


class Kept(BaseModel):
    rulebook: str = Field(examples=["plan"])
    clause: str = Field(examples=["REQ-04"])
    status: str = Field(examples=["kept"], description=", ".join(STATUSES))
    due: int = Field(description="Times it was due: kept + breached.")
    kept: int
    breached: int
    title: str
    evidence: list[str] = Field(examples=[["clock:sla_classify"]], description="What runs for it: task, clock, event or proof.")


class Wanted(BaseModel):
    since: date | None = Field(None, description="Count from this business date on; else from the adoption on.")
    rulebook: str | None = Field(None, max_length=30, pattern=NO_NUL)
    status: str | None = Field(None, max_length=20, pattern=NO_NUL)


def _may_read(request: Any) -> None:
    """Whoever reads reports, or sets rules."""
    if not (request.reach.may("report.read") or request.reach.may("rule.change")):
        raise NotAllowed("report.read")


@noun.get("/books", response=list[BookTold], summary="Rulebooks")
def list_books(request: Any) -> Any:
    """Those of the house and the company's own, with what is adopted here."""
    _may_read(request)
    adoption = Adoption(request.estate, clock.now())
    return [
        BookTold(code=code, title=book.title, source=book.source, adopted=adoption.setting(f"book.{code}.adopted", False), clauses=len(book.clauses), duties=len(book.duties))
        for code, book in adoption.books.items()
    ]  # fmt: skip


@noun.get("/books/{code}/clauses", response=list[ClauseTold], summary="Clauses of a rulebook")
def list_clauses(request: Any, code: str) -> Any:
    _may_read(request)
    adoption = Adoption(request.estate, clock.now())
    book = adoption.books.get(code)
    if book is None:
        raise Http404
    return [
        ClauseTold(id=key, rulebook=code, title=entry.title, text=entry.text, kind=entry.kind, source=entry.source, adopted=adoption.adopts(Clause(book, key, entry)))
        for key, entry in book.clauses.items()
    ]  # fmt: skip


@noun.get("/keeping", response=list[Kept], summary="Proof of keeping")
def list_keeping(request: Any, wanted: Query[Wanted]) -> Any:
    """Clause by clause: kept, breached, not_due, not_adopted or no_evidence."""
    _may_read(request)
    since = datetime.combine(wanted.since, time(), ZoneInfo(request.estate.time_zone)) if wanted.since else None
    told = [row.told() for row in standings(request.estate, since)]
    asked = {"rulebook": wanted.rulebook, "status": wanted.status}
    return [row for row in told if all(row[key] == value for key, value in asked.items() if value is not None)]

"""Leave: asked for, judged by another, taken back; and the books of shifts (STF-18, HND-08..15)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query
from pydantic import BaseModel, Field

from guanjia.staffing.models import Leave, LedgerItem, ShiftBook

from .bodies import colleague
from .door import Noun, staff_only
from .fields import Body, Day, Id, one_of, perhaps
from .paging import NEWEST, Paging, page

noun = Noun(tags=["staff"])


class LeaveTold(BaseModel):
    id: int
    person: str = Field(examples=["李明"])
    kind: Literal["personal", "sick", "annual", "shifted", "errand"]
    first: date
    last: date = Field(description="Included.")
    state: Literal["waiting", "granted", "refused", "withdrawn"]
    cover: str = Field(description="Who stands in once granted, else whom the person proposes.")
    why: str
    words: str = Field(description="Of whoever decided.")


class LeavePage(BaseModel):
    items: list[LeaveTold]
    next: str | None


class LeaveAsked(Body):
    kind: Literal["personal", "sick", "annual", "shifted", "errand"] = "personal"
    first: Day = Field(examples=["2026-03-20"])
    last: Day = Field(examples=["2026-03-21"], description="Included.")
    why: str = perhaps(300, "回老家")
    cover: Id | None = Field(None, description="Id of a person with a post here; none: whoever stands in for the post.")


class LeaveJudged(Body):
    """A no needs words."""

    granted: bool
    words: str = perhaps(300, "人手不够")
    cover: Id | None = None


class BookItemTold(BaseModel):
    words: str
    who: str
    unit: str | None = Field(examples=["3-1-501"])
    follow_up: str
    carried: bool = Field(description="Moved to the handover book.")
    result: str
    handler: str
    done_at: datetime | None


class ShiftBookTold(BaseModel):
    id: int
    person: str
    day: date
    shift: str = Field(examples=["day"])
    state: Literal["open", "given", "taken", "reviewed", "filed"]
    matters: str = Field(description="What everybody must know.")
    movements: str
    given_at: datetime | None
    taken_by: str
    reviewed_by: str
    review: str
    items: list[BookItemTold] | None = Field(description="The ledger; with one book only.")


class ShiftBookPage(BaseModel):
    items: list[ShiftBookTold]
    next: str | None


class BookReviewed(Body):
    words: str = perhaps(500, "已阅")


def _state(row: Leave) -> Any:
    if row.withdrawn_at:
        return "withdrawn"
    return "waiting" if row.decided_at is None else "granted" if row.granted else "refused"


def _leave(row: Leave) -> LeaveTold:
    cover = (row.absence.cover if row.absence else None) or row.cover
    return LeaveTold(
        id=row.pk, person=row.person.name, kind=one_of(row.kind), first=row.first, last=row.last, state=_state(row), cover=cover.name if cover else "",
        why=row.why, words=row.words,
    )  # fmt: skip


def _leaves(request: Any) -> Any:
    staff_only(request.reach)
    return Leave.objects.visible_to(request.reach).select_related("person", "cover", "absence__cover", "estate")


def _person(reach: Any, pk: int | None) -> Any:
    return colleague(reach, pk, "cover") if pk else None


@noun.get("/leaves", response=LeavePage, summary="Leave")
def list_leaves(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """One's own; all of the estate's for who draws up the roster. Newest first."""
    return page(request, response, _leaves(request), wanted, NEWEST, _leave, LeavePage)


@noun.post("/leaves", response=LeaveTold, summary="Ask for leave")
def ask_leave(request: Any, body: LeaveAsked) -> Any:
    staff_only(request.reach)
    told = body.model_dump() | {"cover": _person(request.reach, body.cover)}
    return _leave(Leave.objects.ask(**told, by=request.reach))


@noun.post("/leaves/{id}/verdict", response=LeaveTold, summary="Grant or refuse leave")
def judge_leave(request: Any, id: Id, body: LeaveJudged) -> Any:
    """With `duty.roster`; never one's own. A yes plans the absence."""
    row = get_object_or_404(_leaves(request), pk=id)
    request.reach.must("duty.roster")
    if body.granted:
        row.grant(cover=_person(request.reach, body.cover), words=body.words, by=request.reach)
    else:
        row.refuse(body.words, by=request.reach)
    return _leave(get_object_or_404(_leaves(request), pk=id))


@noun.post("/leaves/{id}/withdrawal", response=LeaveTold, summary="Take a request back")
def withdraw_leave(request: Any, id: Id) -> Any:
    row = get_object_or_404(_leaves(request), pk=id)
    row.withdraw(by=request.reach)
    return _leave(row)


def _book(row: ShiftBook, items: list[BookItemTold] | None = None) -> ShiftBookTold:
    names = {name: person.name if person else "" for name in ("taken_by", "reviewed_by") for person in [getattr(row, name)]}
    return ShiftBookTold(
        id=row.pk, person=row.person.name, day=row.day, shift=row.shift, state=one_of(row.state), matters=row.matters, movements=row.movements,
        given_at=row.given_at, review=row.review, items=items, **names,
    )  # fmt: skip


def _books(request: Any) -> Any:
    staff_only(request.reach)
    return ShiftBook.objects.visible_to(request.reach).select_related("person", "taken_by", "reviewed_by")


@noun.get("/shift-books", response=ShiftBookPage, summary="Handover books")
def list_shift_books(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """Every colleague reads them: whoever follows on must know. Newest first."""
    return page(request, response, _books(request), wanted, NEWEST, _book, ShiftBookPage)


@noun.get("/shift-books/{id}", response=ShiftBookTold, summary="One handover book with its ledger")
def get_shift_book(request: Any, id: Id) -> Any:
    row = get_object_or_404(_books(request), pk=id)
    rows = LedgerItem.objects.at_estate(request.estate).filter(book=row).select_related("unit", "handler").order_by("pk")
    items = [
        BookItemTold(
            words=each.words, who=each.who, unit=each.unit.code if each.unit else None, follow_up=each.follow_up, carried=each.carried_at is not None,
            result=each.result, handler=each.handler.name if each.handler else "", done_at=each.done_at,
        )
        for each in rows
    ]  # fmt: skip
    return _book(row, items)


@noun.post("/shift-books/{id}/taking", response=ShiftBookTold, summary="Take a shift over")
def take_shift_book(request: Any, id: Id) -> Any:
    """The second signature, by another than who wrote it."""
    row = get_object_or_404(_books(request), pk=id)
    row.take(by=request.reach)
    return _book(row)


@noun.post("/shift-books/{id}/review", response=ShiftBookTold, summary="Review a handover book")
def review_shift_book(request: Any, id: Id, body: BookReviewed) -> Any:
    """With `duty.roster`, by somebody who neither wrote nor took it."""
    row = get_object_or_404(_books(request), pk=id)
    row.look_over(body.words, by=request.reach)
    return _book(row)

"""What has to be put right: asked of somebody by a day, looked at again by another."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpResponse
from ninja import Query, Status
from pydantic import BaseModel, Field

from guanjia.quality.models import FixRound, Rectification

from .door import Noun, staff_only
from .fields import Body, Id, perhaps, said
from .paging import BY_ID, Paging, page
from .quality import one_of, person_of

noun = Noun(tags=["quality"])


class FixTold(BaseModel):
    id: int
    words: str
    responsible: str
    due_on: date
    round: int
    state: Literal["open", "submitted", "closed"]
    ticket: str | None


class FixPage(BaseModel):
    items: list[FixTold]
    next: str | None


class FixAsked(Body):
    words: str = said(500, "备用钥匙全部入柜")
    responsible: str = said(150, "steward1", description="Login.")
    due_on: date = Field(examples=["2026-03-12"])


class FixJudged(Body):
    passed: bool
    words: str = perhaps(500, "还有一把没有入柜")
    due_on: date | None = None


def _fixes(request: Any) -> Any:
    staff_only(request.reach)
    return Rectification.objects.visible_to(request.reach).select_related("responsible", "ticket").prefetch_related("rounds")


def _fix(row: Rectification) -> FixTold:
    now: FixRound = next(one for one in row.rounds.all() if one.number == row.round)
    state: Any = "closed" if row.closed_at else "submitted" if now.done_at else "open"
    return FixTold(id=row.pk, words=row.words, responsible=row.responsible.name, due_on=row.due_on, round=row.round, state=state, ticket=row.ticket.number if row.ticket else None)


@noun.get("/rectifications", response=FixPage, summary="What has to be put right")
def list_rectifications(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """One's own, or all with `quality.read`."""
    return page(request, response, _fixes(request), wanted, BY_ID, _fix, FixPage)


@noun.post("/rectifications", response={201: FixTold}, summary="Ask for something to be put right")
def ask_rectification(request: Any, body: FixAsked) -> Any:
    """With `quality.rectify`: a responsible person and a day."""
    staff_only(request.reach)
    request.reach.must("quality.rectify")
    row = Rectification.objects.ask(body.words, person_of(request, body.responsible), body.due_on, by=request.reach)
    return Status(201, _fix(one_of(_fixes(request), row.pk)))


@noun.post("/rectifications/{id}/verdict", response=FixTold, summary="Look at it again")
def judge_rectification(request: Any, id: Id, body: FixJudged) -> Any:
    """With `quality.rectify`, by another than the responsible: closed, or one more round."""
    row = one_of(_fixes(request), id)
    row.judge(body.passed, body.words, by=request.reach, due_on=body.due_on)
    return _fix(one_of(_fixes(request), id))

"""Lawyer's letters: asked for, judged by another, sent by registered post (FEE-11)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Status
from pydantic import BaseModel, Field

from guanjia.collection.models import Letter

from .chases import payer_of
from .door import Noun
from .fields import Body, Id, said
from .paging import NEWEST, Paging, page

noun = Noun(tags=["dunning"])


class LetterLine(BaseModel):
    fee: str
    unit: str
    month: str = Field(examples=["2026-03"])
    owed: Decimal
    late: Decimal = Field(description="The late charge on it, where the company has set a rate.")


class LetterTold(BaseModel):
    id: int
    number: str = Field(examples=["2026-0001"])
    household: int
    unit: str
    on: date
    why: str
    state: str = Field(description="asked, approved, refused")
    owed: Decimal = Field(description="Yuan, as it was when asked for.")
    late: Decimal
    asked_at: datetime
    judged_at: datetime | None
    sent_at: datetime | None
    parcel: str = Field(description="Number of the registered post.")


class LetterWhole(LetterTold):
    lines: list[LetterLine]


class LetterPage(BaseModel):
    items: list[LetterTold]
    next: str | None


class LetterAsked(Body):
    household: Id
    why: str = said(200, "四次承诺未付，无正当理由")


class LetterJudged(Body):
    approved: bool


class LetterPosted(Body):
    parcel: str = said(64, "XA12345678911")


def _plain(row: Letter) -> dict[str, Any]:
    names = ("on", "why", "state", "owed", "late", "asked_at", "judged_at", "sent_at", "parcel")
    known = {"id": row.pk, "number": str(row), "household": row.household_id, "unit": row.unit.code}
    return known | {name: getattr(row, name) for name in names}


def _told(row: Letter) -> LetterTold:
    return LetterTold(**_plain(row))


def _whole(row: Letter) -> LetterWhole:
    heads = ("fee", "unit", "month", "owed", "late")
    return LetterWhole(**_plain(row), lines=[LetterLine(**dict(zip(heads, line, strict=True))) for line in row.rows])


def _letter(reach: Any, pk: int) -> Letter:
    reach.must("chase.act")
    row: Letter = get_object_or_404(Letter.objects.visible_to(reach).select_related("unit", "household"), pk=pk)
    return row


@noun.get("/letters", response=LetterPage, summary="Lawyer's letters")
def list_letters(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """With `chase.act`, within reach; newest first."""
    request.reach.must("chase.act")
    rows = Letter.objects.visible_to(request.reach).select_related("unit")
    return page(request, response, rows, wanted, NEWEST, _told, LetterPage)


@noun.get("/letters/{id}", response=LetterWhole, summary="One letter, line by line")
def get_letter(request: Any, id: Id) -> Any:
    return _whole(_letter(request.reach, id))


@noun.post("/letters", response={201: LetterWhole}, summary="Ask for a letter")
def ask_letter(request: Any, body: LetterAsked) -> Any:
    """Refused (409) before the quarter's last check, while the household is held, and where nothing is overdue."""
    return Status(201, _whole(Letter.objects.ask(payer_of(request.reach, body.household), body.why, by=request.reach)))


@noun.post("/letters/{id}/verdict", response=LetterWhole, summary="Judge a letter")
def judge_letter(request: Any, id: Id, body: LetterJudged) -> Any:
    """With `chase.judge`; not one's own."""
    row = _letter(request.reach, id)
    row.judge_it(body.approved, by=request.reach)
    return _whole(row)


@noun.post("/letters/{id}/posting", response=LetterWhole, summary="Sent by registered post")
def post_letter(request: Any, id: Id, body: LetterPosted) -> Any:
    """Who has paid meanwhile, or is held, gets none (409). What was sent is kept on the household's file."""
    row = _letter(request.reach, id)
    row.send(body.parcel, by=request.reach)
    return _whole(row)

"""Dunning: whom to contact, what was said, who is left in peace (FEE-05 … FEE-10)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.http import Http404, HttpResponse
from ninja import Query, Status
from pydantic import BaseModel, Field

from guanjia.collection.models import Call, Chase, Hold, Payer
from guanjia.tickets import callers

from .door import Noun
from .fields import NO_NUL, Body, Id, Instant, said
from .paging import NEWEST, Paging, page

noun = Noun(tags=["dunning"])


class CallTold(BaseModel):
    id: int
    kind: str = Field(examples=["month"], description="month, reason, recheck, final, promise, follow_up, debit_failed …")
    household: int
    unit: str = Field(examples=["3-1-501"])
    opens_on: date
    closes_on: date
    owed: Decimal = Field(description="Yuan, when it was made.")
    outcome: str = Field(description="Empty while it is open; recorded, paid, held.")


class CallPage(BaseModel):
    items: list[CallTold]
    next: str | None


class CallsWanted(Paging):
    open: bool = Field(True, description="Only those still to be made.")


class ChaseTold(BaseModel):
    id: int
    household: int
    unit: str
    contact: str = Field(examples=["phone"])
    reason: str = Field(examples=["forgot"])
    words: str
    promised_on: date | None
    strongly: bool = Field(description="Objects strongly: is visited, and the management told.")
    offered_debit: bool
    owed: Decimal = Field(description="Yuan, at the time.")
    ticket: str = Field(description="The report a service reason opened; else empty.")
    at: datetime


class ChasePage(BaseModel):
    items: list[ChaseTold]
    next: str | None


class ChasesWanted(Paging):
    household: int | None = Field(None, ge=1, le=2**63 - 1)
    since: date | None = None
    until: date | None = Field(None, description="The last day.")


class Contacted(Body):
    """One contact. A service reason opens a ticket and stops the chasing; nobody is rung up in the hours of rest (409)."""

    household: Id
    contact: Literal["phone", "visit", "message", "counter"]
    reason: Literal["forgot", "not_received", "away", "debit", "service", "dispute", "hardship", "unreached", "refuses", "other"]
    words: str = said(500, "下周来缴")
    promised_on: date | None = Field(None, examples=["2026-03-20"])
    strongly: bool = False
    offered_debit: bool = False
    spoke_at: Instant | None = Field(None, description="Within the last week; left out: now.")
    client_key: str = Field(min_length=8, max_length=60, pattern=NO_NUL, examples=["call-20260310-1"], description="The same key is the same contact.")


class HoldTold(BaseModel):
    id: int
    household: int
    unit: str
    kind: str = Field(examples=["hardship"], description="service, dispute, hardship")
    why: str
    state: str = Field(description="asked (holds as well), approved, refused")
    since: datetime
    until: date | None
    ended_at: datetime | None


class HoldPage(BaseModel):
    items: list[HoldTold]
    next: str | None


class HoldAsked(Body):
    household: Id
    kind: Literal["hardship", "dispute"]
    why: str = said(300, "住院，下月起分期")


class HoldJudged(Body):
    """A yes names the first day the household is called again."""

    approved: bool
    until: date | None = Field(None, examples=["2026-05-01"])


def payer_of(reach: Any, household: int) -> Payer:
    """Of a household one may look up and chase; 404 for others'."""
    reach.must("chase.act")
    found = callers.may_call(reach).filter(pk=household).exists()
    payer = Payer.of(reach.estate, household) if found else None
    if payer is None:
        raise Http404
    return payer


def _call(row: Call) -> CallTold:
    plain = {name: getattr(row, name) for name in ("kind", "opens_on", "closes_on", "owed", "outcome")}
    return CallTold(id=row.pk, household=row.household_id, unit=row.unit.code, **plain)


def _chase(row: Chase) -> ChaseTold:
    plain = {name: getattr(row, name) for name in ("contact", "reason", "words", "promised_on", "strongly", "offered_debit", "owed", "at")}
    return ChaseTold(id=row.pk, household=row.household_id, unit=row.unit.code, ticket=row.ticket.number if row.ticket else "", **plain)


def _hold(row: Hold) -> HoldTold:
    plain = {name: getattr(row, name) for name in ("kind", "why", "state", "since", "until", "ended_at")}
    return HoldTold(id=row.pk, household=row.household_id, unit=row.unit.code, **plain)


@noun.get("/calls", response=CallPage, summary="Whom to contact about what is unpaid")
def list_calls(request: Any, response: HttpResponse, wanted: Query[CallsWanted]) -> Any:
    """With `chase.act`, within reach; newest first."""
    request.reach.must("chase.act")
    rows = Call.objects.visible_to(request.reach).select_related("unit")
    return page(request, response, rows.open() if wanted.open else rows, wanted, NEWEST, _call, CallPage)


@noun.get("/chases", response=ChasePage, summary="The dunning record, contact by contact")
def list_chases(request: Any, response: HttpResponse, wanted: Query[ChasesWanted]) -> Any:
    """《物管费催收记录表》, newest first."""
    request.reach.must("chase.act")
    rows = Chase.objects.visible_to(request.reach).select_related("unit", "ticket")
    where = {"household_id": wanted.household, "on__gte": wanted.since, "on__lte": wanted.until}
    rows = rows.filter(**{name: value for name, value in where.items() if value is not None})
    return page(request, response, rows, wanted, NEWEST, _chase, ChasePage)


@noun.post("/chases", response={201: ChaseTold}, summary="Write a contact down")
def record_chase(request: Any, body: Contacted) -> Any:
    """With `chase.act`. Every call of the household that was open then is answered by it."""
    told = body.model_dump(exclude={"household", "client_key"})
    payer = payer_of(request.reach, body.household)
    return Status(201, _chase(Chase.objects.record(payer, key=f"api {body.client_key}", by=request.reach, **told)))


@noun.get("/holds", response=HoldPage, summary="Households left in peace")
def list_holds(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """Those in force, newest first."""
    request.reach.must("chase.act")
    rows = Hold.objects.visible_to(request.reach).in_force().select_related("unit")
    return page(request, response, rows, wanted, NEWEST, _hold, HoldPage)


@noun.post("/holds", response={201: HoldTold}, summary="Ask to leave a household in peace")
def begin_hold(request: Any, body: HoldAsked) -> Any:
    """It holds from now on; another person judges it."""
    payer = payer_of(request.reach, body.household)
    return Status(201, _hold(Hold.objects.begin(payer, body.kind, body.why, by=request.reach)))


@noun.post("/holds/{id}/verdict", response=HoldTold, summary="Judge a hold")
def judge_hold(request: Any, id: Id, body: HoldJudged) -> Any:
    """With `chase.judge`; not one's own."""
    request.reach.must("chase.judge")
    row = Hold.objects.at_estate(request.estate).select_related("unit").filter(pk=id).first()
    if row is None:
        raise Http404
    row.judge_it(body.approved, until=body.until, by=request.reach)
    return _hold(row)

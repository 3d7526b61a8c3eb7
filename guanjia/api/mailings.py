"""Letters to households and how every paper reaches its own (COM-15 … COM-20, CF-18)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Status
from pydantic import BaseModel, Field

from guanjia.collection.models import Handing, Mailing

from .door import Noun
from .fields import Body, Id, perhaps, said
from .paging import NEWEST, Paging, page

noun = Noun(tags=["papers"])


class MailingTold(BaseModel):
    id: int
    title: str
    words: str
    signer: str
    writer: int
    written_at: datetime
    withdrawn_at: datetime | None
    state: str = Field(examples=["asked"], description="asked, approved, refused.")
    judge: int | None
    judged_at: datetime | None
    sent: int = Field(description="Households it is for.")
    done: int = Field(description="Of them, who has it.")


class MailingPage(BaseModel):
    items: list[MailingTold]
    next: str | None


class MailingWritten(Body):
    """To the households of the rooms, else of zones or buildings, else of the whole reach."""

    title: str = said(60, "电梯年检的说明")
    words: str = said(4000, "四月三日上午年检，请走二单元。")
    signer: str = said(60, "客户服务中心")
    units: list[Id] | None = Field(None, max_length=500)
    zones: list[Id] = Field([], max_length=200)
    buildings: list[Id] = Field([], max_length=500)
    client_key: str = perhaps(40, "a1b2c3", description="The same key writes one letter.")


class MailingWithdrawn(Body):
    why: str = said(200, "日期写错")


class MailingJudged(Body):
    approved: bool
    words: str = perhaps(200, "日期与通知不符", description="Why, where it is not approved.")


class PaperTold(BaseModel):
    id: int
    mailing: int | None
    bill: int | None
    title: str = Field(description="The letter's; of a statement its month.")
    household: int
    unit: str = Field(examples=["3-1-501"])
    way: str = Field(examples=["guards"], description="guards, personal, post, door")
    address: str
    issued_on: date
    outcome: str = Field(description="Empty while it waits; tried, handed.")
    taker: str
    words: str
    proved: bool = Field(description="A signature or photo is on the household's file.")
    at: datetime | None


class PaperPage(BaseModel):
    items: list[PaperTold]
    next: str | None


class PapersWanted(Paging):
    waiting: bool = Field(True, description="Only those nobody has yet.")


class PaperHanded(Body):
    """A letter needs who received it and a signature; what is posted, the parcel's number in `words`."""

    taker: str = perhaps(40, "梅女士")
    words: str = perhaps(100, "EMS 1023 4567 890")
    signature: str = perhaps(700_000, "data:image/png;base64,iVBORw0KGgo=", description="PNG as a data URL.")
    enveloped: bool = False
    briefed: bool = False


class PaperTried(Body):
    words: str = perhaps(100, "没有人应门")


def _mailing(row: Mailing) -> MailingTold:
    names = ("title", "words", "signer", "written_at", "withdrawn_at", "state", "judged_at")
    known = row if hasattr(row, "sent") else Mailing.objects.at_estate(row.estate_id).counted().get(pk=row.pk)
    count: dict[str, Any] = {name: getattr(known, name) for name in ("sent", "done")}
    return MailingTold(id=row.pk, writer=row.writer_id, judge=row.judge_id, **count, **{name: getattr(row, name) for name in names})


def _paper(row: Handing) -> PaperTold:
    names = ("title", "way", "address", "issued_on", "outcome", "taker", "words", "at")
    known: dict[str, Any] = {"id": row.pk, "mailing": row.mailing_id, "bill": row.bill_id, "household": row.household_id, "unit": row.unit.code, "proved": row.proof_id is not None}
    return PaperTold(**known, **{name: getattr(row, name) for name in names})


def _found(request: Any, rows: Any, pk: int) -> Any:
    request.reach.must("chase.act")
    return get_object_or_404(rows.visible_to(request.reach), pk=pk)


@noun.get("/mailings", response=MailingPage, summary="Letters to households")
def list_mailings(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """With `chase.act`: the estate's, or what is for one's zones; newest first."""
    request.reach.must("chase.act")
    return page(request, response, Mailing.objects.visible_to(request.reach).counted(), wanted, NEWEST, _mailing, MailingPage)


@noun.get("/mailings/{id}", response=MailingTold, summary="One letter")
def get_mailing(request: Any, id: Id) -> Any:
    return _mailing(_found(request, Mailing.objects, id))


@noun.post("/mailings", response={201: MailingTold}, summary="Write a letter to households")
def write_mailing(request: Any, body: MailingWritten) -> Any:
    """One paper to hand over for each household; a steward's own zones only (409 when that is nobody)."""
    return Status(201, _mailing(Mailing.objects.write(**body.model_dump(), by=request.reach)))


@noun.post("/mailings/{id}/withdrawal", response=MailingTold, summary="Withdraw a letter")
def withdraw_mailing(request: Any, id: Id, body: MailingWithdrawn) -> Any:
    row = _found(request, Mailing.objects, id)
    row.withdraw(body.why, by=request.reach)
    return _mailing(row)


@noun.post("/mailings/{id}/verdict", response=MailingTold, summary="Approve a letter, or not")
def judge_mailing(request: Any, id: Id, body: MailingJudged) -> Any:
    """With `mailing.judge`, not by its writer; before that it is neither printed nor handed over."""
    if not request.reach.may("mailing.judge"):
        request.reach.must("chase.act")  # who may neither finds no letters at all
    row = Mailing.objects.visible_to(request.reach).filter(pk=id).first()
    if row is None:
        raise Http404
    row.judge_it(body.approved, body.words, by=request.reach)
    return _mailing(row)


@noun.get("/papers", response=PaperPage, summary="Statements and letters on their way")
def list_papers(request: Any, response: HttpResponse, wanted: Query[PapersWanted]) -> Any:
    request.reach.must("chase.act")
    rows = Handing.objects.visible_to(request.reach).select_related("unit", "bill", "mailing")
    return page(request, response, rows.waiting() if wanted.waiting else rows, wanted, NEWEST, _paper, PaperPage)


@noun.get("/papers/{id}", response=PaperTold, summary="One paper")
def get_paper(request: Any, id: Id) -> Any:
    return _paper(_found(request, Handing.objects, id))


@noun.post("/papers/{id}/delivery", response=PaperTold, summary="Handed over")
def hand_paper(request: Any, id: Id, body: PaperHanded) -> Any:
    """Once; who received it and the proof stay with it."""
    row = _found(request, Handing.objects, id)
    row.deliver(by=request.reach, **body.model_dump())
    return _paper(row)


@noun.post("/papers/{id}/attempt", response=PaperTold, summary="Nobody was there")
def try_paper(request: Any, id: Id, body: PaperTried) -> Any:
    row = _found(request, Handing.objects, id)
    row.attempt(body.words, by=request.reach)
    return _paper(row)

"""银行代扣: who lets the bank pay; lists that go out filled in and come back answered (FEE-12 … FEE-14)."""

from __future__ import annotations

import base64
import binascii
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Status
from pydantic import BaseModel, Field

from guanjia.collection.models import DebitBatch, Mandate, Payer
from guanjia.tenancy.errors import NotAllowed
from guanjia.tickets import callers

from .door import Noun
from .fields import Body, Id, said
from .paging import NEWEST, Paging, page
from .problems import Unfit

noun = Noun(tags=["direct debit"])
MOST = 3 * 1024 * 1024  # bytes of the bank's answer
CSV = {"responses": {200: {"description": "CSV in UTF-8", "content": {"text/csv": {"schema": {"type": "string"}}}}}}


class MandateTold(BaseModel):
    id: int
    household: int
    unit: str = Field(examples=["3-1-501"])
    bank: str
    holder: str
    tail: str = Field(description="The account's last four digits; more of it is never shown.")
    signed_at: datetime
    ended_at: datetime | None


class MandatePage(BaseModel):
    items: list[MandateTold]
    next: str | None


class MandatesWanted(Paging):
    ended: bool = Field(False, description="Those that were ended as well.")


class MandateSigned(Body):
    """One account a household: a new one ends the one before."""

    household: Id
    bank: str = said(40, "交通银行")
    holder: str = said(60, "梅女士")
    number: str = said(60, "6222600012345678", description="8 to 32 digits.")


class DebitTold(BaseModel):
    id: int
    on: date
    state: str = Field(description="listed, filled, sent, returned")
    count: int
    total: Decimal = Field(description="Yuan; nothing before the amounts are filled in.")
    listed_at: datetime
    sent_at: datetime | None
    returned_at: datetime | None


class DebitPage(BaseModel):
    items: list[DebitTold]
    next: str | None


class DebitItemTold(BaseModel):
    number: int
    household: int
    unit: str
    holder: str
    tail: str
    amount: Decimal
    good: bool | None = Field(description="Empty until the bank has answered.")
    why: str = Field(description="What the bank said where it could not debit.")
    payment: int | None


class DebitWhole(DebitTold):
    items: list[DebitItemTold]


class DebitAnswered(Body):
    """The bank's file as base64, 3 MB at most: the list's columns with result and reason. Whole or not at all."""

    content: str = Field(min_length=4, max_length=MOST * 4 // 3 + 4, examples=["5bqP5Y+3LOmHkeminQ=="])


class DebitCounted(BaseModel):
    good: int
    bad: int = Field(description="Their stewards ring them up within a day.")


def _mandate(row: Mandate) -> MandateTold:
    names = ("bank", "holder", "tail", "signed_at", "ended_at")
    return MandateTold(id=row.pk, household=row.household_id, unit=row.unit.code, **{name: getattr(row, name) for name in names})


def _plain(row: DebitBatch) -> dict[str, Any]:
    names = ("on", "state", "listed_at", "sent_at", "returned_at")
    return {"id": row.pk, "count": row.items.count(), "total": row.total(), **{name: getattr(row, name) for name in names}}


def _told(row: DebitBatch) -> DebitTold:
    return DebitTold(**_plain(row))


def _whole(row: DebitBatch) -> DebitWhole:
    items = row.items.select_related("mandate", "unit").defer("mandate__number").order_by("number")
    told = [
        DebitItemTold(
            number=one.number, household=one.household_id, unit=one.unit.code, holder=one.mandate.holder, tail=one.mandate.tail, amount=one.amount,
            good=one.good, why=one.why, payment=one.payment_id,
        )
        for one in items
    ]  # fmt: skip
    return DebitWhole(**_plain(row), items=told)


def _may(reach: Any) -> None:
    if not (reach.may("debit.run") or reach.may("payment.take")):
        raise NotAllowed("debit.run")


def _batch(reach: Any, pk: int, needed: str = "") -> DebitBatch:
    reach.must(needed) if needed else _may(reach)
    row: DebitBatch = get_object_or_404(DebitBatch.objects.at_estate(reach.estate), pk=pk)
    return row


@noun.get("/mandates", response=MandatePage, summary="Who lets the bank pay")
def list_mandates(request: Any, response: HttpResponse, wanted: Query[MandatesWanted]) -> Any:
    """With `debit.run` or `payment.take`; newest first."""
    _may(request.reach)
    rows = Mandate.objects.at_estate(request.estate).select_related("unit").defer("number")
    return page(request, response, rows if wanted.ended else rows.filter(ended_at__isnull=True), wanted, NEWEST, _mandate, MandatePage)


@noun.post("/mandates", response={201: MandateTold}, summary="A household lets its bank pay")
def sign_mandate(request: Any, body: MandateSigned) -> Any:
    """With `debit.run`. The account number is sealed."""
    request.reach.must("debit.run")
    payer = Payer.of(request.estate, body.household) if callers.may_call(request.reach).filter(pk=body.household).exists() else None
    if payer is None:
        raise Http404
    return Status(201, _mandate(Mandate.objects.sign(payer, bank=body.bank, holder=body.holder, number=body.number, by=request.reach)))


@noun.post("/mandates/{id}/ending", response=MandateTold, summary="The bank pays no more")
def end_mandate(request: Any, id: Id) -> Any:
    """With `debit.run`. A list that is not filled in yet passes the household over."""
    request.reach.must("debit.run")
    row: Mandate | None = Mandate.objects.at_estate(request.estate).select_related("unit").filter(pk=id).first()
    if row is None:
        raise Http404
    row.end(by=request.reach)
    return _mandate(row)


@noun.get("/debits", response=DebitPage, summary="Lists for the bank")
def list_debits(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """With `debit.run` or `payment.take`; newest first."""
    _may(request.reach)
    return page(request, response, DebitBatch.objects.at_estate(request.estate), wanted, NEWEST, _told, DebitPage)


@noun.get("/debits/{id}", response=DebitWhole, summary="One list, household by household")
def get_debit(request: Any, id: Id) -> Any:
    return _whole(_batch(request.reach, id))


@noun.post("/debits", response={201: DebitWhole}, summary="List up who is debited")
def list_up_debit(request: Any) -> Any:
    """The service hall's step, with `debit.run`. 409 while the last list has not come back."""
    request.reach.must("debit.run")
    return Status(201, _whole(DebitBatch.objects.list_up(request.estate, by=request.reach)))


@noun.post("/debits/{id}/amounts", response=DebitWhole, summary="Fill in what each owes")
def fill_debit(request: Any, id: Id) -> Any:
    """The cashier's step, with `payment.take`; who owes nothing leaves the list."""
    row = _batch(request.reach, id, "payment.take")
    row.fill(by=request.reach)
    return _whole(row)


@noun.get("/debits/{id}/file", summary="What the bank gets", openapi_extra=CSV)
def get_debit_file(request: Any, id: Id) -> Any:
    """With `debit.run`, once it is filled in. It names account numbers: asking for it is written down."""
    row = _batch(request.reach, id, "debit.run")
    if row.state == DebitBatch.State.LISTED:
        raise Http404
    answer = HttpResponse(row.take_out(by=request.reach), content_type="text/csv; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@noun.post("/debits/{id}/dispatch", response=DebitWhole, summary="Taken to the bank")
def send_debit(request: Any, id: Id) -> Any:
    """With `debit.run`."""
    row = _batch(request.reach, id, "debit.run")
    row.send(by=request.reach)
    return _whole(row)


@noun.post("/debits/{id}/answer", response=DebitCounted, summary="What the bank answered")
def answer_debit(request: Any, id: Id, body: DebitAnswered) -> Any:
    """With `payment.take`. What was debited is taken as payment; a file that does not fit the list moves nothing (409)."""
    row = _batch(request.reach, id, "payment.take")
    try:
        content = base64.b64decode(body.content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unfit("body/content", "base64") from error
    return row.take_back(content, by=request.reach)

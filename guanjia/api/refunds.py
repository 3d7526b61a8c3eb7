"""Voids and refunds, asked by one and judged by another; using what was paid ahead (FIN-01)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from ninja import Query, Status
from pydantic import BaseModel, Field

from guanjia.collection.kinds import AT_THE_COUNTER, Way
from guanjia.collection.models import Payment, Undoing
from guanjia.tenancy.errors import NotAllowed

from .door import Noun
from .fields import Body, Id, perhaps, said
from .paging import NEWEST, Paging, page
from .payments import payer_within

noun = Noun(tags=["payments"])
WAYS = "^(" + "|".join([*(way.value for way in AT_THE_COUNTER), Way.ONLINE.value]) + ")$"


class RefundTold(BaseModel):
    id: int
    payment: int
    unit: str = Field(examples=["3-1-501"])
    amount: Decimal = Field(description="Yuan.")
    whole: bool = Field(description="The whole payment: a void.")
    way: str = Field(description="How it goes back.")
    why: str
    state: str = Field(description="asked, approved, refused")
    asker: int
    asked_at: datetime
    judge: int | None
    judged_at: datetime | None
    verdict: str
    on: date | None = Field(description="The business date of what went back.")
    receipt: str = Field(description="Number of the red receipt; empty until it went back.")


class RefundPage(BaseModel):
    items: list[RefundTold]
    next: str | None


class RefundsWanted(Paging):
    waiting: bool = Field(False, description="Only those that nobody has judged.")


class RefundAsked(Body):
    """The whole amount is a void. One request of a payment at a time."""

    amount: Decimal = Field(gt=0, max_digits=12, decimal_places=2, examples=["100.00"])
    why: str = said(200, "重复缴费")
    way: str = Field("", pattern=f"{WAYS}|^$", examples=["transfer"], description="How it goes back; left out: as it came.")


class RefundJudged(Body):
    """A no wants words."""

    approved: bool
    words: str = perhaps(200, "请补银行回单")


class PrepaidUsed(Body):
    household: int = Field(ge=1, le=2**63 - 1, examples=[999_999_999])


class PrepaidTold(BaseModel):
    used: Decimal = Field(description="Yuan that paid lines now.")
    prepaid: Decimal = Field(description="What is left of it.")
    owed: Decimal


def _told(row: Undoing) -> RefundTold:
    names = ("amount", "whole", "way", "why", "state", "asked_at", "judged_at", "verdict", "on")
    red = next((str(one) for one in row.receipts.all()), "")
    known: dict[str, Any] = {"id": row.pk, "payment": row.payment_id, "unit": row.payment.unit.code, "asker": row.asker_id, "judge": row.judge_id, "receipt": red}
    return RefundTold(**known, **{name: getattr(row, name) for name in names})


def _rows(reach: Any) -> Any:
    if not (reach.may("payment.undo") or reach.may("payment.judge")):
        raise NotAllowed("payment.undo")
    rows = Undoing.objects.filter(estate_id=reach.estate.pk, payment__in=Payment.objects.visible_to(reach))
    return rows.select_related("payment__unit").prefetch_related("receipts")


@noun.get("/refunds", response=RefundPage, summary="Voids and refunds")
def list_refunds(request: Any, response: HttpResponse, wanted: Query[RefundsWanted]) -> Any:
    """With `payment.undo` or `payment.judge`; newest first."""
    rows = _rows(request.reach)
    return page(request, response, rows.filter(state="asked") if wanted.waiting else rows, wanted, NEWEST, _told, RefundPage)


@noun.post("/payments/{id}/refund", response={201: RefundTold}, summary="Ask that money goes back")
def ask_refund(request: Any, id: Id, body: RefundAsked) -> Any:
    """With `payment.undo`. Nothing moves before another person has agreed."""
    request.reach.must("payment.undo")
    payment = Payment.objects.visible_to(request.reach).filter(pk=id).first()
    if payment is None:
        raise Http404
    made = payment.ask_back(body.amount, why=body.why, way=body.way, by=request.reach)
    return Status(201, _told(_rows(request.reach).get(pk=made.pk)))


@noun.post("/refunds/{id}/verdict", response=RefundTold, summary="Judge a refund")
def judge_refund(request: Any, id: Id, body: RefundJudged) -> Any:
    """With `payment.judge`; not one's own. A yes gives the money back and writes a red receipt."""
    request.reach.must("payment.judge")
    row = _rows(request.reach).filter(pk=id).first()
    if row is None:
        raise Http404
    row.judge_it(body.approved, words=body.words, by=request.reach)
    return _told(_rows(request.reach).get(pk=id))


@noun.post("/prepayments", response=PrepaidTold, summary="Pay from what was paid ahead")
def use_prepaid(request: Any, body: PrepaidUsed) -> Any:
    """With `payment.take`; oldest line first. Sent again it uses nothing."""
    request.reach.must("payment.take")
    payer = payer_within(request.reach, body.household)
    used = Payment.objects.use_prepaid(payer, by=request.reach)
    return PrepaidTold(used=used, prepaid=payer.prepaid(), owed=payer.owes())

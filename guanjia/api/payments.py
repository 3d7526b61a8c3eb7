"""Payments and receipts: what was taken, and taking it with a key that makes a repeat harmless."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from ninja import Query, Status
from pydantic import BaseModel, Field

from guanjia.collection.models import Payer, Payment
from guanjia.households.models import Household

from .door import Noun
from .fields import NO_NUL, Body, Id
from .paging import NEWEST, Paging, page

noun = Noun(tags=["payments"])


class PaymentTold(BaseModel):
    id: int
    household: int | None = Field(description="Empty: the developer paid.")
    unit: str = Field(examples=["3-1-501"])
    amount: Decimal = Field(description="Yuan.")
    prepaid: Decimal = Field(description="Of it, what pays no line yet.")
    back: Decimal = Field(description="Of it, what was given back.")
    way: str = Field(examples=["transfer"])
    reference: str
    on: date
    at: datetime
    receipts: list[str] = Field(examples=[["2026-000012"]], description="Numbers, the first is the payment's own.")


class PaymentPage(BaseModel):
    items: list[PaymentTold]
    next: str | None


class PaymentsWanted(Paging):
    household: int | None = Field(None, ge=1, le=2**63 - 1)


class Dues(BaseModel):
    household: int
    owed: Decimal
    overdue: Decimal
    prepaid: Decimal


class Taken(Body):
    household: int = Field(ge=1, le=2**63 - 1, examples=[999_999_999])
    amount: Decimal = Field(gt=0, max_digits=12, decimal_places=2, examples=["237.18"])
    way: str = Field(pattern="^(cash|transfer|card|qr)$", examples=["transfer"])
    reference: str = Field("", max_length=64, pattern=NO_NUL)
    client_key: str = Field(min_length=8, max_length=60, examples=["order-20260310-1"], description="The same key is the same payment.")


def _rows(reach: Any) -> Any:
    return Payment.objects.visible_to(reach).with_back().select_related("unit").prefetch_related("receipts")


def _told(row: Any) -> PaymentTold:
    plain = {name: getattr(row, name) for name in ("amount", "prepaid", "back", "way", "reference", "on", "at")}
    numbers = sorted(str(receipt) for receipt in row.receipts.all())
    return PaymentTold(id=row.pk, household=row.household_id, unit=row.unit.code, receipts=numbers, **plain)


def payer_within(reach: Any, household: int) -> Payer:
    rows = Household.objects.at_estate(reach.estate).filter(pk=household)
    if reach.is_resident and not reach.is_staff:
        rows = rows.filter(pk__in=reach.households)
    elif not (reach.may("bill.read") and reach.sees == "estate"):
        rows = rows.none()
    payer = Payer.of(reach.estate, household) if rows.exists() else None
    if payer is None:
        raise Http404
    return payer


@noun.get("/payments", response=PaymentPage, summary="Payments")
def list_payments(request: Any, response: HttpResponse, wanted: Query[PaymentsWanted]) -> Any:
    """Residents see their own; staff with `bill.read` what they reach; newest first."""
    rows = _rows(request.reach)
    if wanted.household is not None:
        rows = rows.filter(household_id=wanted.household)
    return page(request, response, rows, wanted, NEWEST, _told, PaymentPage)


@noun.get("/payments/{id}", response=PaymentTold, summary="One payment")
def get_payment(request: Any, id: Id) -> Any:
    row = _rows(request.reach).filter(pk=id).first()
    if row is None:
        raise Http404
    return _told(row)


@noun.get("/households/{id}/dues", response=Dues, summary="What a household owes")
def get_dues(request: Any, id: Id) -> Any:
    """Charged by now and not paid; what of it is past its day; what was paid ahead."""
    payer = payer_within(request.reach, id)
    return Dues(household=id, owed=payer.owes(), overdue=payer.owes(overdue=True), prepaid=payer.prepaid())


@noun.post("/payments", response={201: PaymentTold}, summary="Take a payment")
def take_payment(request: Any, body: Taken) -> Any:
    """With `payment.take`; oldest line first, what is over is prepaid. Cash wants an open shift."""
    request.reach.must("payment.take")
    payer = payer_within(request.reach, body.household)
    paid = Payment.objects.take(
        payer, body.amount, way=body.way, key=f"api {body.client_key}", reference=body.reference, by=request.reach
    )
    return Status(201, _told(_rows(request.reach).get(pk=paid.pk)))

"""Bills, what they owe, and the books' figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404
from ninja import Query
from pydantic import BaseModel, Field

from guanjia import clock
from guanjia.billing.arrears import ageing, rates
from guanjia.billing.models import Bill
from guanjia.billing.statement import statement
from guanjia.tenancy.errors import NotAllowed

from .door import Noun
from .fields import Id

noun = Noun(tags=["bills"])
MOST = 200


class BillTold(BaseModel):
    id: int
    unit: str = Field(examples=["3-1-501"])
    payer: str = Field(examples=["梅女士"], description="Empty: the developer.")
    period: date
    amount: Decimal
    due_on: date
    live: bool = Field(description="False once its run is reversed.")


class LineTold(BaseModel):
    fee: str
    period: date
    until: date = Field(description="The first day it no longer covers.")
    amount: Decimal
    owed: Decimal
    explained: str = Field(examples=["89.5 × 2.65"])


class BillWhole(BillTold):
    lines: list[LineTold]
    owed: Decimal
    owed_before: Decimal = Field(description="What the payer owes on earlier bills of the unit.")


class RateTold(BaseModel):
    key: str = Field(examples=["东区"])
    charged: Decimal
    paid: Decimal
    opening: Decimal
    paid_since: Decimal
    current: Decimal | None = Field(description="Per cent; definitions in docs/api.md.")
    previous: Decimal | None
    total: Decimal | None


class AgeTold(BaseModel):
    age: int = Field(description="0 not due yet, 1 up to 30 days late, 2 up to 90, 3 up to a year, 4 longer.")
    payers: int
    owed: Decimal


class CollectionTold(BaseModel):
    on: date
    rates: list[RateTold]
    ageing: list[AgeTold]


def _told(bill: Bill) -> dict[str, Any]:
    payer = bill.household.name if bill.household else ""
    return {
        "id": bill.pk,
        "unit": bill.unit.code,
        "payer": payer,
        **{name: getattr(bill, name) for name in ("period", "amount", "due_on", "live")},
    }


@noun.get("/bills", response=list[BillTold], summary="Bills within reach")
def list_bills(
    request: Any,
    period: date | None = None,
    unit: str = Query("", max_length=60, pattern=r"^[^\x00]*$"),
    before: Id | None = None,
) -> Any:
    """Newest first, at most 200; `before` goes on from an id."""
    rows = Bill.objects.visible_to(request.reach).select_related("unit", "household").order_by("-pk")
    rows = rows.filter(period=period) if period else rows
    rows = rows.filter(unit__code=unit) if unit else rows
    rows = rows.filter(pk__lt=before) if before else rows
    return [BillTold(**_told(bill)) for bill in rows[:MOST]]


@noun.get("/bills/{id}", response=BillWhole, summary="One bill, explained")
def get_bill(request: Any, id: Id) -> Any:
    """Every line with its formula in figures and what it still owes today."""
    bill = Bill.objects.visible_to(request.reach).select_related("unit", "household", "estate").filter(pk=id).first()
    if bill is None:
        raise Http404
    shown = statement(bill, clock.today(request.estate))
    lines = [
        LineTold(fee=row["line"].fee.name, period=row["line"].period, until=row["line"].until, amount=row["line"].amount, owed=row["owed"], explained=row["why"])
        for row in shown["lines"]
    ]  # fmt: skip
    return BillWhole(**_told(bill), lines=lines, owed=shown["owed"], owed_before=shown["earlier"])


@noun.get("/collection", response=CollectionTold, summary="Collection rates and ageing as of a date")
def get_collection(
    request: Any, on: date | None = None, by: str = Query("all", pattern="^(all|zone|steward|building|fee)$")
) -> Any:
    """For staff who may read bills of the whole estate."""
    if not request.reach.may("bill.read") or request.reach.sees != "estate":
        raise NotAllowed("bill.read")
    day = on or clock.today(request.estate)
    told = [
        RateTold(**{name: getattr(row, name) for name in RateTold.model_fields})
        for row in rates(request.estate, day, by)
    ]
    ages = [AgeTold(age=age, payers=payers, owed=owed) for age, payers, owed in ageing(request.estate, day)]
    return CollectionTold(on=day, rates=told, ageing=ages)

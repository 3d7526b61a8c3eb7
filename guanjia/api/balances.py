"""The bank's months: both sides of the balance, drawn up by one and checked by another (FIN-02)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from ninja import Query, Status
from pydantic import BaseModel, Field

from guanjia import clock
from guanjia.collection.balancing import balance
from guanjia.collection.models import Reconciliation

from .bank import first_of, found_to_reconcile
from .door import Noun
from .fields import Body, Id, perhaps
from .paging import NEWEST, Paging, page

noun = Noun(tags=["bank"])


class BalanceTold(BaseModel):
    month: date
    last: date = Field(description="The day it is of: the month's last, or today.")
    held: Decimal = Field(description="In our books.")
    waiting: Decimal = Field(description="The bank has it, we do not.")
    missing: Decimal = Field(description="We have it, the bank does not.")
    bank: Decimal | None = Field(description="By the statement; empty where it names no balance.")
    out: Decimal | None = Field(description="How much the two sides differ.")


class SheetTold(BaseModel):
    id: int
    month: date
    held: Decimal
    waiting: Decimal
    missing: Decimal
    bank: Decimal
    out: Decimal
    why: str
    maker: int
    made_at: datetime
    checker: int | None
    checked_at: datetime | None


class SheetPage(BaseModel):
    items: list[SheetTold]
    next: str | None


class SheetDrawn(Body):
    """Drawn up again until it is checked; sides that differ want words."""

    month: date = Field(description="First of a month that is over.", examples=["2026-02-01"])
    why: str = perhaps(200, "在途支票")


def _sheet(row: Reconciliation) -> SheetTold:
    names = ("month", "held", "waiting", "missing", "bank", "out", "why", "made_at", "checked_at")
    return SheetTold(id=row.pk, maker=row.maker_id, checker=row.checker_id, **{name: getattr(row, name) for name in names})


@noun.get("/bank-balance", response=BalanceTold, summary="Both sides of a month")
def get_bank_balance(request: Any, month: date | None = None) -> Any:
    """Of any day's month; left out: the present one."""
    request.reach.must("bank.reconcile")
    found = balance(request.estate, first_of(month or clock.today(request.estate)))
    return BalanceTold(**{name: getattr(found, name) for name in BalanceTold.model_fields})


@noun.get("/reconciliations", response=SheetPage, summary="Months drawn up")
def list_reconciliations(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """Newest first."""
    request.reach.must("bank.reconcile")
    return page(request, response, Reconciliation.objects.at_estate(request.estate), wanted, NEWEST, _sheet, SheetPage)


@noun.post("/reconciliations", response={201: SheetTold}, summary="Draw a month up")
def draw_reconciliation(request: Any, body: SheetDrawn) -> Any:
    request.reach.must("bank.reconcile")
    return Status(201, _sheet(Reconciliation.objects.draw_up(request.estate, first_of(body.month), body.why, by=request.reach)))


@noun.post("/reconciliations/{id}/check", response=SheetTold, summary="Check a month")
def check_reconciliation(request: Any, id: Id) -> Any:
    """Not by who drew it up."""
    row = found_to_reconcile(request.reach, Reconciliation, id)
    row.check_it(by=request.reach)
    return _sheet(row)

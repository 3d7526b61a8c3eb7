"""The counter's cash: shifts from float to count, and counts by somebody else (FIN-01, FIN-02)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Status
from pydantic import BaseModel, Field

from guanjia.collection.models import CashCount, Shift
from guanjia.collection.models.cashcount import FACES
from guanjia.tenancy.errors import NotAllowed

from .door import Noun
from .fields import Body, Id, perhaps
from .paging import NEWEST, Paging, page
from .problems import Unfit

noun = Noun(tags=["cash"])
MOST_PIECES = 100_000


def yuan(description: str = "Yuan.", example: str = "500.00") -> Any:
    return Field(ge=0, max_digits=12, decimal_places=2, examples=[example], description=description)


class ShiftTold(BaseModel):
    id: int
    cashier: int
    opened_at: datetime
    opening: Decimal = Field(description="The float, yuan.")
    closed_at: datetime | None
    takings: dict[str, Decimal] = Field(description="By way to pay, less what was given back.")
    expected: Decimal = Field(description="In the drawer: now, or when it was closed.")
    counted: Decimal
    banked: Decimal
    left: Decimal
    slip: str
    escort: str
    why: str


class ShiftPage(BaseModel):
    items: list[ShiftTold]
    next: str | None


class ShiftOpened(Body):
    """`takes_over`: a closed shift whose float is taken over; the amount is then its."""

    amount: Decimal = yuan("The float, drawn from the bank.")
    takes_over: Id | None = None


class ShiftClosed(Body):
    """What may be left in the drawer follows the company's choice `cash.overnight`; a difference wants words."""

    counted: Decimal = yuan("What lies in the drawer.")
    banked: Decimal = yuan("Of it, what went to the bank.")
    slip: str = perhaps(64, "20260310-01")
    escort: str = perhaps(60, "便衣岗 钱峰", description="Who went along; needed from `cash.escort_from` yuan on.")
    why: str = perhaps(200, "找零误差")


class CountTold(BaseModel):
    id: int
    on: date
    counted: Decimal
    book: Decimal = Field(description="What the books said at that moment.")
    out: Decimal = Field(description="Counted less book.")
    counter: int
    keeper: int | None = Field(description="Who keeps the cash and answered.")
    why: str
    answered_at: datetime | None


class CountPage(BaseModel):
    items: list[CountTold]
    next: str | None


class Counted(Body):
    """Notes and coins by face value; by somebody who does not keep the cash, with a drawn signature."""

    pieces: dict[str, int] = Field(max_length=len(FACES), examples=[{"100": 5, "0.5": 2}], description=f"Face value in yuan → how many: {', '.join(map(str, FACES))}.")
    signature: str = Field(max_length=400_000, pattern="^data:image/png;base64,", examples=["data:image/png;base64,iVBORw0KGgo="], description="PNG as a data URL.")


class CountAnswered(Body):
    """A difference wants words."""

    why: str = perhaps(200, "零钱备付")


def _may(reach: Any) -> None:
    if not (reach.may("payment.take") or reach.may("payment.judge")):
        raise NotAllowed("payment.take")


def _shift(row: Shift) -> ShiftTold:
    names = ("opened_at", "opening", "closed_at", "counted", "banked", "left", "slip", "escort", "why")
    expected = row.expected if row.closed_at else row.in_drawer()
    return ShiftTold(id=row.pk, cashier=row.cashier_id, expected=expected, takings=row.takings(), **{name: getattr(row, name) for name in names})


def _count(row: CashCount) -> CountTold:
    names = ("on", "counted", "book", "out", "why", "answered_at")
    return CountTold(id=row.pk, counter=row.counter_id, keeper=row.keeper_id, **{name: getattr(row, name) for name in names})


def _one(rows: Any, pk: int | None) -> Any:
    return get_object_or_404(rows, pk=pk)


@noun.get("/shifts", response=ShiftPage, summary="Shifts at the counter")
def list_shifts(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """With `payment.take` or `payment.judge`; newest first."""
    _may(request.reach)
    return page(request, response, Shift.objects.at_estate(request.estate), wanted, NEWEST, _shift, ShiftPage)


@noun.get("/shifts/{id}", response=ShiftTold, summary="One shift")
def get_shift(request: Any, id: Id) -> Any:
    _may(request.reach)
    return _shift(_one(Shift.objects.at_estate(request.estate), id))


@noun.post("/shifts", response={201: ShiftTold}, summary="Open one's drawer")
def open_shift(request: Any, body: ShiftOpened) -> Any:
    """With `payment.take`; one open drawer a cashier."""
    request.reach.must("payment.take")
    over = _one(Shift.objects.to_take_over(request.estate), body.takes_over) if body.takes_over else None
    return Status(201, _shift(Shift.objects.begin(request.estate, body.amount, takes_over=over, by=request.reach)))


@noun.post("/shifts/{id}/closure", response=ShiftTold, summary="Count, bank and close")
def close_shift(request: Any, id: Id, body: ShiftClosed) -> Any:
    request.reach.must("payment.take")
    row = _one(Shift.objects.at_estate(request.estate), id)
    row.close(body.counted, body.banked, why=body.why, slip=body.slip, escort=body.escort, by=request.reach)
    return _shift(row)


@noun.get("/cash-counts", response=CountPage, summary="Cash counts")
def list_counts(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """Newest first."""
    _may(request.reach)
    return page(request, response, CashCount.objects.at_estate(request.estate), wanted, NEWEST, _count, CountPage)


@noun.post("/cash-counts", response={201: CountTold}, summary="Count the cash")
def count_cash(request: Any, body: Counted) -> Any:
    """Refused (409) for who has a drawer open or took cash this month."""
    _may(request.reach)
    faces = {str(face) for face in FACES}
    if odd := [face for face, n in body.pieces.items() if face not in faces or not 0 <= n <= MOST_PIECES]:
        raise Unfit("body/pieces", odd[0][:20])
    return Status(201, _count(CashCount.objects.count_up(request.estate, body.pieces, signature=body.signature, by=request.reach)))


@noun.post("/cash-counts/{id}/answer", response=CountTold, summary="Answer for a count")
def answer_count(request: Any, id: Id, body: CountAnswered) -> Any:
    """Who keeps the cash confirms it; not who counted."""
    request.reach.must("payment.take")
    row = _one(CashCount.objects.at_estate(request.estate), id)
    row.answer(body.why, by=request.reach)
    return _count(row)

"""Sorting points: what a household has, a sort confirmed, a gift handed over."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from ninja import Query
from pydantic import BaseModel, Field

from guanjia.activities.finding import household_in
from guanjia.sorting.models import Gift, Purse

from .door import Noun, staff_only
from .fields import Body, Id, said
from .paging import Order, Paging, page

noun = Noun(tags=["sorting"])
FEWEST = Order("points", "points", kind=int)


class PurseTold(BaseModel):
    household: int
    points: int = Field(examples=[52])


class GiftTold(BaseModel):
    id: int
    title: str = Field(examples=["洗衣液"])
    points: int
    stock: int


class GiftPage(BaseModel):
    items: list[GiftTold]
    next: str | None


class SortConfirmed(Body):
    room: str = said(40, "3-1-501")


class GiftHanded(Body):
    room: str = said(40, "3-1-501")
    gift: Id


def _purse(request: Any, room: str) -> Purse:
    home = household_in(request.estate, room)
    if home is None:
        raise Http404
    return Purse.objects.of(home)


@noun.get("/gifts", response=GiftPage, summary="What points can be redeemed for")
def list_gifts(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    rows = Gift.objects.at_estate(request.estate).filter(retired_at__isnull=True)
    return page(request, response, rows, wanted, FEWEST, lambda row: GiftTold(id=row.pk, title=row.title, points=row.points, stock=row.stock), GiftPage)


@noun.get("/purses", response=list[PurseTold], summary="The points of one's own households")
def list_purses(request: Any) -> Any:
    rows = Purse.objects.at_estate(request.estate).filter(household_id__in=request.reach.households)
    return [PurseTold(household=row.household_id, points=row.points) for row in rows]


@noun.post("/sorts", response=PurseTold, summary="Confirm a correct sort")
def confirm_sort(request: Any, body: SortConfirmed) -> Any:
    """Staff at the bin. 409 `enough_today` beyond the day's cap."""
    staff_only(request.reach)
    request.reach.must("sorting.record")
    purse = _purse(request, body.room)
    purse.sort(by=request.reach)
    return PurseTold(household=purse.household_id, points=purse.points)


@noun.post("/redemptions", response=PurseTold, summary="Hand a gift over")
def redeem(request: Any, body: GiftHanded) -> Any:
    """409 `too_few` or `out_of_stock`."""
    staff_only(request.reach)
    request.reach.must("sorting.redeem")
    gift = Gift.objects.at_estate(request.estate).filter(pk=body.gift).first()
    if gift is None:
        raise Http404
    purse = _purse(request, body.room)
    purse.redeem(gift, by=request.reach)
    return PurseTold(household=purse.household_id, points=purse.points)

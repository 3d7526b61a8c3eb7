"""Leases of parking spaces, storage and rooms: one's own, or the estate's; asking to go on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from ninja import Query
from pydantic import BaseModel, Field

from guanjia import clock
from guanjia.lettings.models import Lease

from .door import Noun
from .fields import Id
from .paging import Order, Paging, page

noun = Noun(tags=["leases"])
NEWEST = Order("made", "made_at", down=True)


class LeaseTold(BaseModel):
    id: int
    number: str = Field(examples=["ZL-00012"])
    space: str = Field(examples=["B1-008"])
    kind: str = Field(description="parking, storage, room.")
    unit: str = Field(examples=["3-1-501"], description="Whose account pays.")
    first: date
    last: date = Field(description="Its last day.")
    price: Decimal = Field(description="Yuan a month.")
    state: str = Field(description="coming, running, ending, over.")
    renewal_asked: bool


class LeasePage(BaseModel):
    items: list[LeaseTold]
    next: str | None


def _told(row: Lease) -> LeaseTold:
    return LeaseTold(
        id=row.pk, number=row.number, space=row.space.code, kind=row.space.kind, unit=row.unit.code, first=row.first, last=row.last, price=row.price,
        state=row.state(clock.today(row.estate)), renewal_asked=row.renewal_asked_at is not None,
    )  # fmt: skip


def _rows(request: Any) -> Any:
    return Lease.objects.visible_to(request.reach).select_related("space", "unit", "estate")


@noun.get("/leases", response=LeasePage, summary="Leases, newest first")
def list_leases(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """A household sees its own."""
    return page(request, response, _rows(request), wanted, NEWEST, _told, LeasePage)


@noun.post("/leases/{id}/wish", response=LeaseTold, summary="Ask to go on with a lease")
def wish_for_lease(request: Any, id: Id) -> Any:
    """By the household, once; the desk renews."""
    row: Lease | None = _rows(request).filter(pk=id).first()
    if row is None:
        raise Http404
    row.ask_renewal(by=request.reach)
    return _told(row)

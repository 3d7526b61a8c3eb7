"""Leases of parking spaces, storage and rooms: one's own, or the estate's; asking to go on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from ninja import Query, Status
from pydantic import BaseModel, Field

from guanjia import clock
from guanjia.households.models import Occupancy
from guanjia.lettings.models import Lease, Space
from guanjia.staffing.finding import unit_for

from .door import Noun
from .fields import Body, Id, perhaps, said
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


class LeaseMade(Body):
    """A contract; its price is billed by the monthly run, by the day."""

    space: Id
    unit: str = said(40, "3-1-501", description="Whose household rents it and whose account pays.")
    first: date = Field(examples=["2026-03-10"])
    last: date = Field(examples=["2027-03-09"])
    price: Decimal = Field(ge=0, lt=1_000_000, decimal_places=2, examples=["310.00"])
    plate: str = perhaps(20, "川A12345")


class LeaseRenewed(Body):
    last: date = Field(examples=["2028-03-09"])
    price: Decimal = Field(ge=0, lt=1_000_000, decimal_places=2, examples=["310.00"])


class LeaseEnded(Body):
    last: date = Field(examples=["2026-06-30"])
    why: str = said(200, "换车位", 2)


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


@noun.post("/leases", response={201: LeaseTold}, summary="Let a space")
def let_space(request: Any, body: LeaseMade) -> Any:
    """With `lease.make`. 409 where the space is let on one of the days, out of use or sold."""
    request.reach.must("lease.make")
    space = Space.objects.visible_to(request.reach).select_related("estate", "parking").filter(pk=body.space).first()
    unit = unit_for(request.estate, body.unit)
    homes = Occupancy.objects.at_estate(request.estate).filter(unit=unit, during__contains=clock.today(request.estate)).select_related("household")
    home = homes.order_by("-kind", "pk").first() if unit else None
    if space is None or home is None:
        raise Http404
    made = Lease.objects.let(space, home.unit, home.household, body.first, body.last, body.price, plate=body.plate, by=request.reach)
    return Status(201, _told(made))


def _changed(request: Any, pk: int, verb: Any) -> LeaseTold:
    row: Lease | None = _rows(request).select_related("fee").filter(pk=pk).first()
    if row is None:
        raise Http404
    verb(row)
    return _told(row)


@noun.post("/leases/{id}/renewal", response=LeaseTold, summary="Go on with a lease")
def renew_lease(request: Any, id: Id, body: LeaseRenewed) -> Any:
    return _changed(request, id, lambda row: row.renew(body.last, body.price, by=request.reach))


@noun.post("/leases/{id}/end", response=LeaseTold, summary="End a lease before its term")
def end_lease(request: Any, id: Id, body: LeaseEnded) -> Any:
    """Not before what is billed already."""
    return _changed(request, id, lambda row: row.end(body.last, body.why, by=request.reach))


@noun.post("/leases/{id}/wish", response=LeaseTold, summary="Ask to go on with a lease")
def wish_for_lease(request: Any, id: Id) -> Any:
    """By the household, once; the desk renews."""
    row: Lease | None = _rows(request).filter(pk=id).first()
    if row is None:
        raise Http404
    row.ask_renewal(by=request.reach)
    return _told(row)

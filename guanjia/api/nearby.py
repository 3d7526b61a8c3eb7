"""Places near the estate and public hotlines: looked up by everybody, kept and verified by the staff (VAS-07, VAS-08)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query
from pydantic import BaseModel, Field

from guanjia import clock
from guanjia.nearby.models import Facility, oldest

from .door import Noun, staff_only
from .fields import Body, Id, perhaps, said
from .paging import Order, Paging, page

noun = Noun(tags=["nearby"])
WRITTEN = Order("written")


class FacilityTold(BaseModel):
    id: int
    kind: str = Field(examples=["hospital"])
    name: str
    phone: str
    address: str
    hours: str
    price: str
    words: str
    verified_on: date
    stale: bool = Field(description="It was not verified within `nearby.verify_days`.")


class FacilityPage(BaseModel):
    items: list[FacilityTold]
    next: str | None


class FacilityKept(Body):
    kind: str = said(8, "hospital", description="hotline, hospital, school, bank, post, mall, food, sport, culture, sight, travel, other.")
    name: str = said(80, "示范路社区卫生服务中心", 2)
    phone: str = perhaps(40, "028-8000 0120")
    address: str = perhaps(120, "示范路 8 号")
    hours: str = perhaps(80, "8:00–20:00")
    price: str = perhaps(80, "挂号 10 元")
    words: str = perhaps(200, "急诊 24 小时")


def _told(row: Facility) -> FacilityTold:
    edge = oldest(row.estate_id, clock.today(row.estate))
    return FacilityTold(
        id=row.pk, kind=row.kind, name=row.name, phone=row.phone, address=row.address, hours=row.hours, price=row.price, words=row.words,
        verified_on=row.verified_on, stale=row.verified_on < edge,
    )  # fmt: skip


def _found(request: Any, id: int) -> Facility:
    row: Facility = get_object_or_404(Facility.objects.visible_to(request.reach).select_related("estate"), pk=id)
    return row


@noun.get("/facilities", response=FacilityPage, summary="Places nearby and hotlines, as they were written down")
def list_facilities(request: Any, response: HttpResponse, wanted: Query[Paging], q: str = Query("", max_length=40, description="In name, address, words or kind.")) -> Any:
    """What closed is left out."""
    rows = Facility.objects.visible_to(request.reach).live().select_related("estate")
    return page(request, response, rows.looked_for(q.strip()) if q.strip() else rows, wanted, WRITTEN, _told, FacilityPage)


@noun.post("/facilities", response=FacilityTold, summary="Write a place down, or put one of this name right")
def keep_facility(request: Any, body: FacilityKept) -> Any:
    """What is not sent stays as it was; it counts as verified today."""
    staff_only(request.reach)
    return _told(Facility.objects.keep(request.estate, by=request.reach, **body.model_dump(exclude_unset=True)))


@noun.post("/facilities/{id}/verification", response=FacilityTold, summary="Everything is as written")
def verify_facility(request: Any, id: Id) -> Any:
    staff_only(request.reach)
    request.reach.must("nearby.keep")
    row = _found(request, id)
    row.verify(by=request.reach)
    return _told(row)


@noun.post("/facilities/{id}/closure", response=FacilityTold, summary="It closed or moved away")
def close_facility(request: Any, id: Id) -> Any:
    staff_only(request.reach)
    request.reach.must("nearby.keep")
    row = _found(request, id)
    row.close(by=request.reach)
    return _told(row)

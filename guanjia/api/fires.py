"""The register of fires: what, when, where, cause and loss."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query
from pydantic import BaseModel, Field

from guanjia.emergencies.models import Fire
from guanjia.estates.models import Building

from .door import Noun, staff_only
from .fields import Body, Id, Instant, perhaps, said
from .paging import Order as Sorted
from .paging import Paging, page

noun = Noun(tags=["emergencies"])
NEWEST = Sorted("happened", "happened_at", down=True)


class FireTold(BaseModel):
    id: int
    number: str = Field(examples=["HQ-00003"])
    words: str
    place: str
    happened_at: datetime
    reporter: str
    hurt: int
    cause: str = Field(examples=["ebike"], description="Empty until it is known.")
    cause_words: str
    loss: Decimal | None = Field(description="Yuan; null until it is known.")
    emergency: int | None
    ticket: str | None = Field(description="Number of the report.")
    settled_at: datetime | None
    struck_at: datetime | None = Field(description="It was no fire and does not count.")


class FirePage(BaseModel):
    items: list[FireTold]
    next: str | None


class FireRegistered(Body):
    words: str = said(300, "电动车充电时起火，灭火器扑灭", least=2)
    happened_at: Instant = Field(examples=["2026-03-01T08:00:00Z"])
    building: str = perhaps(20, "3")
    where: str = said(80, "负一层车棚", least=2)
    reporter: str = perhaps(80, "3-1-501 业主")
    hurt: int = Field(0, ge=0, le=1000)


class FireSettled(Body):
    cause: str = said(12, "ebike")
    cause_words: str = perhaps(300, "充电器不匹配")
    loss: Decimal = Field(ge=0, max_digits=11, decimal_places=2, examples=["1200"])
    hurt: int | None = Field(None, ge=0, le=1000)


class FireStruck(Body):
    words: str = said(300, "查实是蒸汽，不是火情", least=2)


def _told(row: Fire) -> FireTold:
    return FireTold(
        id=row.pk, number=row.number, words=row.words, place=row.place, happened_at=row.happened_at, reporter=row.reporter, hurt=row.hurt, cause=row.cause, cause_words=row.cause_words,
        loss=row.loss, emergency=row.emergency_id, ticket=row.ticket.number if row.ticket else None, settled_at=row.settled_at, struck_at=row.struck_at,
    )  # fmt: skip


def _rows(request: Any) -> Any:
    staff_only(request.reach)
    return Fire.objects.visible_to(request.reach).select_related("building", "unit", "ticket")


def _one(request: Any, pk: int) -> Fire:
    row: Fire = get_object_or_404(_rows(request), pk=pk)
    return row


@noun.get("/fires", response=FirePage, summary="The register of fires, newest first")
def list_fires(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    return page(request, response, _rows(request), wanted, NEWEST, _told, FirePage)


@noun.get("/fires/{id}", response=FireTold, summary="One fire")
def get_fire(request: Any, id: Id) -> Any:
    return _told(_one(request, id))


@noun.post("/fires", response=FireTold, summary="Register a fire")
def register_fire(request: Any, body: FireRegistered) -> Any:
    """Any colleague may. A fire emergency enters the register by itself when it is stood down."""
    staff_only(request.reach)
    data = body.model_dump()
    number = data.pop("building")
    building = Building.objects.at_estate(request.estate).filter(number=number).first() if number else None
    if number and building is None:
        raise Http404
    return _told(Fire.objects.register(by=request.reach, building=building, **data))


@noun.post("/fires/{id}/settlement", response=FireTold, summary="Say cause and loss of a fire")
def settle_fire(request: Any, id: Id, body: FireSettled) -> Any:
    row = _one(request, id)
    row.settle(body.cause, body.cause_words, body.loss, hurt=body.hurt, by=request.reach)
    return _told(row)


@noun.post("/fires/{id}/striking", response=FireTold, summary="Strike what was no fire")
def strike_fire(request: Any, id: Id, body: FireStruck) -> Any:
    """With `emergency.review`, by another than who registered it."""
    row = _one(request, id)
    row.strike(body.words, by=request.reach)
    return _told(row)

"""Emergencies and hazards: started, worked on, stood down; found and cleared."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from ninja import Query
from pydantic import BaseModel, Field

from guanjia.emergencies.models import Emergency, Hazard, Order
from guanjia.estates.models import Building

from .door import Noun, staff_only
from .fields import Body, Id, perhaps, said
from .paging import Order as Sorted
from .paging import Paging, page

noun = Noun(tags=["emergencies"])
NEWEST = Sorted("started", "started_at", down=True)
FOUND = Sorted("found", "found_at", down=True)


class OrderTold(BaseModel):
    id: int
    key: str = Field(examples=["site"])
    role: str
    title: str
    people: list[int] = Field(description="To whom it was given; empty: nobody holds the post.")
    on_duty: bool
    due_at: datetime
    taken_at: datetime | None
    done_at: datetime | None


class EmergencyTold(BaseModel):
    id: int
    number: str = Field(examples=["YJ-00012"])
    kind: str = Field(examples=["fire"])
    drill: bool
    stage: str = Field(examples=["live"], description="live, down, archived.")
    building: str = Field(examples=["3"])
    place: str
    words: str
    started_at: datetime
    down_at: datetime | None
    false_alarm: bool
    orders: list[OrderTold]


class EmergencyPage(BaseModel):
    items: list[EmergencyTold]
    next: str | None


class EmergencyStarted(Body):
    """What runs already at that place is joined: sent twice it is one emergency."""

    kind: str = said(12, "fire")
    building: str = perhaps(20, "3")
    place: str = perhaps(80, "2 单元 5 楼")
    words: str = perhaps(300, "有烟")
    drill: bool = False


class SceneWords(Body):
    words: str = said(300, "火已扑灭", least=2)


class HazardTold(BaseModel):
    id: int
    words: str
    severity: str = Field(examples=["high"])
    place: str
    found_at: datetime
    due_at: datetime
    measure: str
    responsible: int | None
    cleared_at: datetime | None


class HazardPage(BaseModel):
    items: list[HazardTold]
    next: str | None


class HazardFound(Body):
    words: str = said(300, "消防通道被电动车占用", least=2)
    severity: str = said(8, "high")
    where: str = said(80, "5 栋北侧")
    measure: str = perhaps(300, "已拉警戒线")


def _order(row: Order) -> OrderTold:
    return OrderTold(
        id=row.pk, key=row.key, role=row.role, title=row.title, people=row.people, on_duty=row.on_duty, due_at=row.due_at, taken_at=row.taken_at, done_at=row.done_at
    )  # fmt: skip


def _told(row: Emergency) -> EmergencyTold:
    return EmergencyTold(
        id=row.pk, number=row.number, kind=row.kind, drill=row.drill, stage=row.stage, building=row.building.number if row.building else "", place=row.place, words=row.words,
        started_at=row.started_at, down_at=row.down_at, false_alarm=row.false_alarm, orders=[_order(one) for one in sorted(row.orders.all(), key=lambda one: (one.due_at, one.pk))],
    )  # fmt: skip


def _hazard(row: Hazard) -> HazardTold:
    return HazardTold(
        id=row.pk, words=row.words, severity=row.severity, place=row.place, found_at=row.found_at, due_at=row.due_at, measure=row.measure, responsible=row.responsible_id,
        cleared_at=row.cleared_at,
    )  # fmt: skip


def _rows(request: Any) -> Any:
    staff_only(request.reach)
    return Emergency.objects.visible_to(request.reach).select_related("building", "unit").prefetch_related("orders")


def _found(rows: Any, pk: int) -> Any:
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@noun.get("/emergencies", response=EmergencyPage, summary="Emergencies and drills, newest first")
def list_emergencies(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    return page(request, response, _rows(request), wanted, NEWEST, _told, EmergencyPage)


@noun.get("/emergencies/{id}", response=EmergencyTold, summary="One emergency with its tasks")
def get_emergency(request: Any, id: Id) -> Any:
    return _told(_found(_rows(request), id))


@noun.post("/emergencies", response=EmergencyTold, summary="Start an emergency")
def start_emergency(request: Any, body: EmergencyStarted) -> Any:
    """Any colleague may; drills are a commander's."""
    staff_only(request.reach)
    data = body.model_dump()
    number = data.pop("building")
    building = Building.objects.at_estate(request.estate).filter(number=number).first() if number else None
    if number and building is None:
        raise Http404
    return _told(Emergency.objects.start(data.pop("kind"), building=building, by=request.reach, **data))


@noun.post("/emergencies/{id}/log", response=EmergencyTold, summary="Write a line into the log")
def log_emergency(request: Any, id: Id, body: SceneWords) -> Any:
    row = _found(_rows(request), id)
    row.log(body.words, by=request.reach)
    return _told(row)


@noun.post("/emergencies/{id}/stand-down", response=EmergencyTold, summary="Stand down")
def stand_down_emergency(request: Any, id: Id, body: SceneWords) -> Any:
    row = _found(_rows(request), id)
    row.stand_down(body.words, by=request.reach)
    return _told(_found(_rows(request), id))


@noun.post("/emergency-orders/{id}/completion", response=OrderTold, summary="Say that a task is done")
def complete_order(request: Any, id: Id) -> Any:
    staff_only(request.reach)
    row = _found(Order.objects.at_estate(request.estate).select_related("emergency__building", "emergency__unit"), id)
    row.finish(by=request.reach)
    return _order(row)


@noun.get("/hazards", response=HazardPage, summary="Hazards, newest first")
def list_hazards(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    staff_only(request.reach)
    return page(request, response, Hazard.objects.visible_to(request.reach).select_related("building"), wanted, FOUND, _hazard, HazardPage)


@noun.get("/hazards/{id}", response=HazardTold, summary="One hazard")
def get_hazard(request: Any, id: Id) -> Any:
    staff_only(request.reach)
    return _hazard(_found(Hazard.objects.visible_to(request.reach).select_related("building"), id))


@noun.post("/hazards", response=HazardTold, summary="Register a hazard")
def find_hazard(request: Any, body: HazardFound) -> Any:
    staff_only(request.reach)
    return _hazard(Hazard.objects.find(by=request.reach, **body.model_dump()))


@noun.post("/hazards/{id}/clearance", response=HazardTold, summary="Say that a hazard is cleared")
def clear_hazard(request: Any, id: Id, body: SceneWords) -> Any:
    staff_only(request.reach)
    row = _found(Hazard.objects.visible_to(request.reach).select_related("building"), id)
    row.clear(body.words, by=request.reach)
    return _hazard(row)

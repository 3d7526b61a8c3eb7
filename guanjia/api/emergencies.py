"""Emergencies and drills: started, worked on, stood down, a drill evaluated."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query
from pydantic import BaseModel, Field

from guanjia.emergencies import drilling
from guanjia.emergencies.models import Emergency, Evaluation, Order
from guanjia.estates.models import Building

from .door import Noun, staff_only
from .fields import Body, Id, perhaps, said
from .paging import Order as Sorted
from .paging import Paging, page

noun = Noun(tags=["emergencies"])
NEWEST = Sorted("started", "started_at", down=True)


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
    task: int | None = Field(description="The duty's task that the drill does once it is evaluated.")
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
    task: Id | None = Field(None, description="Of a duty that asks for a drill: done with its evaluation.")


class DrillJudged(Body):
    """A bad point needs a rectification that was asked for first."""

    points: dict[str, Literal["ok", "bad", "na"]] = Field(examples=[{"alarm": "ok", "people": "bad"}])
    present: int = Field(ge=1, le=5000)
    words: str = said(1000, "疏散有序", least=2)


class SceneWords(Body):
    words: str = said(300, "火已扑灭", least=2)


def _order(row: Order) -> OrderTold:
    return OrderTold(
        id=row.pk, key=row.key, role=row.role, title=row.title, people=row.people, on_duty=row.on_duty, due_at=row.due_at, taken_at=row.taken_at, done_at=row.done_at
    )  # fmt: skip


def _told(row: Emergency) -> EmergencyTold:
    return EmergencyTold(
        id=row.pk, number=row.number, kind=row.kind, drill=row.drill, task=row.task_id, stage=row.stage, building=row.building.number if row.building else "", place=row.place, words=row.words,
        started_at=row.started_at, down_at=row.down_at, false_alarm=row.false_alarm, orders=[_order(one) for one in sorted(row.orders.all(), key=lambda one: (one.due_at, one.pk))],
    )  # fmt: skip


def _rows(request: Any) -> Any:
    staff_only(request.reach)
    return Emergency.objects.visible_to(request.reach).select_related("building", "unit").prefetch_related("orders")


def _found(rows: Any, pk: int) -> Any:
    return get_object_or_404(rows, pk=pk)


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
    if (wanted := data.pop("task")) is not None:
        data["task"] = _found(drilling.asked_for(request.reach), wanted)
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


@noun.post("/emergencies/{id}/evaluation", response=EmergencyTold, summary="Evaluate a drill")
def evaluate_drill(request: Any, id: Id, body: DrillJudged) -> Any:
    """With it the drill is archived and the duty's task that asked for it done."""
    row = _found(_rows(request).select_related("task__duty", "building", "unit"), id)
    Evaluation.objects.evaluate(row, body.points, body.present, body.words, by=request.reach)
    return _told(_found(_rows(request), id))


@noun.post("/emergency-orders/{id}/completion", response=OrderTold, summary="Say that a task is done")
def complete_order(request: Any, id: Id) -> Any:
    staff_only(request.reach)
    row = _found(Order.objects.at_estate(request.estate).select_related("emergency__building", "emergency__unit"), id)
    row.finish(by=request.reach)
    return _order(row)

"""Moving in and out: appointments with what is left to do, goods with their slots and releases, the weekly count."""

from __future__ import annotations

from datetime import date, time
from typing import Any, Literal

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query
from pydantic import BaseModel, Field

from guanjia import clock
from guanjia.gate.homes import lives_in
from guanjia.moves.counting import weeks, zones_of
from guanjia.moves.models import Handover, Move
from guanjia.staffing.finding import unit_for
from guanjia.tenancy.errors import NotAllowed

from .door import Noun, staff_only
from .fields import Body, Day, Id, one_of, perhaps, said
from .paging import Order, Paging, page

noun = Noun(tags=["moves"])
NEWEST = Order("made", "at", down=True)
Way = Literal["in", "out"]


class HandoverTold(BaseModel):
    id: int
    number: str = Field(examples=["RH-00012"])
    unit: str = Field(examples=["3-1-501"])
    direction: Way
    day: date
    hour: time
    stage: str = Field(description="booked, done, archived, cancelled.")
    left: list[str] | None = Field(description="Steps that are still to be done; not said in lists.")


class HandoverPage(BaseModel):
    items: list[HandoverTold]
    next: str | None


class HandoverBooked(Body):
    unit: str = said(40, "3-1-501")
    direction: Way
    day: Day
    hour: time


class MoveTold(BaseModel):
    id: int
    unit: str = Field(examples=["3-1-501"])
    direction: Way
    day: date
    slot: str = Field(examples=["morning"])
    goods: str
    released: bool
    passed: bool
    cancelled: bool


class MovePage(BaseModel):
    items: list[MoveTold]
    next: str | None


class MoveBooked(Body):
    unit: str = said(40, "3-1-501")
    direction: Way
    day: Day
    slot: str = said(12, "morning")
    goods: str = said(500, "沙发、冰箱、纸箱 20 个", least=2)
    vehicle: str = perhaps(20, "")


class MoveReleased(Body):
    owner_agrees: bool = False


class WeekTold(BaseModel):
    monday: date
    zone: str
    came: int
    went: int


class FreeWanted(BaseModel):
    day: Day | None = Field(None, description="A business date; today when none is given.")


def _handover(row: Handover) -> HandoverTold:
    return _listed(row, row.left() if row.stage == "booked" else [])


def _listed(row: Handover, left: list[str] | None = None) -> HandoverTold:
    return HandoverTold(id=row.pk, number=row.number, unit=row.unit.code, direction=one_of(row.direction), day=row.day, hour=row.hour, stage=one_of(row.stage), left=left)


def _move(row: Move) -> MoveTold:
    return MoveTold(
        id=row.pk, unit=row.unit.code, direction=one_of(row.direction), day=row.day, slot=row.slot, goods=row.goods, released=row.released_at is not None,
        passed=row.passed_at is not None, cancelled=row.cancelled_at is not None,
    )  # fmt: skip


def _home(request: Any, code: str) -> tuple[Any, Any]:
    """A unit and who lives there; of others there is none."""
    unit = unit_for(request.estate, code)
    household = lives_in(unit) if unit else None
    if unit is None or household is None or (not request.reach.is_staff and unit.pk not in request.reach.units):
        raise Http404
    return unit, household


def _found(rows: Any, pk: int) -> Any:
    return get_object_or_404(rows, pk=pk)


@noun.get("/handovers", response=HandoverPage, summary="Moving in and out, newest first")
def list_handovers(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """A household sees its own."""
    rows = Handover.objects.visible_to(request.reach).select_related("unit")
    return page(request, response, rows, wanted, NEWEST, _listed, HandoverPage)


@noun.post("/handovers", response=HandoverTold, summary="Book an hour at the desk")
def book_handover(request: Any, body: HandoverBooked) -> Any:
    unit, household = _home(request, body.unit)
    return _handover(Handover.objects.book(unit, household, body.direction, body.day, body.hour, by=request.reach))


@noun.post("/handovers/{id}/completion", response=HandoverTold, summary="Complete it: residency begins or ends")
def complete_handover(request: Any, id: Id) -> Any:
    staff_only(request.reach)
    row = _found(Handover.objects.visible_to(request.reach).select_related("unit", "household", "estate"), id)
    row.complete(by=request.reach)
    return _handover(row)


@noun.post("/handovers/{id}/cancellation", response=HandoverTold, summary="Call it off")
def cancel_handover(request: Any, id: Id) -> Any:
    row = _found(Handover.objects.visible_to(request.reach).select_related("unit", "household", "estate"), id)
    row.cancel(by=request.reach)
    return _handover(row)


@noun.get("/moves", response=MovePage, summary="Goods that come and go, newest first")
def list_moves(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """A household sees its own."""
    return page(request, response, Move.objects.visible_to(request.reach).select_related("unit"), wanted, NEWEST, _move, MovePage)


@noun.get("/moves/free", response=dict[str, int], summary="Free places by slot")
def list_free_slots(request: Any, wanted: Query[FreeWanted]) -> Any:
    return Move.objects.free(request.estate, wanted.day or clock.today(request.estate), clock.now())


@noun.get("/moves/weeks", response=list[WeekTold], summary="Moved in and out, week by week")
def list_move_weeks(request: Any) -> Any:
    """Staff who handle moves (MOV-02)."""
    staff_only(request.reach)
    if not request.reach.may("move.take"):
        raise NotAllowed("move.take")
    return [WeekTold(**row._asdict()) for row in weeks(request.estate, clock.today(request.estate), zones=zones_of(request.reach))]


@noun.post("/moves", response=MoveTold, summary="Book a slot")
def book_move(request: Any, body: MoveBooked) -> Any:
    data = body.model_dump()
    unit, household = _home(request, data.pop("unit"))
    return _move(Move.objects.book(unit, household, by=request.reach, **data))


@noun.post("/moves/{id}/release", response=MoveTold, summary="Release the goods")
def release_move(request: Any, id: Id, body: MoveReleased) -> Any:
    """Arrears never hold goods back."""
    staff_only(request.reach)
    row = _found(Move.objects.visible_to(request.reach).select_related("unit"), id)
    row.release(by=request.reach, owner_agrees=body.owner_agrees)
    return _move(row)


@noun.post("/moves/{id}/cancellation", response=MoveTold, summary="Call a move off")
def cancel_move(request: Any, id: Id) -> Any:
    row = _found(Move.objects.visible_to(request.reach).select_related("unit"), id)
    row.cancel(by=request.reach)
    return _move(row)

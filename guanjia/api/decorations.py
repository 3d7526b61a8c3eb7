"""Decorations: the applications one may see, handed in, decided, begun, finished."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query
from pydantic import BaseModel, Field

from guanjia import clock
from guanjia.decoration.models import Permit
from guanjia.households.models import Occupancy
from guanjia.staffing.finding import unit_for

from .door import Noun, staff_only
from .fields import Body, Id, perhaps, said
from .paging import Order, Paging, page

noun = Noun(tags=["decorations"])
NEWEST = Order("applied", "applied_at", down=True)


class DecorationTold(BaseModel):
    id: int
    number: str = Field(examples=["ZX-00012"])
    unit: str = Field(examples=["3-1-501"])
    stage: str = Field(examples=["review"], description="draft, review, approved, working, stopped, finished, accepted, archived, withdrawn.")
    works: str
    company: str
    begins_on: date
    ends_on: date
    missing: list[str] = Field(description="Keys of papers that are still to come.")
    due_at: datetime | None = Field(description="Of the step that waits.")
    why: str


class DecorationPage(BaseModel):
    items: list[DecorationTold]
    next: str | None


class DecorationAsked(Body):
    unit: str = said(40, "3-1-501")
    works: str = said(1000, "厨房、卫生间翻新，水电改造", least=4)
    company: str = said(80, "宏达装饰")
    foreman: str = said(40, "刘工")
    phone: str = said(20, "19900000009")
    begins_on: date
    ends_on: date


class DecorationDecided(Body):
    granted: bool
    words: str = perhaps(300, "同意")


class BreachFound(Body):
    """Work stops at once."""

    kind: str = said(10, "structure")
    words: str = said(500, "拆改阳台墙体", least=2)


def _told(row: Permit) -> DecorationTold:
    return DecorationTold(
        id=row.pk, number=row.number, unit=row.unit.code, stage=row.stage, works=row.works, company=row.company, begins_on=row.begins_on, ends_on=row.ends_on,
        missing=list(row.missing()) if row.stage == "draft" else [], due_at=row.due_at, why=row.why,
    )  # fmt: skip


def _found(request: Any, pk: int) -> Permit:
    row: Permit = get_object_or_404(Permit.objects.visible_to(request.reach).select_related("unit", "household"), pk=pk)
    return row


@noun.get("/decorations", response=DecorationPage, summary="Decorations, newest first")
def list_decorations(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """A household sees its own."""
    rows = Permit.objects.visible_to(request.reach).select_related("unit")
    return page(request, response, rows, wanted, NEWEST, _told, DecorationPage)


@noun.get("/decorations/{id}", response=DecorationTold, summary="One decoration")
def get_decoration(request: Any, id: Id) -> Any:
    return _told(_found(request, id))


@noun.post("/decorations", response=DecorationTold, summary="Apply for a decoration")
def apply_for_decoration(request: Any, body: DecorationAsked) -> Any:
    """For a home of one's own, or at the desk for anybody's (a steward: of their zones). Its papers are handed in on the page."""
    data = body.model_dump()
    unit = unit_for(request.estate, data.pop("unit"))
    homes = Occupancy.objects.at_estate(request.estate).filter(unit=unit, during__contains=clock.today(request.estate)).select_related("household")
    home = homes.order_by("-during").first() if unit else None
    if home is None or (not request.reach.is_staff and home.household_id not in request.reach.households):
        raise Http404
    return _told(Permit.objects.apply(unit, home.household, by=request.reach, **data))


@noun.post("/decorations/{id}/submission", response=DecorationTold, summary="Hand a complete application in")
def submit_decoration(request: Any, id: Id) -> Any:
    return _done(request, id, lambda row: row.submit(by=request.reach))


@noun.post("/decorations/{id}/decision", response=DecorationTold, summary="Decide the step that waits")
def decide_decoration(request: Any, id: Id, body: DecorationDecided) -> Any:
    """Never by the applicant, by who took it in, or by who decided a step before."""
    staff_only(request.reach)
    return _done(request, id, lambda row: row.decide(body.granted, body.words, by=request.reach))


@noun.post("/decorations/{id}/beginning", response=DecorationTold, summary="Let the works begin")
def begin_decoration(request: Any, id: Id) -> Any:
    staff_only(request.reach)
    return _done(request, id, lambda row: row.begin(by=request.reach))


@noun.post("/decorations/{id}/violations", response=DecorationTold, summary="Stop the works for a breach")
def stop_decoration(request: Any, id: Id, body: BreachFound) -> Any:
    staff_only(request.reach)
    return _done(request, id, lambda row: row.stop(body.kind, body.words, by=request.reach))


@noun.post("/decorations/{id}/completion", response=DecorationTold, summary="Say that the works are done")
def finish_decoration(request: Any, id: Id) -> Any:
    return _done(request, id, lambda row: row.finish(by=request.reach))


def _done(request: Any, pk: int, verb: Any) -> DecorationTold:
    row = _found(request, pk)
    verb(row)
    return _told(row)

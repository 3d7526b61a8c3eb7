"""Who answers for what: the zones' load, and who answered for a home on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404
from ninja import Query
from pydantic import BaseModel, Field

from guanjia import clock
from guanjia.estates.models import Zone
from guanjia.people.responsibility import answered_for
from guanjia.people.roles import title_of
from guanjia.staffing.finding import unit_for
from guanjia.staffing.load import loads

from .door import Noun, staff_only
from .fields import NO_NUL

noun = Noun(tags=["zones"])


class LoadTold(BaseModel):
    zone: str = Field(examples=["E"], description="Its code.")
    steward: str = Field(examples=["李明"], description="Who heads it today; empty when nobody does.")
    cover: str = Field(examples=[""], description="Who stands in while the steward is away.")
    homes: int = Field(examples=[149], description="Of this zone.")
    load: int = Field(examples=[149], description="Homes of its steward over all their zones.")
    state: str = Field(examples=["good"], description="good, soon (above 1:150) or bad (above 1:200, or no steward).")
    lacking: list[str] = Field(description="Of repairer, cleaner, order, manager: those that nobody is.")


class AnswerTold(BaseModel):
    role: str = Field(examples=["steward"])
    title: str = Field(examples=["片区管家"])
    person: str = Field(examples=["王芳"], description="Who actually answered.")
    holder: str = Field(examples=["李明"], description="Who held the post; another name when they were away.")
    deputy: bool
    estate_wide: bool
    since: date | None
    until: date | None = Field(description="Exclusive; null: until further notice.")


class ResponsibilityTold(BaseModel):
    unit: str | None = Field(examples=["3-1-501"])
    on: date
    zone: str | None = Field(examples=["E"], description="Code of the zone it belonged to that day.")
    answers: list[AnswerTold]


class ResponsibilityWanted(BaseModel):
    unit: str | None = Field(
        None, max_length=60, pattern=NO_NUL, description="A room in any spelling; without one nobody is told."
    )
    on: date | None = Field(None, description="A business date; today when none is given.")


@noun.get("/zones/loads", response=list[LoadTold], summary="Load of every zone")
def list_loads(request: Any) -> Any:
    """Staff only."""
    staff_only(request.reach)
    return [
        LoadTold(
            zone=row.zone.code, steward=row.stewards[0].name if row.stewards else "", homes=row.homes, load=row.load, state=row.tone,
            cover=next((cover.name for cover in row.acting.values() if cover), ""), lacking=row.lacking,
        )
        for row in loads(request.estate)
    ]  # fmt: skip


@noun.get("/zones/responsible", response=ResponsibilityTold, summary="Who answered for a home on a day")
def get_responsible(request: Any, wanted: Query[ResponsibilityWanted]) -> Any:
    """Staff only. Every role, nearest first, with whoever stood in."""
    staff_only(request.reach)
    on = wanted.on or clock.today(request.estate)
    if not wanted.unit:
        return ResponsibilityTold(unit=None, on=on, zone=None, answers=[])
    unit = unit_for(request.estate, wanted.unit)
    if unit is None:
        raise Http404
    zone, found = answered_for(request.estate, unit.pk, on)
    code = (
        Zone.objects.at_estate(request.estate).filter(pk=zone).values_list("code", flat=True).first() if zone else None
    )
    told = [
        AnswerTold(
            role=row.role, title=title_of(row.role), person=row.person.name, holder=row.holder.name, deputy=row.deputy,
            estate_wide=row.estate_wide, since=row.since, until=row.until,
        )
        for row in found
    ]  # fmt: skip
    return ResponsibilityTold(unit=unit.code, on=on, zone=code, answers=told)

"""Where: zones, units and public places."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from ninja import Query
from pydantic import BaseModel, Field

from guanjia import clock
from guanjia.estates.models import Building, Place, PlaceKind, Unit, UnitKind, UnitState, Zone
from guanjia.estates.zoning import draw_zone
from guanjia.people.models import Post
from guanjia.people.roles import Role

from .door import Noun, staff_only
from .fields import NO_NUL, Body, said
from .paging import BY_ID, Paging, page
from .problems import Unfit

noun = Noun(tags=["places"])


class ZoneTold(BaseModel):
    code: str = Field(examples=["E"])
    name: str = Field(examples=["东区"])
    steward: str = Field(examples=["李明"], description="Who answers for it today; empty when nobody does.")


class ZoneDrawn(Body):
    """Whole buildings and single homes come to the zone; it is made where its code is new."""

    code: str = said(20, "E")
    name: str = said(60, "东区")
    buildings: list[str] = Field([], max_length=500, examples=[["3"]], description="Their numbers.")
    units: list[str] = Field([], max_length=5000, examples=[["3-1-501"]], description="Their codes.")


class DrawnTold(BaseModel):
    code: str
    name: str
    units: int


class UnitTold(BaseModel):
    code: str = Field(examples=["3-1-501"])
    building: str = Field(examples=["3"])
    room: str = Field(examples=["501"])
    floor: int = Field(examples=[5])
    zone: str | None = Field(examples=["E"], description="Code of its zone.")
    kind: UnitKind
    state: UnitState
    area: Decimal = Field(examples=["89.50"], description="m²")


class UnitPage(BaseModel):
    items: list[UnitTold]
    next: str | None


class UnitWanted(Paging):
    building: str | None = Field(None, max_length=20, pattern=NO_NUL, description="Its number.")
    zone: str | None = Field(None, max_length=20, pattern=NO_NUL, description="Its code.")
    state: UnitState | None = None


class PlaceTold(BaseModel):
    code: str = Field(examples=["3-1-lift"])
    name: str = Field(examples=["3栋1单元电梯"])
    kind: PlaceKind
    building: str | None = Field(examples=["3"])
    zone: str | None = Field(examples=["E"], description="Code of its zone.")


class PlacePage(BaseModel):
    items: list[PlaceTold]
    next: str | None


class PlaceWanted(Paging):
    kind: PlaceKind | None = None


@noun.get("/zones", response=list[ZoneTold], summary="Zones and their stewards")
def list_zones(request: Any) -> Any:
    """Staff only."""
    staff_only(request.reach)
    posts = Post.objects.at_estate(request.estate).filter(role=Role.STEWARD, zone__isnull=False).held_on(clock.today(request.estate))
    stewards = dict(posts.order_by("-deputy", "pk").values_list("zone_id", "person__name"))
    rows = Zone.objects.at_estate(request.estate)
    return [ZoneTold(code=row.code, name=row.name, steward=stewards.get(row.pk, "")) for row in rows]


def units_within(reach: Any) -> Any:
    """Staff know every address of their estate; a household knows its own."""
    rows = Unit.objects.at_estate(reach.estate)
    return rows if reach.is_staff else rows.filter(pk__in=reach.units)


def _unit(row: Unit) -> UnitTold:
    return UnitTold(
        code=row.code, building=row.building.number, room=row.room, floor=row.floor, zone=row.zone.code if row.zone else None,
        kind=UnitKind(row.kind), state=UnitState(row.state), area=row.area,
    )  # fmt: skip


@noun.get("/units", response=UnitPage, summary="Units")
def list_units(request: Any, response: HttpResponse, wanted: Query[UnitWanted]) -> Any:
    """Staff: all of the estate. Residents: their own."""
    asked = {"building__number": wanted.building, "zone__code": wanted.zone, "state": wanted.state}
    rows = units_within(request.reach).filter(**{key: value for key, value in asked.items() if value is not None})
    return page(request, response, rows.select_related("building", "zone"), wanted, BY_ID, _unit, UnitPage)


@noun.get("/units/{code}", response=UnitTold, summary="One unit")
def get_unit(request: Any, code: str) -> Any:
    row = units_within(request.reach).select_related("building", "zone").filter(code=code).first()
    if row is None:
        raise Http404
    return _unit(row)


def _place(row: Place) -> PlaceTold:
    building, zone = row.building.number if row.building else None, row.zone.code if row.zone else None
    return PlaceTold(code=row.code, name=row.name, kind=PlaceKind(row.kind), building=building, zone=zone)


@noun.get("/places", response=PlacePage, summary="Public places")
def list_places(request: Any, response: HttpResponse, wanted: Query[PlaceWanted]) -> Any:
    """Where something can happen that is nobody's home. Everybody of the estate may know them."""
    rows = Place.objects.at_estate(request.estate).select_related("building", "zone")
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    return page(request, response, rows, wanted, BY_ID, _place, PlacePage)


@noun.post("/zones", response=DrawnTold, summary="Draw a zone")
def draw(request: Any, body: ZoneDrawn) -> Any:
    """With `post.manage`. What a home belonged to before is remembered."""
    request.reach.must("post.manage")
    estate = request.estate
    buildings = _all(Building.objects.at_estate(estate), "number", body.buildings, "buildings")
    units = _all(Unit.objects.at_estate(estate), "code", body.units, "units")
    zone = draw_zone(estate, body.code, body.name, buildings, units=units, by=request.reach, at=clock.now())
    return DrawnTold(code=zone.code, name=zone.name, units=Unit.objects.at_estate(estate).filter(zone=zone).count())


def _all(rows: Any, key: str, wanted: list[str], at: str) -> list[Any]:
    """Every row that is named; Unfit where one is unknown."""
    found = {getattr(row, key): row for row in rows.filter(**{f"{key}__in": [name.replace("\x00", "") for name in wanted]})}
    if unknown := [name for name in wanted if name not in found]:
        raise Unfit(f"body/{at}", "、".join(unknown[:10]))
    return list(found.values())

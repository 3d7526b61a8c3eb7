"""House files: the homes whose care was ordered, their equipment and reports (VAS-14)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpResponse
from ninja import Query, Status
from pydantic import BaseModel, Field

from guanjia import clock
from guanjia.households.models import Occupancy
from guanjia.services.models import HouseFile
from guanjia.staffing.finding import unit_for

from .door import Noun, staff_only
from .fields import Body, Id, perhaps, said
from .paging import Order, Paging, page

noun = Noun(tags=["services"])
OPENED = Order("opened")


class HouseItemTold(BaseModel):
    id: int
    kind: str = Field(examples=["gas"])
    name: str
    brand: str
    place: str
    installed_on: date | None
    warranty_until: date | None
    repairs: int


class HouseFileTold(BaseModel):
    id: int
    unit: str = Field(examples=["3-1-501"])
    household: int
    agreed: str = Field(description="How the household said yes.")
    opened_at: datetime
    next_on: date = Field(description="The day the next diagnosis begins.")
    reports: list[datetime] = Field(description="When each was made; the papers stand on the page.")
    items: list[HouseItemTold]


class HouseFilePage(BaseModel):
    items: list[HouseFileTold]
    next: str | None


class HouseFileOpened(Body):
    unit: str = said(40, "3-1-501")
    agreed: str = perhaps(120, "电话订购，签了服务单", description="At the desk: how the household said yes.")


class HouseItemKept(Body):
    kind: str = said(12, "gas", description="water, power, gas, climate, kitchen, bath, openings, surface, smart.")
    name: str = said(60, "热水器")
    brand: str = perhaps(60, "")
    place: str = perhaps(40, "厨房")
    installed_on: date | None = Field(None, examples=["2024-05-01"])
    warranty_until: date | None = Field(None, examples=["2027-05-01"])


def _told(row: HouseFile) -> HouseFileTold:
    names = ("kind", "name", "brand", "place", "installed_on", "warranty_until")
    items = [HouseItemTold(id=one.pk, repairs=one.repairs.count(), **{name: getattr(one, name) for name in names}) for one in row.items.order_by("pk")]
    return HouseFileTold(
        id=row.pk, unit=row.unit.code, household=row.household_id, agreed=row.agreed, opened_at=row.at, next_on=row.next_on(),
        reports=list(row.reports.order_by("at").values_list("at", flat=True)), items=items,
    )  # fmt: skip


@noun.get("/house-files", response=HouseFilePage, summary="House files, as they were opened")
def list_house_files(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """A household sees its own; those given up are left out."""
    rows = HouseFile.objects.visible_to(request.reach).live().select_related("unit", "estate")
    return page(request, response, rows, wanted, OPENED, _told, HouseFilePage)


@noun.post("/house-files", response={201: HouseFileTold}, summary="Open a house file")
def open_house_file(request: Any, body: HouseFileOpened) -> Any:
    """For a home of one's own, or at the desk with how the household agreed."""
    unit = unit_for(request.estate, body.unit)
    rows = Occupancy.objects.at_estate(request.estate).filter(unit=unit, during__contains=clock.today(request.estate)).select_related("household", "unit")
    if not request.reach.is_staff:
        rows = rows.filter(household_id__in=list(request.reach.households))
    home = rows.order_by("kind", "pk").first() if unit else None
    if home is None:
        raise Http404
    return Status(201, _told(HouseFile.objects.open(home.unit, home.household, body.agreed, by=request.reach)))


@noun.post("/house-files/{id}/items", response=HouseFileTold, summary="Write a piece of equipment down")
def keep_house_item(request: Any, id: Id, body: HouseItemKept) -> Any:
    staff_only(request.reach)
    row = HouseFile.objects.visible_to(request.reach).select_related("unit", "estate").filter(pk=id).first()
    if row is None:
        raise Http404
    row.install(by=request.reach, **body.model_dump())
    return _told(row)

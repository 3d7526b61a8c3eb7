"""Work orders (派工单): list, one, photos, and every verb."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import File, Form, Query, Status
from ninja.files import UploadedFile
from pydantic import BaseModel, Field

from guanjia.tickets.acts import WORK_ACTS, offered
from guanjia.tickets.kinds import Priority, WorkStage
from guanjia.tickets.models import WorkOrder

from .door import Noun, staff_only
from .fields import Id
from .paging import NEWEST, Paging, page
from .ticket_shapes import PhotoTold, photo_told

noun = Noun(tags=["work"])


class MaterialTold(BaseModel):
    item: str = Field(examples=["角阀"])
    quantity: Decimal = Field(examples=["1.00"])
    unit: str = Field(examples=["个"])
    price: Decimal | None = Field(examples=["35.00"], description="yuan apiece")


class WorkTold(BaseModel):
    id: int
    ticket: str = Field(examples=["260310-0412"], description="Number of its ticket.")
    where: str = Field(examples=["3-1-501"])
    words: str = Field(examples=["厨房水管漏水"])
    worker: str = Field(examples=["周工"])
    worker_id: int
    stage: WorkStage
    priority: Priority
    wishes: str
    instructions: str
    offered_at: datetime
    taken_at: datetime | None
    arrived_at: datetime | None
    ended_at: datetime | None
    result: str
    helps: int | None = Field(description="Id of the order that this one helps.")


class WorkFull(WorkTold):
    materials: list[MaterialTold]
    acts: list[str] = Field(examples=[["taking"]], description="What the holder of the token can do now.")


class WorkPage(BaseModel):
    items: list[WorkTold]
    next: str | None


class WorkActed(BaseModel):
    act: str = Field(examples=["taking"])
    made: int | None = Field(description="Id of the row that the act made: of another work order, a refusal, …")
    work: WorkTold


class WorkWanted(Paging):
    mine: bool = Field(True, description="Only those given to the holder of the token.")
    stage: WorkStage | None = None
    open: bool | None = Field(None, description="Offered, taken, arrived or paused; or only the others.")


PLAIN = ("wishes", "instructions", "offered_at", "taken_at", "arrived_at", "ended_at", "result", "worker_id")
JOINED = ("ticket__unit", "ticket__place", "worker")


def _facts(row: WorkOrder) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in PLAIN},
        "id": row.pk, "ticket": row.ticket.number, "where": row.ticket.location, "words": row.ticket.words, "worker": row.worker.name,
        "stage": WorkStage(row.stage), "priority": Priority(row.priority), "helps": row.helps_id,
    }  # fmt: skip


def told(row: WorkOrder) -> WorkTold:
    return WorkTold(**_facts(row))


def work_or_404(reach: Any, pk: int) -> WorkOrder:
    staff_only(reach)
    row: WorkOrder = get_object_or_404(WorkOrder.objects.visible_to(reach).select_related(*JOINED), pk=pk)
    return row


@noun.get("/work", response=WorkPage, summary="Work orders")
def list_work(request: Any, response: HttpResponse, wanted: Query[WorkWanted]) -> Any:
    """Staff only: one's own, or with `mine=false` all within reach; newest first."""
    reach = request.reach
    staff_only(reach)
    rows = WorkOrder.objects.visible_to(reach).select_related(*JOINED)
    if wanted.mine:
        rows = rows.filter(worker_id=reach.person_id)
    if wanted.stage:
        rows = rows.filter(stage=wanted.stage)
    if wanted.open is not None:
        rows = rows.open() if wanted.open else rows.exclude(pk__in=WorkOrder.objects.at_estate(reach.estate).open().values("pk"))
    return page(request, response, rows, wanted, NEWEST, told, WorkPage)


@noun.get("/work/{id}", response=WorkFull, summary="One work order")
def get_work(request: Any, id: Id) -> Any:
    row = work_or_404(request.reach, id)
    used = [MaterialTold(item=each.item, quantity=each.quantity, unit=each.unit, price=each.price) for each in row.materials.order_by("at", "pk")]
    return WorkFull(**_facts(row), materials=used, acts=[act.noun for act in offered(WORK_ACTS, row, request.reach)])


@noun.post("/work/{id}/photos", response={201: list[PhotoTold]}, summary="Add photos of the work")
def add_work_photos(request: Any, id: Id, photos: File[list[UploadedFile]], moment: Form[Literal["before", "after"]]) -> Any:
    """By its worker: before and after, nine of each at most."""
    row = work_or_404(request.reach, id)
    request.reach.must("work.act")
    row.must_be_mine(request.reach)
    made = row.ticket.photograph(photos, by=request.reach, moment=moment, work=row)
    return Status(201, [photo_told(each, request.estate.code, row.ticket.number) for each in made])

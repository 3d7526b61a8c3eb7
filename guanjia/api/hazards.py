"""Hazards: found and cleared (EMG-13)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query
from pydantic import BaseModel, Field

from guanjia.emergencies.models import Hazard

from .door import Noun, staff_only
from .emergencies import SceneWords
from .fields import Body, Id, perhaps, said
from .paging import Order, Paging, page

noun = Noun(tags=["emergencies"])
FOUND = Order("found", "found_at", down=True)


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


def _hazard(row: Hazard) -> HazardTold:
    return HazardTold(
        id=row.pk, words=row.words, severity=row.severity, place=row.place, found_at=row.found_at, due_at=row.due_at, measure=row.measure, responsible=row.responsible_id,
        cleared_at=row.cleared_at,
    )  # fmt: skip


def _found(request: Any, pk: int) -> Hazard:
    staff_only(request.reach)
    row: Hazard = get_object_or_404(Hazard.objects.visible_to(request.reach).select_related("building"), pk=pk)
    return row


@noun.get("/hazards", response=HazardPage, summary="Hazards, newest first")
def list_hazards(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    staff_only(request.reach)
    return page(
        request,
        response,
        Hazard.objects.visible_to(request.reach).select_related("building"),
        wanted,
        FOUND,
        _hazard,
        HazardPage,
    )


@noun.get("/hazards/{id}", response=HazardTold, summary="One hazard")
def get_hazard(request: Any, id: Id) -> Any:
    return _hazard(_found(request, id))


@noun.post("/hazards", response=HazardTold, summary="Register a hazard")
def find_hazard(request: Any, body: HazardFound) -> Any:
    staff_only(request.reach)
    return _hazard(Hazard.objects.find(by=request.reach, **body.model_dump()))


@noun.post("/hazards/{id}/clearance", response=HazardTold, summary="Say that a hazard is cleared")
def clear_hazard(request: Any, id: Id, body: SceneWords) -> Any:
    row = _found(request, id)
    row.clear(body.words, by=request.reach)
    return _hazard(row)

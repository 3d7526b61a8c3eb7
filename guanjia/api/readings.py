"""Fees with what they cost now, and what meters showed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpResponse
from ninja import Query, Status
from pydantic import BaseModel, Field

from guanjia import clock
from guanjia.billing.models import Fee, Meter, MeterKind, Reading, Tariff
from guanjia.tenancy.errors import NotAllowed

from .door import Noun
from .fields import NO_NUL, Body, said
from .paging import BY_ID, NEWEST, Paging, page

noun = Noun(tags=["fees"])


class FeeTold(BaseModel):
    id: int
    number: str
    name: str = Field(examples=["物业服务费"])
    basis: str = Field(examples=["area"])
    closed: bool
    price: Decimal | None = Field(description="In force today; empty: imported, not billed yet.")
    formula: str | None = Field(examples=["面积 × 单价 ＋ 固定金额"])


class FeePage(BaseModel):
    items: list[FeeTold]
    next: str | None


class ReadingTold(BaseModel):
    id: int
    meter: str
    kind: str = Field(examples=["water"])
    unit: str = Field(examples=["3-1-501"])
    period: date
    value: Decimal
    usage: Decimal
    estimated: bool
    state: str = Field(examples=["fine"], description="fine, suspect, confirmed; a suspect one is not billed.")
    doubt: str


class ReadingPage(BaseModel):
    items: list[ReadingTold]
    next: str | None


class ReadingsWanted(Paging):
    period: date | None = None
    unit: str = Field("", max_length=60, pattern=NO_NUL)


class Shown(Body):
    """What a meter showed; again for the month it replaces the first, unless it was billed."""

    meter: str = said(40, "W-0501", description="Its number.")
    kind: MeterKind
    period: date = Field(description="First of the month whose bill it feeds.", examples=["2026-03-01"])
    value: Decimal = Field(ge=0, max_digits=14, decimal_places=3, examples=["123.000"])


@noun.get("/fees", response=FeePage, summary="Fees")
def list_fees(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """With `bill.read`."""
    request.reach.must("bill.read")
    price = Tariff.objects.filter(
        estate_id=OuterRef("estate_id"), fee=OuterRef("pk"), starts_on__lte=clock.today(request.estate)
    ).order_by("-starts_on")
    rows = Fee.objects.at_estate(request.estate).annotate(
        now=Subquery(price.values("price")[:1]), said=Subquery(price.values("expression")[:1])
    )
    return page(request, response, rows, wanted, BY_ID, _fee, FeePage)


def _fee(row: Any) -> FeeTold:
    return FeeTold(
        id=row.pk,
        number=row.number,
        name=row.name,
        basis=row.reckoned_by,
        closed=row.closed,
        price=row.now,
        formula=row.said,
    )


def _meters(reach: Any) -> Any:
    if not reach.may("meter.read"):
        raise NotAllowed("meter.read")
    rows = Meter.objects.at_estate(reach.estate).select_related("estate")
    return rows if reach.sees == "estate" else rows.filter(unit__zone_id__in=reach.zones)


def _told(row: Any) -> ReadingTold:
    plain = {name: getattr(row, name) for name in ("period", "value", "usage", "estimated", "state", "doubt")}
    return ReadingTold(id=row.pk, meter=row.meter.number, kind=row.meter.kind, unit=row.meter.unit.code, **plain)


@noun.get("/readings", response=ReadingPage, summary="Readings")
def list_readings(request: Any, response: HttpResponse, wanted: Query[ReadingsWanted]) -> Any:
    """With `meter.read`; newest first, within reach."""
    rows = Reading.objects.at_estate(request.estate).filter(meter__in=_meters(request.reach))
    rows = rows.filter(period=wanted.period) if wanted.period else rows
    rows = rows.filter(meter__unit__code=wanted.unit) if wanted.unit else rows
    return page(request, response, rows.select_related("meter__unit"), wanted, NEWEST, _told, ReadingPage)


@noun.post("/readings", response={201: ReadingTold}, summary="Keep a reading")
def keep_reading(request: Any, body: Shown) -> Any:
    """With `meter.read`; a fall or a jump is kept as suspect. 409 when the month is billed already."""
    meter = _meters(request.reach).filter(number=body.meter, kind=body.kind).first()
    if meter is None:
        raise Http404
    row = meter.read(body.value, period=body.period.replace(day=1), by=request.reach)
    return Status(201, _told(Reading.objects.at_estate(request.estate).select_related("meter__unit").get(pk=row.pk)))

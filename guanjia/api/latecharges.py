"""Late charges, and waiving what is charged already: asked by one, judged by another (FEE-11, CF-51)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from ninja import Query, Status
from pydantic import BaseModel, Field

from guanjia import clock
from guanjia.billing.models import BillLine
from guanjia.collection.models import LateCharge, Waiver
from guanjia.tickets import callers

from .chases import payer_of
from .door import Noun
from .fields import Body, Id, said
from .paging import NEWEST, Paging, page

noun = Noun(tags=["dunning"])


class LateTold(BaseModel):
    id: int
    bill: int = Field(description="The bill it was charged by.")
    unit: str = Field(examples=["3-1-501"])
    fee: str = Field(description="What was paid late.")
    month: str = Field(examples=["2026-03"])
    amount: Decimal = Field(description="Yuan.")
    at: datetime


class LatePage(BaseModel):
    items: list[LateTold]
    next: str | None


class LateWanted(Paging):
    household: int | None = Field(None, ge=1, le=2**63 - 1)


class LateDue(BaseModel):
    fee: str
    unit: str
    month: str
    owed: Decimal
    late: Decimal = Field(description="Yuan that its lateness has cost and that are not charged yet.")


class LateAsked(Body):
    household: Id


class LateCharged(BaseModel):
    charged: Decimal = Field(description="Yuan.")


class WaiverTold(BaseModel):
    id: int
    line: int
    unit: str
    fee: str
    amount: Decimal
    why: str
    state: str = Field(description="asked, approved, refused")
    asker: int
    asked_at: datetime
    judge: int | None
    judged_at: datetime | None


class WaiverPage(BaseModel):
    items: list[WaiverTold]
    next: str | None


class WaiversWanted(Paging):
    waiting: bool = Field(False, description="Only those that nobody has judged.")


class WaiverAsked(Body):
    """Of one line of a bill, the whole or a part; of late charges as of any other."""

    line: Id
    amount: Decimal = Field(gt=0, max_digits=12, decimal_places=2, examples=["12.50"])
    why: str = said(200, "首次逾期，已沟通")


class WaiverJudged(Body):
    approved: bool


def _late(row: LateCharge) -> LateTold:
    line = row.line
    return LateTold(id=row.pk, bill=row.bill_id, unit=line.unit.code, fee=line.fee.name, month=f"{line.period:%Y-%m}", amount=row.amount, at=row.at)


def _waiver(row: Waiver) -> WaiverTold:
    names = ("amount", "why", "state", "asked_at", "judged_at")
    known: dict[str, Any] = {"id": row.pk, "line": row.line_id, "unit": row.line.unit.code, "fee": row.line.fee.name, "asker": row.asker_id, "judge": row.judge_id}
    return WaiverTold(**known, **{name: getattr(row, name) for name in names})


def _waivers(reach: Any) -> Any:
    if not reach.may("chase.judge"):
        reach.must("chase.act")
    return Waiver.objects.visible_to(reach).select_related("line__unit", "line__fee")


@noun.get("/late-charges", response=LatePage, summary="What being late was charged")
def list_late_charges(request: Any, response: HttpResponse, wanted: Query[LateWanted]) -> Any:
    """With `chase.act`, within reach; newest first."""
    reach = request.reach
    reach.must("chase.act")
    rows = LateCharge.objects.at_estate(request.estate).select_related("line__unit", "line__fee")
    rows = rows if reach.sees == "estate" else rows.filter(line__unit__zone_id__in=reach.zones)
    rows = rows.filter(line__bill__household_id=wanted.household) if wanted.household else rows
    return page(request, response, rows, wanted, NEWEST, _late, LatePage)


@noun.get("/households/{id}/late-dues", response=list[LateDue], summary="What a household's lateness has cost so far")
def get_late_dues(request: Any, id: Id) -> Any:
    """With `chase.act`: line by line what a charge would be today; nothing where the company has set no rate."""
    payer = payer_of(request.reach, id)
    due = LateCharge.objects.due(payer, clock.now())
    return [LateDue(fee=line.fee.name, unit=line.unit.code, month=f"{line.period:%Y-%m}", owed=line.owed, late=late) for line, late in due.items()]


@noun.post("/late-charges", response={201: LateCharged}, summary="Charge a household its lateness")
def charge_late(request: Any, body: LateAsked) -> Any:
    """With `chase.judge`: one bill a unit and month. 409 where nothing has come due."""
    request.reach.must("chase.judge")
    return Status(201, LateCharged(charged=LateCharge.objects.charge(payer_of(request.reach, body.household), by=request.reach)))


@noun.get("/waivers", response=WaiverPage, summary="What need not be paid after all")
def list_waivers(request: Any, response: HttpResponse, wanted: Query[WaiversWanted]) -> Any:
    """With `chase.act`, within reach; newest first."""
    rows = _waivers(request.reach)
    return page(request, response, rows.filter(state="asked") if wanted.waiting else rows, wanted, NEWEST, _waiver, WaiverPage)


@noun.post("/waivers", response={201: WaiverTold}, summary="Ask that a line need not be paid")
def ask_waiver(request: Any, body: WaiverAsked) -> Any:
    """With `discount.ask`."""
    request.reach.must("discount.ask")
    near = callers.may_call(request.reach).values("pk")
    line = BillLine.objects.at_estate(request.estate).filter(pk=body.line, live=True, bill__household_id__in=near).select_related("unit", "fee").first()
    if line is None:
        raise Http404
    return Status(201, _waiver(Waiver.objects.ask(line, body.amount, body.why, by=request.reach)))


@noun.post("/waivers/{id}/verdict", response=WaiverTold, summary="Judge a waiver")
def judge_waiver(request: Any, id: Id, body: WaiverJudged) -> Any:
    """With `chase.judge`; not one's own."""
    request.reach.must("chase.judge")
    row = _waivers(request.reach).filter(pk=id).first()
    if row is None:
        raise Http404
    row.judge_it(body.approved, by=request.reach)
    return _waiver(row)

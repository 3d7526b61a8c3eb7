"""What a fee costs from when, discounts by level, the month's shared costs (FEE-02, FEE-17, FEE-28)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Status
from pydantic import BaseModel, Field

from guanjia.billing.models import Discount, Fee, SharedCost, Tariff
from guanjia.billing.models.pricing import read_tiers
from guanjia.estates.models import Unit
from guanjia.tenancy.errors import NotAllowed

from .door import Noun
from .fields import Body, Day, Id, perhaps, said
from .paging import NEWEST, Paging, page
from .problems import Unfit

noun = Noun(tags=["fees"])
MOST_TIERS = 20


class PriceTold(BaseModel):
    id: int
    starts_on: date
    price: Decimal = Field(description="Yuan per whatever the formula multiplies.")
    fixed: Decimal
    tiers: list[list[str | None]] = Field(description="Up to how much, yuan each; the last has no end.")
    formula: str
    imported: bool
    why: str
    at: datetime


Money = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=4)]  # a bound or a price of a tier


class PriceSet(Body):
    """A new version from a day on; the formula's language is in docs/words.md. 409 in a month that is billed."""

    starts_on: Day = Field(examples=["2026-04-01"])
    formula: str = said(300, "面积 × 单价 ＋ 固定金额")
    price: Decimal = Field(Decimal(0), ge=0, max_digits=14, decimal_places=4)
    fixed: Decimal = Field(Decimal(0), ge=0, max_digits=14, decimal_places=2)
    tiers: list[tuple[Money | None, Money]] = Field([], max_length=MOST_TIERS, description="[[180, 0.52], [null, 0.83]]")
    why: str = said(200, "业主大会决定")


class DiscountTold(BaseModel):
    id: int
    unit: str = Field(examples=["3-1-501"])
    fee: int | None = Field(description="Empty: every fee of the unit.")
    kind: str = Field(examples=["vacancy"])
    percent: Decimal = Field(description="Taken off.")
    starts_on: date
    ends_on: date = Field(description="The first day it no longer holds.")
    why: str
    state: str = Field(description="asked, approved, refused")
    needs: str = Field(description="The permission its size wants of who judges it.")
    asker: int | None
    judge: int | None
    judged_at: datetime | None
    verdict: str


class DiscountPage(BaseModel):
    items: list[DiscountTold]
    next: str | None


class DiscountAsked(Body):
    unit: str = said(60, "3-1-501")
    kind: Literal["discount", "vacancy", "hardship"] = Field(examples=["vacancy"])
    percent: Decimal = Field(gt=0, le=100, max_digits=5, decimal_places=2, examples=["30"])
    starts_on: Day = Field(examples=["2026-04-01"])
    ends_on: Day = Field(examples=["2026-10-01"])
    fee: Id | None = None
    why: str = said(200, "空置六个月，水电已停用")


class DiscountJudged(Body):
    """A no wants words."""

    approved: bool
    words: str = perhaps(200, "请补空置证明")


class CostTold(BaseModel):
    id: int
    fee: int
    period: date
    amount: Decimal
    method: str = Field(examples=["area"])
    zone: int | None
    building: int | None
    words: str


class CostPage(BaseModel):
    items: list[CostTold]
    next: str | None


class CostEntered(Body):
    """Entered again it replaces the first, until it is billed."""

    fee: Id
    period: Day = Field(description="First of the month.", examples=["2026-03-01"])
    amount: Decimal = Field(gt=0, max_digits=12, decimal_places=2, examples=["1860.40"])
    method: Literal["area", "even", "custom", "usage"] = Field(examples=["area"])
    words: str = perhaps(200, "公共照明电费")


def _fee(reach: Any, pk: int) -> Fee:
    row: Fee = get_object_or_404(Fee.objects.at_estate(reach.estate), pk=pk)
    return row


def _price(row: Tariff) -> PriceTold:
    names = ("starts_on", "price", "fixed", "tiers", "imported", "at")
    return PriceTold(id=row.pk, formula=row.expression, why=row.reason, **{name: getattr(row, name) for name in names})


def _discount(row: Discount) -> DiscountTold:
    names = ("kind", "percent", "starts_on", "ends_on", "why", "state", "judged_at", "verdict")
    known: dict[str, Any] = {"id": row.pk, "unit": row.unit.code, "fee": row.fee_id, "needs": row.level, "asker": row.asker_id, "judge": row.judge_id}
    return DiscountTold(**known, **{name: getattr(row, name) for name in names})


def _cost(row: SharedCost) -> CostTold:
    names = ("period", "amount", "method", "words")
    return CostTold(id=row.pk, fee=row.fee_id, zone=row.zone_id, building=row.building_id, **{name: getattr(row, name) for name in names})


def _discounts(reach: Any) -> Any:
    if not any(map(reach.may, ("discount.ask", "discount.approve_small", "bill.read"))):
        raise NotAllowed("discount.ask")
    rows = Discount.objects.at_estate(reach.estate).select_related("unit")
    return rows if reach.sees == "estate" else rows.filter(unit__zone_id__in=reach.zones)


@noun.get("/fees/{id}/prices", response=list[PriceTold], summary="What a fee cost and will cost")
def list_prices(request: Any, id: Id) -> Any:
    """With `bill.read`; oldest first."""
    request.reach.must("bill.read")
    return [_price(row) for row in _fee(request.reach, id).tariffs.order_by("starts_on")]


@noun.post("/fees/{id}/prices", response={201: PriceTold}, summary="A price from a day on")
def set_price(request: Any, id: Id, body: PriceSet) -> Any:
    """With `tariff.set`. A formula that cannot be read is refused (409) with its place."""
    request.reach.must("tariff.set")
    try:
        tiers = read_tiers(" ".join(f"{'above' if top is None else f'{top:f}'}:{price:f}" for top, price in body.tiers))
    except ValueError as slip:
        raise Unfit("body/tiers", str(slip)) from slip
    made = _fee(request.reach, id).price_from(body.starts_on, body.formula, price=body.price, fixed=body.fixed, tiers=tiers, by=request.reach, reason=body.why)
    return Status(201, _price(made))


@noun.get("/discounts", response=DiscountPage, summary="Discounts and vacancy rebates")
def list_discounts(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """With `bill.read` or `discount.ask`, within reach; newest first."""
    return page(request, response, _discounts(request.reach), wanted, NEWEST, _discount, DiscountPage)


@noun.post("/discounts", response={201: DiscountTold}, summary="Ask for a discount")
def ask_discount(request: Any, body: DiscountAsked) -> Any:
    """With `discount.ask`. Nothing is taken off before somebody of the right level agrees."""
    reach = request.reach
    reach.must("discount.ask")
    units = Unit.objects.at_estate(request.estate)
    unit = (units if reach.sees == "estate" else units.filter(zone_id__in=reach.zones)).filter(code=body.unit).first()
    if unit is None:
        raise Http404
    fee = _fee(reach, body.fee) if body.fee else None
    made = Discount.objects.ask(unit, body.percent, body.starts_on, body.ends_on, kind=body.kind, why=body.why, fee=fee, by=reach)
    return Status(201, _discount(made))


@noun.post("/discounts/{id}/verdict", response=DiscountTold, summary="Judge a discount")
def judge_discount(request: Any, id: Id, body: DiscountJudged) -> Any:
    """With the permission that its size wants (403 otherwise); not one's own."""
    row = _discounts(request.reach).filter(pk=id).first()
    if row is None:
        raise Http404
    row.decide(body.approved, words=body.words, by=request.reach)
    return _discount(row)


@noun.get("/shared-costs", response=CostPage, summary="What a month's shared costs were")
def list_costs(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """With `bill.read`, of the whole estate; newest first."""
    _sees_estate(request.reach, "bill.read")
    return page(request, response, SharedCost.objects.at_estate(request.estate), wanted, NEWEST, _cost, CostPage)


@noun.post("/shared-costs", response={201: CostTold}, summary="Enter a shared cost")
def enter_cost(request: Any, body: CostEntered) -> Any:
    """With `bill.draft`; for the whole estate. 409 once the month is billed."""
    _sees_estate(request.reach, "bill.draft")
    made = SharedCost.objects.enter(_fee(request.reach, body.fee), body.period.replace(day=1), body.amount, method=body.method, words=body.words, by=request.reach)
    return Status(201, _cost(made))


def _sees_estate(reach: Any, needed: str) -> None:
    reach.must(needed)
    if reach.sees != "estate":
        raise NotAllowed(needed)

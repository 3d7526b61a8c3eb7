"""Services: the menu, orders, quotes, who does them, done, rated."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query
from pydantic import BaseModel, Field

from guanjia import clock
from guanjia.households.models import Occupancy
from guanjia.people.models import Person
from guanjia.services.models import Offer, Offered, ServiceOrder, Supplier
from guanjia.staffing.finding import unit_for

from .door import Noun, staff_only
from .fields import Body, Id, Stars, perhaps, said
from .paging import Order, Paging, page

noun = Noun(tags=["services"])
NEWEST = Order("ordered", "ordered_at", down=True)


class ServiceItemTold(BaseModel):
    key: str = Field(examples=["car_beauty"])
    title: str
    family: str = Field(description="routine, special, help.")
    kind: str = Field(description="fixed: the price counts; quote: said before the work; free.")
    price: Decimal | None = Field(description="Yuan for one unit; with a quote where it begins.")
    unit: str
    within_minutes: int = Field(description="The promised working time.")
    fields: list[str] = Field(description="What an order's `details` must or may say.")


class ServiceOrderTold(BaseModel):
    id: int
    number: str = Field(examples=["FW-00012"])
    unit: str = Field(examples=["3-1-501"])
    item: str
    title: str
    stage: str = Field(examples=["quoted"], description="asked, quoted, agreed, done, declined, cancelled.")
    amount: Decimal | None = Field(description="Yuan that was agreed to; none while a quote is waited for.")
    quote: Decimal | None = Field(description="Yuan of the quote that waits for an answer.")
    round: int | None = Field(description="Its number: say it when answering.")
    due_at: datetime | None
    done_at: datetime | None
    stars: int | None


class ServiceOrderPage(BaseModel):
    items: list[ServiceOrderTold]
    next: str | None


class ServiceOrdered(Body):
    unit: str = said(40, "3-1-501")
    item: str = said(30, "car_beauty")
    count: int = Field(1, ge=1, le=99)
    day: date | None = None
    words: str = perhaps(500, "打蜡")
    details: dict[str, str] = Field(default_factory=dict, max_length=20)


class QuoteLine(Body):
    what: str = said(60, "疏通下水管")
    yuan: Decimal = Field(ge=0, lt=1_000_000, decimal_places=2, examples=["80.00"])


class ServiceQuoted(Body):
    lines: list[QuoteLine] = Field(min_length=1, max_length=10, examples=[[{"what": "疏通下水管", "yuan": "80.00"}]])
    words: str = perhaps(300, "")


class QuoteAnswered(Body):
    """By the household in its own login. A signature on paper is taken on the page."""

    agreed: bool
    round: int = Field(0, ge=0, le=9999, description="The quote that was read; another one in between is refused.")
    why: str = perhaps(300, "")


class ServiceAssigned(Body):
    person: Id | None = None
    supplier: Id | None = None


class ServiceRated(Body):
    stars: Stars
    words: str = perhaps(300, "很利索")


class ServiceCancelled(Body):
    why: str = perhaps(300, "改期")


def _item(one: Offered) -> ServiceItemTold:
    return ServiceItemTold(
        key=one.key, title=one.title, family=one.item.family, kind=one.kind, price=one.amount, unit=one.unit, within_minutes=one.minutes,
        fields=list(one.item.fields),
    )  # fmt: skip


def _told(row: ServiceOrder) -> ServiceOrderTold:
    waits = next((one for one in row.quotes.all() if one.agreed is None), None) if row.stage == "quoted" else None
    return ServiceOrderTold(
        id=row.pk, number=row.number, unit=row.unit.code, item=row.item, title=row.title, stage=row.stage, amount=row.amount,
        quote=waits.amount if waits else None, round=waits.round if waits else None, due_at=row.due_at, done_at=row.done_at, stars=row.stars,
    )  # fmt: skip


def _found(request: Any, pk: int) -> ServiceOrder:
    row: ServiceOrder = get_object_or_404(ServiceOrder.objects.visible_to(request.reach).select_related("unit", "household", "estate"), pk=pk)
    return row


@noun.get("/service-items", response=list[ServiceItemTold], summary="What may be ordered today")
def list_service_items(request: Any) -> Any:
    return [_item(one) for one in Offer.objects.offered(request.estate, clock.today(request.estate)).values()]


@noun.get("/service-orders", response=ServiceOrderPage, summary="Service orders, newest first")
def list_service_orders(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """A household sees its own, a worker what was given to them."""
    rows = ServiceOrder.objects.visible_to(request.reach).select_related("unit").prefetch_related("quotes")
    return page(request, response, rows, wanted, NEWEST, _told, ServiceOrderPage)


@noun.get("/service-orders/{id}", response=ServiceOrderTold, summary="One service order")
def get_service_order(request: Any, id: Id) -> Any:
    return _told(_found(request, id))


@noun.post("/service-orders", response=ServiceOrderTold, summary="Order a service")
def order_service(request: Any, body: ServiceOrdered) -> Any:
    """For a home of one's own, or at the desk for anybody's."""
    data = body.model_dump()
    unit = unit_for(request.estate, data.pop("unit"))
    today = clock.today(request.estate)
    rows = Occupancy.objects.at_estate(request.estate).filter(unit=unit, during__contains=today).select_related("household")
    if not request.reach.is_staff:
        rows = rows.filter(household_id__in=list(request.reach.households))
    home = rows.order_by("-during").first() if unit else None
    if unit is None or home is None:
        raise Http404
    return _told(ServiceOrder.objects.place(unit, home.household, data.pop("item"), by=request.reach, **data))


@noun.post("/service-orders/{id}/assignment", response=ServiceOrderTold, summary="Send a person or a supplier")
def assign_service(request: Any, id: Id, body: ServiceAssigned) -> Any:
    staff_only(request.reach)
    row = _found(request, id)
    worker = Person.objects.filter(pk=body.person, company_id=request.estate.company_id).first() if body.person else None
    supplier = Supplier.objects.visible_to(request.reach).filter(pk=body.supplier).first() if body.supplier else None
    if (body.person and worker is None) or (body.supplier and supplier is None):
        raise Http404
    row.assign(worker=worker, supplier=supplier, by=request.reach)
    return _told(row)


@noun.post("/service-orders/{id}/quote", response=ServiceOrderTold, summary="Say what it will cost, before the work")
def quote_service(request: Any, id: Id, body: ServiceQuoted) -> Any:
    staff_only(request.reach)
    return _done(request, id, lambda row: row.quote([(line.what, line.yuan) for line in body.lines], body.words, by=request.reach))


@noun.post("/service-orders/{id}/answer", response=ServiceOrderTold, summary="Agree to the quote, or not")
def answer_quote(request: Any, id: Id, body: QuoteAnswered) -> Any:
    return _done(request, id, lambda row: row.answer(body.agreed, seen=body.round, why=body.why, by=request.reach))


@noun.post("/service-orders/{id}/rating", response=ServiceOrderTold, summary="Rate a service that is done")
def rate_service(request: Any, id: Id, body: ServiceRated) -> Any:
    return _done(request, id, lambda row: row.rate(body.stars, body.words, by=request.reach))


@noun.post("/service-orders/{id}/cancellation", response=ServiceOrderTold, summary="Cancel a service order")
def cancel_service(request: Any, id: Id, body: ServiceCancelled) -> Any:
    return _done(request, id, lambda row: row.cancel(body.why, by=request.reach))


def _done(request: Any, pk: int, verb: Any) -> ServiceOrderTold:
    row = _found(request, pk)
    verb(row)
    return _told(row)

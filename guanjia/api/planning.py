"""The improvement fund and the year's budget beside the books (QLT-58, FIN-08, FIN-12)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from ninja import Query, Status
from pydantic import BaseModel, Field

from guanjia import clock
from guanjia.billing.budgeting import budget_lines
from guanjia.billing.models import Budget, Entry, FundUse
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import NotAllowed

from .door import Noun
from .fields import Body, Id, perhaps, said
from .paging import NEWEST, Paging, page
from .problems import Unfit

noun = Noun(tags=["plans"])
MOST = Decimal("999999999999.99")


class BudgetTold(BaseModel):
    group: str = Field(examples=["wages"])
    title: str
    income: bool = Field(description="Else cost; both are positive.")
    budget: Decimal | None = Field(description="Yuan of the year; empty: not planned.")
    actual: Decimal = Field(description="What the books say so far.")
    rest: Decimal | None
    done: Decimal | None = Field(description="Per cent.")
    over: bool = Field(description="More was spent than planned.")


class BudgetSet(Body):
    """Groups of rulebooks/accounts.yaml; those left out stay as they are."""

    year: int = Field(ge=2000, le=2099, examples=[2026])
    amounts: dict[str, Decimal] = Field(min_length=1, max_length=100, examples=[{"repairs": "120000.00"}])


class FundTold(BaseModel):
    year: int
    annual: Decimal = Field(description="What is set aside a year (`fund.annual`).")
    granted: bool = Field(description="This year's was set aside.")
    used: Decimal = Field(description="Paid out this year.")
    left: Decimal


class FundUseTold(BaseModel):
    id: int
    amount: Decimal
    why: str
    state: str = Field(description="asked, approved, refused")
    asker: int
    asked_at: datetime
    judge: int | None
    judged_at: datetime | None
    verdict: str


class FundUsePage(BaseModel):
    items: list[FundUseTold]
    next: str | None


class FundAsked(Body):
    amount: Decimal = Field(gt=0, max_digits=12, decimal_places=2, examples=["3200.00"])
    why: str = said(200, "单元门口加装夜灯（业主建议）")


class FundJudged(Body):
    """A no wants words."""

    approved: bool
    words: str = perhaps(200, "请先询价")


def _budget(estate: Any, year: int) -> list[BudgetTold]:
    return [BudgetTold(**{name: getattr(line, name) for name in BudgetTold.model_fields}) for line in budget_lines(estate, year)]


def _use(row: FundUse) -> FundUseTold:
    names = ("amount", "why", "state", "asked_at", "judged_at", "verdict")
    return FundUseTold(id=row.pk, asker=row.asker_id, judge=row.judge_id, **{name: getattr(row, name) for name in names})


def _one_of(reach: Any, *permissions: str) -> None:
    if not any(map(reach.may, permissions)):
        raise NotAllowed(permissions[0])


@noun.get("/budget", response=list[BudgetTold], summary="A year's budget beside what the books say")
def get_budget(request: Any, year: int | None = Query(None, ge=2000, le=2099)) -> Any:
    """With `ledger.read` or `budget.set`; left out: this year."""
    _one_of(request.reach, "ledger.read", "budget.set")
    return _budget(request.estate, year or clock.today(request.estate).year)


@noun.post("/budget", response=list[BudgetTold], summary="Set a year's budget")
def set_budget(request: Any, body: BudgetSet) -> Any:
    """With `budget.set`; set again, it is replaced, and the first stays in the story."""
    request.reach.must("budget.set")
    for group, amount in body.amounts.items():
        if not amount.is_finite() or not 0 <= amount <= MOST or amount != round(amount, 2):
            raise Unfit(f"body/amounts/{group[:30]}", str(amount)[:30])
    Budget.objects.set_to(request.estate, body.year, body.amounts, by=request.reach)
    return _budget(request.estate, body.year)


@noun.get("/fund", response=FundTold, summary="The improvement fund")
def get_fund(request: Any) -> Any:
    """With `ledger.read`, `fund.ask` or `fund.judge`."""
    _one_of(request.reach, "ledger.read", "fund.ask", "fund.judge")
    return _fund(request.estate)


def _fund(estate: Any) -> FundTold:
    year = clock.today(estate).year
    granted = Entry.objects.at_estate(estate).filter(key=f"fund {year}").exists()
    annual = Decimal(str(parameter(estate, "fund.annual", clock.now())))
    return FundTold(year=year, annual=annual, granted=granted, used=FundUse.objects.used(estate, year), left=FundUse.objects.left(estate))


@noun.post("/fund", response=FundTold, summary="Set this year's sum aside")
def grant_fund(request: Any) -> Any:
    """With `fund.judge`. Once a year; sent again it adds nothing."""
    request.reach.must("fund.judge")
    FundUse.objects.grant(request.estate, by=request.reach)
    return _fund(request.estate)


@noun.get("/fund-uses", response=FundUsePage, summary="What the fund was asked for")
def list_fund_uses(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """Newest first."""
    _one_of(request.reach, "ledger.read", "fund.ask", "fund.judge")
    return page(request, response, FundUse.objects.at_estate(request.estate), wanted, NEWEST, _use, FundUsePage)


@noun.post("/fund-uses", response={201: FundUseTold}, summary="Ask for a part of the fund")
def ask_fund(request: Any, body: FundAsked) -> Any:
    """With `fund.ask`; never more than is left (409)."""
    request.reach.must("fund.ask")
    return Status(201, _use(FundUse.objects.ask(request.estate, body.amount, body.why, by=request.reach)))


@noun.post("/fund-uses/{id}/verdict", response=FundUseTold, summary="Judge a request")
def judge_fund(request: Any, id: Id, body: FundJudged) -> Any:
    """With `fund.judge`; not one's own. A yes pays it out."""
    request.reach.must("fund.judge")
    row = FundUse.objects.at_estate(request.estate).filter(pk=id).first()
    if row is None:
        raise Http404
    row.decide(body.approved, words=body.words, by=request.reach)
    return _use(row)

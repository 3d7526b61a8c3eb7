"""The books: trial balance, the journal, months that are closed and opened again by two persons (FIN-04)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from ninja import Query, Status
from pydantic import BaseModel, Field

from guanjia import clock
from guanjia.billing.books import trial_balance
from guanjia.billing.exporting import as_csv
from guanjia.billing.models import Period, Reopening

from .bank import first_of
from .door import Noun
from .fields import Body, Day, Id, said
from .paging import NEWEST, Paging, page

noun = Noun(tags=["ledger"])
CSV = {"responses": {200: {"description": "CSV, docs/journal.md", "content": {"text/csv": {"schema": {"type": "string"}}}}}}


class AccountTold(BaseModel):
    code: str = Field(examples=["1122"])
    title: str
    opening: Decimal = Field(description="Yuan, debit positive.")
    debits: Decimal
    credits: Decimal
    closing: Decimal


class PeriodTold(BaseModel):
    id: int
    month: date
    closed: bool
    asked: int | None = Field(description="A reopening that waits for the second person.")


class PeriodPage(BaseModel):
    items: list[PeriodTold]
    next: str | None


class MonthClosed(Body):
    """Any day of the month."""

    month: Day = Field(examples=["2026-02-01"])


class MonthReopened(MonthClosed):
    why: str = said(200, "漏记一笔水费")


class ReopeningTold(BaseModel):
    id: int
    month: date
    why: str
    asker: int
    asked_at: datetime
    agreer: int | None
    agreed_at: datetime | None


def _period(row: Period) -> PeriodTold:
    asked = next((one.pk for one in row.reopenings.all() if one.agreed_at is None), None)
    return PeriodTold(id=row.pk, month=row.month, closed=row.closed, asked=asked)


def _reopening(row: Reopening) -> ReopeningTold:
    names = ("why", "asked_at", "agreed_at")
    return ReopeningTold(id=row.pk, month=row.period.month, asker=row.asker_id, agreer=row.agreer_id, **{name: getattr(row, name) for name in names})


@noun.get("/trial-balance", response=list[AccountTold], summary="Every account's opening, movement and closing")
def get_trial_balance(request: Any, month: date | None = None) -> Any:
    """With `ledger.read`; of any day's month, left out: the present one. Debits equal credits."""
    request.reach.must("ledger.read")
    lines = trial_balance(request.estate, first_of(month or clock.today(request.estate)))
    return [AccountTold(**{name: getattr(line, name) for name in AccountTold.model_fields}) for line in lines]


@noun.get("/journal", summary="A month's vouchers as CSV", openapi_extra=CSV)
def get_journal(request: Any, month: date | None = None) -> Any:
    """With `ledger.read`; its columns are in docs/journal.md. Taking it along is written down."""
    request.reach.must("ledger.read")
    found = as_csv(request.estate, first_of(month or clock.today(request.estate)), by=request.reach)
    return FileResponse(found, content_type="text/csv; charset=utf-8")


@noun.get("/periods", response=PeriodPage, summary="Accounting months")
def list_periods(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """With `ledger.read`; newest first."""
    request.reach.must("ledger.read")
    rows = Period.objects.at_estate(request.estate).prefetch_related("reopenings")
    return page(request, response, rows, wanted, NEWEST, _period, PeriodPage)


@noun.post("/closures", response={201: PeriodTold}, summary="Close a month")
def close_month(request: Any, body: MonthClosed) -> Any:
    """With `ledger.close`: in order, when it is over and no run of it is unfinished."""
    request.reach.must("ledger.close")
    row = Period.objects.of(request.estate, body.month)
    row.close(by=request.reach)
    return Status(201, _period(row))


@noun.post("/reopenings", response={201: ReopeningTold}, summary="Ask to open a closed month again")
def ask_reopening(request: Any, body: MonthReopened) -> Any:
    """With `ledger.reopen`: the last closed month; another person agrees."""
    request.reach.must("ledger.reopen")
    return Status(201, _reopening(Period.objects.of(request.estate, body.month).ask_reopening(body.why, by=request.reach)))


@noun.post("/reopenings/{id}/agreement", response=ReopeningTold, summary="Agree to open it again")
def agree_reopening(request: Any, id: Id) -> Any:
    """With `ledger.reopen`; not who asked."""
    request.reach.must("ledger.reopen")
    row = Reopening.objects.filter(estate_id=request.estate.pk, pk=id, agreed_at__isnull=True).select_related("period__estate").first()
    if row is None:
        raise Http404
    row.period.agree_reopening(by=request.reach)
    row.refresh_from_db()
    return _reopening(row)

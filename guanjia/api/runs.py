"""The month's run: drawn up, reviewed, posted, sent out, reversed. Each act may be sent again: it finds what was done."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Status
from pydantic import BaseModel, Field

from guanjia.billing.models import BillRun
from guanjia.tenancy.errors import NotAllowed

from .door import Noun
from .fields import Body, Id, said
from .paging import NEWEST, Paging, page

noun = Noun(tags=["runs"])


class RunTold(BaseModel):
    id: int
    period: date = Field(description="First of the month.")
    sequence: int = Field(description="Which run of the month.")
    state: str = Field(examples=["draft"], description="draft, reviewed, posted, reversed, discarded")
    lines: int
    total: Decimal = Field(description="Yuan.")
    refused: int = Field(description="Charges that could not be made; the page of the run says why.")
    drafted_at: datetime | None
    posted_at: datetime | None


class RunPage(BaseModel):
    items: list[RunTold]
    next: str | None


class Month(Body):
    """Draw up what the month has not charged yet; the open run is drawn up anew, and nothing left is the last posted run."""

    period: date = Field(description="First of the month.", examples=["2026-03-01"])


class Why(Body):
    """Take the whole run back; what was paid becomes prepaid."""

    why: str = said(200, "单价错了")


class RunsWanted(Paging):
    period: date | None = None


def _rows(reach: Any) -> Any:
    """For staff who may read bills of the whole estate."""
    if not reach.may("bill.read") or reach.sees != "estate":
        raise NotAllowed("bill.read")
    return BillRun.objects.at_estate(reach.estate).select_related("estate")


def _run(reach: Any, pk: int) -> BillRun:
    row: BillRun = get_object_or_404(_rows(reach), pk=pk)
    return row


def _told(run: Any) -> RunTold:
    names = ("period", "sequence", "state", "lines", "total", "drafted_at", "posted_at")
    refused = len(run.report.get("refused", []))
    return RunTold(id=run.pk, refused=refused, **{name: getattr(run, name) for name in names})


@noun.get("/runs", response=RunPage, summary="Runs")
def list_runs(request: Any, response: HttpResponse, wanted: Query[RunsWanted]) -> Any:
    """Newest first."""
    rows = _rows(request.reach)
    rows = rows.filter(period=wanted.period) if wanted.period else rows
    return page(request, response, rows, wanted, NEWEST, _told, RunPage)


@noun.get("/runs/{id}", response=RunTold, summary="One run")
def get_run(request: Any, id: Id) -> Any:
    return _told(_run(request.reach, id))


@noun.post("/runs", response={201: RunTold}, summary="Draft a month")
def draft_run(request: Any, body: Month) -> Any:
    """With `bill.draft`. Sent again it answers with the same run, whose figures are today's."""
    _rows(request.reach)
    return Status(201, _told(BillRun.objects.draft(request.estate, body.period, by=request.reach)))


@noun.post("/runs/{id}/review", response=RunTold, summary="Agree to a draft")
def review_run(request: Any, id: Id) -> Any:
    """With `bill.review`."""
    run = _run(request.reach, id)
    if run.state != "reviewed":
        run.review(by=request.reach)
    return _told(run)


@noun.post("/runs/{id}/posting", response=RunTold, summary="Post a reviewed run")
def post_run(request: Any, id: Id) -> Any:
    """With `bill.post`; refused when anything changed since the review. A posted run stays as it is."""
    run = _run(request.reach, id)
    run.post(by=request.reach)
    return _told(run)


@noun.post("/runs/{id}/statements", response=RunTold, summary="Send the statements out")
def issue_run(request: Any, id: Id) -> Any:
    """With `bill.draft`; each household is told once."""
    run = _run(request.reach, id)
    run.issue(by=request.reach)
    return _told(run)


@noun.post("/runs/{id}/reversal", response=RunTold, summary="Reverse a posted run")
def reverse_run(request: Any, id: Id, body: Why) -> Any:
    """With `bill.reverse`. A reversed run stays as it is."""
    run = _run(request.reach, id)
    request.reach.must("bill.reverse")
    if run.state != "reversed":
        run.reverse(by=request.reach, why=body.why)
    return _told(run)

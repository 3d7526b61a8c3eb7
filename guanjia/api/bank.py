"""Bank reconciliation: statements in, their lines matched (FIN-02)."""

from __future__ import annotations

import base64
import binascii
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Status
from pydantic import BaseModel, Field

from guanjia.collection.models import BankRow

from .chases import payer_of
from .door import Noun
from .fields import Body, Id, said
from .paging import NEWEST, Paging, page
from .problems import Unfit

noun = Noun(tags=["bank"])
MOST = 3 * 1024 * 1024  # bytes of a statement


class BankRowTold(BaseModel):
    id: int
    on: date
    amount: Decimal = Field(description="Yuan; below nothing: paid out.")
    name: str = Field(description="The other side.")
    reference: str
    words: str
    entry: int | None = Field(description="The entry of ours it is; empty: it waits for a person.")
    how: str = Field(description="reference, name, only, hand, taken, settled, costs; empty while it waits.")


class BankRowWhole(BankRowTold):
    candidates: list[int] = Field(description="Entries of the same amount that wait, the nearest first.")


class BankRowPage(BaseModel):
    items: list[BankRowTold]
    next: str | None


class BankRowsWanted(Paging):
    waiting: bool = Field(False, description="Only those not matched.")
    month: date | None = Field(None, description="Any day of it.")


class StatementSent(Body):
    """A bank's CSV or Excel file as base64, 3 MB at most. The same lines brought in again add nothing."""

    name: str = said(100, "202603.csv")
    content: str = Field(min_length=4, max_length=MOST * 4 // 3 + 4, examples=["5pel5pyfLOmHkeminQ=="])


class StatementTold(BaseModel):
    rows: int
    new: int
    matched: int


class RowMatched(Body):
    entry: Id


class RowTaken(Body):
    household: Id


class RowSettled(Body):
    gross: Decimal = Field(gt=0, max_digits=12, decimal_places=2, examples=["1000.00"], description="Before the gateway's fee (2 % at most).")


def _row(row: BankRow) -> BankRowTold:
    return BankRowTold(**_plain(row))


def _plain(row: BankRow) -> dict[str, Any]:
    named = {name: getattr(row, name) for name in ("on", "amount", "name", "reference", "words", "how")}
    return {"id": row.pk, "entry": row.entry_id, **named}


def _whole(row: BankRow) -> BankRowWhole:
    found = [] if row.entry_id else row.candidates()[:20]
    return BankRowWhole(**_plain(row), candidates=[one.entry_id for one in found])


def found_to_reconcile(reach: Any, model: Any, pk: int) -> Any:
    reach.must("bank.reconcile")
    return get_object_or_404(model.objects.at_estate(reach.estate), pk=pk)


def first_of(month: date) -> date:
    if not 2000 <= month.year < 2100:
        raise Unfit("month", _("账期写到月，例如 2026-03。"))
    return month.replace(day=1)


@noun.get("/bank-rows", response=BankRowPage, summary="Lines of the bank's statements")
def list_bank_rows(request: Any, response: HttpResponse, wanted: Query[BankRowsWanted]) -> Any:
    """With `bank.reconcile`; newest first."""
    request.reach.must("bank.reconcile")
    rows = BankRow.objects.at_estate(request.estate)
    rows = rows.unmatched() if wanted.waiting else rows
    if wanted.month:
        first = first_of(wanted.month)
        rows = rows.filter(on__year=first.year, on__month=first.month)
    return page(request, response, rows, wanted, NEWEST, _row, BankRowPage)


@noun.get("/bank-rows/{id}", response=BankRowWhole, summary="One line, and what it may be")
def get_bank_row(request: Any, id: Id) -> Any:
    return _whole(found_to_reconcile(request.reach, BankRow, id))


@noun.post("/bank-statements", response={201: StatementTold}, summary="Bring a statement in")
def bring_statement(request: Any, body: StatementSent) -> Any:
    """What is certain is matched at once."""
    request.reach.must("bank.reconcile")
    try:
        content = base64.b64decode(body.content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unfit("body/content", "base64") from error
    return Status(201, BankRow.objects.bring_in(request.estate, body.name, content, by=request.reach))


@noun.post("/bank-rows/{id}/match", response=BankRowTold, summary="Say which entry a line is")
def match_bank_row(request: Any, id: Id, body: RowMatched) -> Any:
    row = found_to_reconcile(request.reach, BankRow, id)
    row.match(body.entry, by=request.reach)
    return _row(row)


@noun.post("/bank-rows/{id}/unmatching", response=BankRowTold, summary="It was another after all")
def unmatch_bank_row(request: Any, id: Id) -> Any:
    row = found_to_reconcile(request.reach, BankRow, id)
    row.unmatch(by=request.reach)
    return _row(row)


@noun.post("/bank-rows/{id}/payment", response=BankRowTold, summary="Take a line as a household's payment")
def take_bank_row(request: Any, id: Id, body: RowTaken) -> Any:
    """With `payment.take` as well."""
    row = found_to_reconcile(request.reach, BankRow, id)
    row.take(payer_of(request.reach, body.household), by=request.reach)
    return _row(row)


@noun.post("/bank-rows/{id}/settlement", response=BankRowTold, summary="A gateway's settlement, less its fee")
def settle_bank_row(request: Any, id: Id, body: RowSettled) -> Any:
    row = found_to_reconcile(request.reach, BankRow, id)
    row.settle(body.gross, by=request.reach)
    return _row(row)


@noun.post("/bank-rows/{id}/costs", response=BankRowTold, summary="What the bank takes for itself")
def cost_bank_row(request: Any, id: Id) -> Any:
    row = found_to_reconcile(request.reach, BankRow, id)
    row.book_costs(by=request.reach)
    return _row(row)

"""Keys: the register as one may see it, lending and taking back."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query
from pydantic import BaseModel, Field

from guanjia.keys.models import Key, Loan
from guanjia.people.models import Person

from .door import Noun, staff_only
from .fields import Body, Id, Instant, one_of, perhaps, said
from .paging import Order, Paging, page

noun = Noun(tags=["keys"])
BY_CODE = Order("code", "code", kind=str)


class LoanTold(BaseModel):
    id: int
    key: int
    name: str = Field(examples=["周工"])
    purpose: str
    out_at: datetime
    due_at: datetime
    waits: bool = Field(description="For the second keeper's signature.")
    confirmed_at: datetime | None
    handed_in_at: datetime | None
    returned_at: datetime | None


class KeyTold(BaseModel):
    id: int
    code: str = Field(examples=["GZ-001"], description="What stands on the tag: never a room.")
    kind: Literal["work", "spare", "entrusted", "device"]
    opens: str
    custody: str = Field(description="Where it hangs.")
    copies: int
    role: str
    retired: bool
    loan: LoanTold | None = Field(description="The open loan.")


class KeyPage(BaseModel):
    items: list[KeyTold]
    next: str | None


class KeyLent(Body):
    """To a colleague, who confirms in their own login; the drawn signature of an outsider is taken at the desk."""

    person: Id
    purpose: str = said(200, "检修", least=2)
    due_at: Instant | None = None
    proof_seen: bool = False
    overtime: str = perhaps(200, "")


def _loan(row: Loan) -> LoanTold:
    return LoanTold(
        id=row.pk, key=row.key_id, name=row.name, purpose=row.purpose, out_at=row.out_at, due_at=row.due_at, waits=row.waits,
        confirmed_at=row.confirmed_at, handed_in_at=row.handed_in_at, returned_at=row.returned_at,
    )  # fmt: skip


def _key(row: Key) -> KeyTold:
    loan = next(iter(row.open_loans), None) if hasattr(row, "open_loans") else row.open_loan()
    return KeyTold(
        id=row.pk, code=row.code, kind=one_of(row.kind), opens=row.opens, custody=one_of(row.custody), copies=row.copies, role=row.role,
        retired=row.retired_at is not None, loan=_loan(loan) if loan else None,
    )  # fmt: skip


@noun.get("/keys", response=KeyPage, summary="Keys on the list")
def list_keys(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """Keepers see the register, others the keys of their post and what they hold."""
    from django.db.models import Prefetch

    staff_only(request.reach)
    open_loans = Prefetch("loans", Loan.objects.at_estate(request.estate).open(), to_attr="open_loans")
    rows = Key.objects.visible_to(request.reach).prefetch_related(open_loans)
    return page(request, response, rows, wanted, BY_CODE, _key, KeyPage)


@noun.get("/keys/{id}", response=KeyTold, summary="One key")
def get_key(request: Any, id: Id) -> Any:
    staff_only(request.reach)
    return _key(_found(Key.objects.visible_to(request.reach), id))


@noun.post("/keys/{id}/loans", response=LoanTold, summary="Lend a key")
def lend_key(request: Any, id: Id, body: KeyLent) -> Any:
    staff_only(request.reach)
    row = _found(Key.objects.visible_to(request.reach), id)
    person = Person.objects.filter(pk__in=row.borrowers(_now()).values("pk"), pk=body.person).first()
    if person is None:
        raise Http404
    return _loan(row.lend(body.purpose, by=request.reach, person=person, due_at=body.due_at, proof_seen=body.proof_seen, overtime=body.overtime))


@noun.post("/loans/{id}/confirmation", response=LoanTold, summary="Confirm a loan as its borrower")
def confirm_loan(request: Any, id: Id) -> Any:
    return _done(request, id, "confirm")


@noun.post("/loans/{id}/handing-in", response=LoanTold, summary="Say that the key was handed in")
def hand_in_key(request: Any, id: Id) -> Any:
    return _done(request, id, "hand_in")


@noun.post("/loans/{id}/countersignature", response=LoanTold, summary="Sign as the second keeper")
def countersign_loan(request: Any, id: Id) -> Any:
    return _done(request, id, "countersign")


@noun.post("/loans/{id}/return", response=LoanTold, summary="Take a key back")
def take_key_back(request: Any, id: Id) -> Any:
    """Once its borrower has said that it was handed in."""
    return _done(request, id, "take_back")


def _done(request: Any, pk: int, verb: str) -> LoanTold:
    staff_only(request.reach)
    row = _found(Loan.objects.visible_to(request.reach).select_related("key", "custody"), pk)
    getattr(row, verb)(by=request.reach)
    return _loan(row)


def _found(rows: Any, pk: int) -> Any:
    return get_object_or_404(rows, pk=pk)


def _now() -> datetime:
    from guanjia import clock

    return clock.now()

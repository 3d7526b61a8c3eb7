"""Finance rules, contracts and important papers from the draft to the superior's word (FIN-05, FIN-11)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Status
from pydantic import BaseModel, Field

from guanjia.billing.models import Draft
from guanjia.billing.models.draft import suppliers
from guanjia.tenancy.errors import NotAllowed

from .door import Noun
from .fields import NO_NUL, Body, Day, Id, perhaps, said
from .paging import NEWEST, Paging, page

noun = Noun(tags=["drafts"])
MOST_SETTINGS = 20


class DraftTold(BaseModel):
    id: int
    kind: str = Field(examples=["rule"], description="rule, contract, paper")
    title: str
    state: str = Field(description="drafted, asked, approved, refused, withdrawn")
    revision: int
    finance: bool = Field(description="Drafted by finance itself.")
    author: int
    drafted_at: datetime
    asked_at: datetime | None
    judge: int | None
    judged_at: datetime | None
    verdict: str


class DraftPage(BaseModel):
    items: list[DraftTold]
    next: str | None


class DraftsWanted(Paging):
    kind: str = Field("", pattern="^(rule|contract|paper)?$")
    state: str = Field("", pattern="^(drafted|asked|approved|refused|withdrawn)?$")


class PartTold(BaseModel):
    revision: int
    person: int
    finance: bool
    agrees: bool
    words: str
    at: datetime


class DraftWhole(DraftTold):
    words: str
    starts_on: date | None = Field(description="In force from; empty: from the approval on.")
    settings: list[tuple[str, Any]] = Field(description="What a rule sets: parameter, value.")
    party: str
    amount: Decimal | None
    supplier: int | None
    parts: list[PartTold]


class DraftText(Body):
    title: str = said(80, "备用金管理补充规定")
    words: str = said(20_000, "各服务点备用金不超过 800 元，每日下班前清点。")
    starts_on: Day | None = Field(None, examples=["2026-04-01"])
    settings: list[tuple[str, str]] = Field([], max_length=MOST_SETTINGS, description='[["cash.float", "800"]]; of a rule only, put in force by its approval.')
    party: str = perhaps(80, "安达电梯有限公司")
    amount: Decimal | None = Field(None, ge=0, max_digits=12, decimal_places=2)
    supplier: Id | None = None


class DraftNew(DraftText):
    kind: str = Field(pattern="^(rule|contract|paper)$", examples=["contract"])


class PartTaken(Body):
    """`agrees` false wants words."""

    agrees: bool
    words: str = Field("", max_length=500, pattern=NO_NUL)


class DraftJudged(Body):
    """A no wants words."""

    approved: bool
    words: str = perhaps(200, "第三条请写明金额")


def _plain(row: Draft) -> dict[str, Any]:
    names = ("kind", "title", "state", "revision", "finance", "drafted_at", "asked_at", "judged_at", "verdict")
    return {"id": row.pk, "author": row.author_id, "judge": row.judge_id, **{name: getattr(row, name) for name in names}}


def _told(row: Draft) -> DraftTold:
    return DraftTold(**_plain(row))


def _whole(row: Draft) -> DraftWhole:
    parts = [
        PartTold(person=part.person_id, **{name: getattr(part, name) for name in ("revision", "finance", "agrees", "words", "at")}) for part in row.parts.order_by("pk")
    ]
    more = {name: getattr(row, name) for name in ("words", "starts_on", "settings", "party", "amount")}
    return DraftWhole(**_plain(row), **more, supplier=row.supplier_id, parts=parts)


def _rows(reach: Any) -> Any:
    if not any(map(reach.may, ("draft.write", "draft.finance", "draft.judge"))):
        raise NotAllowed("draft.write")
    return Draft.objects.visible_to(reach).select_related("estate")


def _draft(reach: Any, pk: int) -> Draft:
    row: Draft = get_object_or_404(_rows(reach), pk=pk)
    return row


def _text(reach: Any, body: DraftText) -> dict[str, Any]:
    supplier = None
    if body.supplier:
        supplier = suppliers(reach.estate).filter(pk=body.supplier).first()
        if supplier is None:
            raise Http404
    return body.model_dump(exclude={"kind", "supplier"}) | {"supplier": supplier}


@noun.get("/drafts", response=DraftPage, summary="Drafts of rules, contracts and papers")
def list_drafts(request: Any, response: HttpResponse, wanted: Query[DraftsWanted]) -> Any:
    """With `draft.write`, `draft.finance` or `draft.judge`; newest first."""
    rows = _rows(request.reach)
    rows = rows.filter(**{name: value for name in ("kind", "state") if (value := getattr(wanted, name))})
    return page(request, response, rows, wanted, NEWEST, _told, DraftPage)


@noun.get("/drafts/{id}", response=DraftWhole, summary="One draft with who joined it")
def get_draft(request: Any, id: Id) -> Any:
    return _whole(_draft(request.reach, id))


@noun.post("/drafts", response={201: DraftWhole}, summary="Draft something")
def write_draft(request: Any, body: DraftNew) -> Any:
    """A rule with `draft.finance`, anything else with `draft.write`."""
    _rows(request.reach)
    return Status(201, _whole(Draft.objects.write(request.estate, body.kind, by=request.reach, **_text(request.reach, body))))


@noun.post("/drafts/{id}/revision", response=DraftWhole, summary="Change a draft")
def revise_draft(request: Any, id: Id, body: DraftText) -> Any:
    """Its author's; whoever agreed agrees anew."""
    row = _draft(request.reach, id)
    row.revise(by=request.reach, **_text(request.reach, body))
    return _whole(row)


@noun.post("/drafts/{id}/part", response=DraftWhole, summary="Take part in the drafting")
def join_draft(request: Any, id: Id, body: PartTaken) -> Any:
    """With `draft.finance` or `draft.judge`; once a revision, not one's own."""
    row = _draft(request.reach, id)
    row.join(body.agrees, body.words, by=request.reach)
    return _whole(row)


@noun.post("/drafts/{id}/submission", response=DraftWhole, summary="Send it up")
def submit_draft(request: Any, id: Id) -> Any:
    """Its author's; 409 before finance has agreed with this very revision."""
    row = _draft(request.reach, id)
    row.ask(by=request.reach)
    return _whole(row)


@noun.post("/drafts/{id}/verdict", response=DraftWhole, summary="Judge a draft")
def judge_draft(request: Any, id: Id, body: DraftJudged) -> Any:
    """With `draft.judge`; not one's own. A yes puts what a rule sets in force."""
    row = _draft(request.reach, id)
    row.judge_it(body.approved, words=body.words, by=request.reach)
    return _whole(row)


@noun.post("/drafts/{id}/withdrawal", response=DraftWhole, summary="Withdraw a draft")
def withdraw_draft(request: Any, id: Id) -> Any:
    """Its author's, before it was judged."""
    row = _draft(request.reach, id)
    row.withdraw(by=request.reach)
    return _whole(row)

"""Instant reward and penalty: proposed by the steward, decided by the manager (STF-07)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from django.http import Http404, HttpResponse
from ninja import Query
from pydantic import BaseModel, Field

from guanjia.staffing.models import Award

from .bodies import colleague
from .door import Noun, staff_only
from .fields import Body, Id, one_of, perhaps, said
from .paging import NEWEST, Paging, page

noun = Noun(tags=["staff"])


class AwardTold(BaseModel):
    id: int
    person: str
    kind: Literal["reward", "penalty"]
    amount: Decimal = Field(description="Yuan.")
    why: str
    asked_by: str
    state: Literal["waiting", "granted", "refused"]
    words: str


class AwardPage(BaseModel):
    items: list[AwardTold]
    next: str | None


class AwardAsked(Body):
    person: Id
    kind: Literal["reward", "penalty"]
    amount: Decimal = Field(ge=0, le=10000, decimal_places=2, examples=["50.00"], description="Yuan; 0: a word.")
    why: str = said(300, "拾金不昧")


class AwardJudged(Body):
    """A no needs words."""

    granted: bool
    words: str = perhaps(300, "同意")


def _award(row: Award) -> AwardTold:
    state: Any = "waiting" if row.decided_at is None else "granted" if row.granted else "refused"
    return AwardTold(
        id=row.pk, person=row.person.name, kind=one_of(row.kind), amount=row.amount, why=row.why, asked_by=row.asked_by.name, state=state, words=row.words
    )  # fmt: skip


@noun.get("/awards", response=AwardPage, summary="Rewards and penalties")
def list_awards(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """With `award.decide`: all; others: those one proposed, and one's own once granted."""
    staff_only(request.reach)
    rows = Award.objects.visible_to(request.reach).select_related("person", "asked_by")
    return page(request, response, rows, wanted, NEWEST, _award, AwardPage)


@noun.post("/awards", response=AwardTold, summary="Propose a reward or penalty")
def propose_award(request: Any, body: AwardAsked) -> Any:
    request.reach.must("team.assess")
    person = colleague(request.reach, body.person, "person")
    return _award(Award.objects.propose(person, body.kind, body.amount, body.why, by=request.reach))


@noun.post("/awards/{id}/verdict", response=AwardTold, summary="Decide on a reward or penalty")
def judge_award(request: Any, id: Id, body: AwardJudged) -> Any:
    request.reach.must("award.decide")
    row = Award.objects.visible_to(request.reach).select_related("person", "asked_by").filter(pk=id).first()
    if row is None:
        raise Http404
    row.decide(body.granted, body.words, by=request.reach)
    return _award(row)

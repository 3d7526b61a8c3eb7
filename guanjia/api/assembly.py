"""The owners' assembly: what is decided, one ballot for a unit, what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query
from pydantic import BaseModel, Field

from guanjia.assembly.counting import turnout
from guanjia.assembly.models import Assembly
from guanjia.estates.models import Unit

from .door import Noun, staff_only
from .fields import Body, Id, one_of, said
from .paging import Order, Paging, page

noun = Noun(tags=["assemblies"])
LATEST = Order("begins", "begins_at", down=True)


class TopicTold(BaseModel):
    id: int
    n: int
    title: str
    words: str
    matter: str = Field(examples=["fund_use"])
    share: str = Field(examples=["1/2"], description="Of area and of heads of those who take part.")
    strict: bool = Field(description="More than the share; else at least it.")
    passed: bool | None = Field(description="Once it is counted.")


class AssemblyTold(BaseModel):
    id: int
    title: str = Field(examples=["使用维修资金更换电梯"])
    state: Literal["draft", "open", "counted", "signed", "called_off"]
    begins_at: datetime
    ends_at: datetime
    units: int
    area: str = Field(description="m² of the whole roll.")
    heads: int
    topics: list[TopicTold]
    minutes: str = Field(description="Once they are signed.")


class AssemblyPage(BaseModel):
    items: list[AssemblyTold]
    next: str | None


class TurnoutTold(BaseModel):
    units: int
    area: str
    heads: int
    quorate: bool


class BallotCast(Body):
    """Final when it is given. Paper ballots are entered on the page, with their photo."""

    unit: str = said(40, "3-1-501")
    said: dict[int, Literal["yes", "no", "abstain"]] = Field(examples=[{"1": "yes"}], max_length=20, description="Topic → what is said.")


class BallotTold(BaseModel):
    unit: str
    at: datetime


def _told(row: Assembly) -> AssemblyTold:
    passed = {one["topic"]: one["passed"] for one in row.result.get("topics", [])}
    topics = [
        TopicTold(id=one.pk, n=one.n, title=one.title, words=one.words, matter=one.matter, share=one.share.share, strict=one.share.strict, passed=passed.get(one.pk))
        for one in row.topics.order_by("n")
    ]  # fmt: skip
    return AssemblyTold(
        id=row.pk, title=row.title, state=one_of(row.state), begins_at=row.begins_at, ends_at=row.ends_at, units=row.units, area=str(row.area), heads=row.heads,
        topics=topics, minutes=row.minutes if row.state == "signed" else "",
    )  # fmt: skip


def _found(request: Any, pk: int) -> Assembly:
    return get_object_or_404(Assembly.objects.visible_to(request.reach), pk=pk)


@noun.get("/assemblies", response=AssemblyPage, summary="Owners' assemblies, latest first")
def list_assemblies(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """Residents: those on whose roll their home stands."""
    return page(request, response, Assembly.objects.visible_to(request.reach), wanted, LATEST, _told, AssemblyPage)


@noun.get("/assemblies/{id}", response=AssemblyTold, summary="One assembly")
def get_assembly(request: Any, id: Id) -> Any:
    return _told(_found(request, id))


@noun.get("/assemblies/{id}/turnout", response=TurnoutTold, summary="Who took part so far")
def get_turnout(request: Any, id: Id) -> Any:
    """Units, area, heads; nothing of what was voted."""
    staff_only(request.reach)
    return TurnoutTold(**turnout(_found(request, id)))


@noun.post("/assemblies/{id}/ballots", response=BallotTold, summary="Vote for a unit of one's own")
def vote(request: Any, id: Id, body: BallotCast) -> Any:
    """409 `over` after the end, `voted` the second time."""
    row = _found(request, id)
    unit = Unit.objects.at_estate(request.estate).filter(code=body.unit).first()
    if unit is None:
        raise Http404
    made = row.vote(unit, body.said, by=request.reach)
    return BallotTold(unit=unit.code, at=made.at)

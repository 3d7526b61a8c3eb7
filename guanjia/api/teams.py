"""The zone's people: monthly marks and praise; facts for the level above (STF-05..07)."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query
from pydantic import BaseModel, Field

from guanjia.staffing.models import Appraisal, FactRecord, ZoneNote

from .bodies import colleague
from .door import Noun, staff_only
from .fields import Body, Day, Id, one_of, perhaps, said
from .paging import NEWEST, Paging, page

noun = Noun(tags=["staff"])


class FactTold(BaseModel):
    id: int
    about: str = Field(examples=["赵主管"])
    happened_on: date
    words: str
    wanted: str = Field(description="What support was asked for.")
    level: Literal["manager", "company"] = Field(description="Who assesses it.")
    verdict: str = Field(description="stands, partly, unfounded; empty while it waits.")
    measure: str


class FactPage(BaseModel):
    items: list[FactTold]
    next: str | None


class FactNoted(Body):
    about: Id
    happened_on: Day = Field(examples=["2026-03-09"])
    words: str = said(1000, "三次请求支援绿化未安排人")
    wanted: str = perhaps(300, "派一人协助")


class FactJudged(Body):
    verdict: Literal["stands", "partly", "unfounded"]
    measure: str = said(500, "约谈并限期整改")


class NoteTold(BaseModel):
    id: int
    kind: Literal["meeting", "praise"]
    on: date
    person: str = Field(description="Who is praised.")
    zone: str | None
    words: str
    by: str


class NotePage(BaseModel):
    items: list[NoteTold]
    next: str | None


class Praised(Body):
    person: Id
    words: str = said(1000, "雨夜帮业主搬水")


class MarkTold(BaseModel):
    person: str
    month: date = Field(description="Its first day.")
    score: int
    words: str
    by: str


class MarkPage(BaseModel):
    items: list[MarkTold]
    next: str | None


class Marked(Body):
    person: Id
    score: int = Field(ge=0, le=100, examples=[90])
    words: str = perhaps(300, "及时、细致")


def _fact(row: FactRecord) -> FactTold:
    return FactTold(
        id=row.pk, about=row.about.name, happened_on=row.happened_on, words=row.words, wanted=row.wanted, level=one_of(row.level), verdict=row.verdict,
        measure=row.measure,
    )  # fmt: skip


def _note(row: ZoneNote) -> NoteTold:
    return NoteTold(
        id=row.pk, kind=one_of(row.kind), on=row.on, person=row.person.name if row.person else "", zone=row.zone.code if row.zone else None,
        words=row.words, by=row.by.name,
    )  # fmt: skip


def _mark(row: Appraisal) -> MarkTold:
    return MarkTold(person=row.person.name, month=row.month, score=row.score, words=row.words, by=row.by.name)


def _facts(request: Any) -> Any:
    staff_only(request.reach)
    return FactRecord.objects.visible_to(request.reach).select_related("about")


@noun.get("/facts", response=FactPage, summary="Fact records")
def list_facts(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """One's own, those one assesses, and those about oneself once assessed."""
    return page(request, response, _facts(request), wanted, NEWEST, _fact, FactPage)


@noun.post("/facts", response=FactTold, summary="Write a fact record")
def note_fact(request: Any, body: FactNoted) -> Any:
    """With `fact.record`; about a department head or the manager."""
    request.reach.must("fact.record")
    about = colleague(request.reach, body.about, "about")
    return _fact(FactRecord.objects.note(about, body.happened_on, body.words, wanted=body.wanted, by=request.reach))


@noun.post("/facts/{id}/verdict", response=FactTold, summary="Assess a fact record")
def judge_fact(request: Any, id: Id, body: FactJudged) -> Any:
    row = get_object_or_404(_facts(request), pk=id)
    row.judge(body.verdict, body.measure, by=request.reach)
    return _fact(row)


@noun.get("/praise", response=NotePage, summary="Praise and zone meetings")
def list_praise(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """With a say over the team: all of the estate's; others: what praises them."""
    staff_only(request.reach)
    rows = ZoneNote.objects.visible_to(request.reach).select_related("person", "zone", "by")
    return page(request, response, rows, wanted, NEWEST, _note, NotePage)


@noun.post("/praise", response=NoteTold, summary="Praise somebody")
def praise(request: Any, body: Praised) -> Any:
    request.reach.must("team.assess")
    person = colleague(request.reach, body.person, "person")
    return _note(ZoneNote.objects.write(ZoneNote.Kind.PRAISE, body.words, person=person, by=request.reach))


@noun.get("/appraisals", response=MarkPage, summary="Monthly marks")
def list_appraisals(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """With `award.decide`: all of the estate's; with `team.assess`: those of one's people; others: their own."""
    staff_only(request.reach)
    rows = Appraisal.objects.visible_to(request.reach).select_related("person", "by")
    return page(request, response, rows, wanted, NEWEST, _mark, MarkPage)


@noun.post("/appraisals", response=MarkTold, summary="Mark somebody for this month")
def mark(request: Any, body: Marked) -> Any:
    """With `team.assess`; again in the same month it puts the first right."""
    request.reach.must("team.assess")
    person = colleague(request.reach, body.person, "person")
    return _mark(Appraisal.objects.mark(person, body.score, body.words, by=request.reach))

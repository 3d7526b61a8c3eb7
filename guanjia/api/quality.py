"""Quality: inspections and their scores, assessments."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, cast

from django.http import Http404, HttpResponse
from ninja import Query, Status
from pydantic import BaseModel, Field

from guanjia.people.models import Person
from guanjia.quality.line import people_of
from guanjia.quality.models import Assessment, Inspection
from guanjia.training.models import Exam

from .door import Noun, staff_only
from .fields import Body, Id, Share, perhaps, said
from .paging import BY_ID, Paging, page

noun = Noun(tags=["quality"])
Way = Literal["open", "covert", "questions", "callback", "test"]


class InspectionTold(BaseModel):
    id: int
    title: str = Field(examples=["四季度客服检查"])
    method: Way
    planned_on: date
    zone: str | None = Field(description="Its code; none: the whole estate.")
    inspector: str
    score: Decimal | None = Field(description="Of a hundred, once finished.")
    finished_at: datetime | None
    hidden: bool = Field(description="Unannounced and not open yet: only its makers see it.")
    results: list[dict[str, Any]] = Field(description="Every result there was, oldest first: number, score, why.")


class InspectionPage(BaseModel):
    items: list[InspectionTold]
    next: str | None


class PayoutTold(BaseModel):
    person: str | None = Field(description="None: the team.")
    post: str
    kind: Literal["reward", "fine", "team"]
    amount: Decimal


class AssessmentTold(BaseModel):
    id: int
    title: str
    score: Decimal
    counted: Decimal = Field(description="As it was put into a band.")
    band: Literal["fail", "good", "excellent"]
    granted: bool | None = Field(description="None: not decided yet.")
    parts: list[dict[str, Any]]
    payouts: list[PayoutTold] = Field(description="A proposal for performance pay, never a deduction from wages by itself.")


class InspectionPlanned(Body):
    """An inspection; `rubrics` are shares in per cent that make 100 in all."""

    title: str = said(80, "设备房月查")
    method: Way
    day: date = Field(examples=["2026-03-10"])
    inspector: str = said(150, "inspector1", description="Login.")
    rubrics: dict[str, Share] = Field(default={}, examples=[{"equipment": 100}])


class PersonSampled(Body):
    who: str = said(80, "前台")
    score: Decimal = Field(ge=0, le=100, max_digits=5, decimal_places=2, examples=["92"])
    words: str = perhaps(500, "不熟悉停水公告发布流程")


class PapersTaken(Body):
    exam: int = Field(gt=0, lt=2**63, examples=[1], description="An exam of the training books whose report was handed in.")


class InspectionConcluded(Body):
    conclusion: str = perhaps(1000, "整体规范")


def _seen(request: Any) -> Any:
    staff_only(request.reach)
    return Inspection.objects.visible_to(request.reach).select_related("inspector", "zone").prefetch_related("results")


def _told(row: Inspection) -> InspectionTold:
    results = sorted(row.results.all(), key=lambda one: one.number)
    method: Any = row.method
    return InspectionTold(
        id=row.pk, title=row.title, method=method, planned_on=row.planned_on, zone=row.zone.code if row.zone else None, inspector=row.inspector.name,
        score=row.score, finished_at=row.finished_at, hidden=row.is_hidden,
        results=[{"number": one.number, "score": str(one.score), "why": one.why} for one in results],
    )  # fmt: skip


def one_of(rows: Any, pk: int) -> Any:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def person_of(request: Any, login: str) -> Person:
    found: Person | None = people_of(request.estate).filter(username=login).first()
    if found is None:
        raise Http404
    return found


@noun.get("/inspections", response=InspectionPage, summary="Inspections")
def list_inspections(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """Staff only, within reach; an unannounced one only to whom it is open."""
    return page(request, response, _seen(request), wanted, BY_ID, _told, InspectionPage)


@noun.post("/inspections", response={201: InspectionTold}, summary="Plan an inspection")
def plan_inspection(request: Any, body: InspectionPlanned) -> Any:
    """With `quality.plan`; 409 for an inspector who holds a post where is inspected, or weights that do not make 100."""
    staff_only(request.reach)
    request.reach.must("quality.plan")
    row = Inspection.objects.plan(body.title, body.method, body.day, person_of(request, body.inspector), by=request.reach, rubrics=body.rubrics)
    return Status(201, _told(one_of(_seen(request), row.pk)))


@noun.get("/inspections/{id}", response=InspectionTold, summary="An inspection")
def get_inspection(request: Any, id: Id) -> Any:
    return _told(one_of(_seen(request), id))


@noun.post("/inspections/{id}/samples", response={201: InspectionTold}, summary="Note somebody who was asked, called or tested")
def note_sample(request: Any, id: Id, body: PersonSampled) -> Any:
    """By its inspector; below full marks it says what was lacking."""
    row = one_of(_seen(request), id)
    row.note(body.who, body.score, body.words, by=request.reach)
    return Status(201, _told(one_of(_seen(request), id)))


@noun.post("/inspections/{id}/exam", response={201: InspectionTold}, summary="Take the written test's scores from an exam")
def take_exam(request: Any, id: Id, body: PapersTaken) -> Any:
    """By its inspector; everybody's best paper. Again takes over only who is new."""
    row = one_of(_seen(request), id)
    row.take_exam(one_of(Exam.objects.at_estate(request.estate), body.exam), by=request.reach)
    return Status(201, _told(one_of(_seen(request), id)))


@noun.post("/inspections/{id}/closure", response=InspectionTold, summary="Finish an inspection")
def close_inspection(request: Any, id: Id, body: InspectionConcluded) -> Any:
    """By its inspector; the score is fixed. 409 while an item is not scored, and the second time."""
    row = one_of(_seen(request), id)
    row.finish(body.conclusion, by=request.reach)
    return _told(one_of(_seen(request), id))


@noun.get("/assessments/{id}", response=AssessmentTold, summary="An assessment with its proposal")
def get_assessment(request: Any, id: Id) -> Any:
    """Proposals to who plans or decides; decided ones with `quality.read`."""
    staff_only(request.reach)
    row: Assessment = one_of(Assessment.objects.visible_to(request.reach), id)
    paid: Any = row.payouts.select_related("person").order_by("pk")
    payouts = [PayoutTold(person=one.person.name if one.person else None, post=one.post, kind=one.kind, amount=one.amount) for one in paid]
    granted, band = row.granted if row.decided_at else None, cast("Any", row.band)
    return AssessmentTold(id=row.pk, title=row.title, score=row.score, counted=row.counted, band=band, granted=granted, parts=row.parts, payouts=payouts)

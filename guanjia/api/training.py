"""Trainings, exams, certificates and readiness: what people learn, pass and hold (TRN-01..15). Staff only; a key never leaves by this door."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Status
from pydantic import AwareDatetime, BaseModel, Field

from guanjia import clock
from guanjia.staffing.forms import colleagues
from guanjia.training.book import training_book
from guanjia.training.models import Attempt, Certificate, Exam, Session
from guanjia.training.profile import figure, profiles

from .door import Noun, staff_only
from .fields import NO_NUL, Body, Id, perhaps, said
from .paging import Order, Paging, page

noun = Noun(tags=["training"])
BEGINS = Order("begins", "starts_at", down=True)
OPENS = Order("opens", "opens_at", down=True)
KEPT = Order("kept", "kept_at", down=True)


class SessionTold(BaseModel):
    id: int
    title: str = Field(examples=["夜巡与应急处置"])
    course: str = Field(examples=["security"], description="A key of training.yaml.")
    groups: list[str] = Field(description="Post groups it is for; empty: everybody.")
    starts_at: datetime
    ends_at: datetime
    place: str
    trainer: str
    state: str = Field(examples=["held"], description="open, held, evaluated or off.")
    asked: int
    came: int
    noted: int
    effect: int | None = Field(description="1 to 5, once it was rated.")


class SessionPage(BaseModel):
    items: list[SessionTold]
    next: str | None


class SessionPlanned(Body):
    title: str = said(80, "夜巡与应急处置")
    course: str = Field(json_schema_extra={"enum": list(training_book().courses)}, max_length=20, examples=["security"])
    starts_at: AwareDatetime = Field(examples=["2026-03-10T02:00:00Z"])
    ends_at: AwareDatetime = Field(examples=["2026-03-10T04:00:00Z"])
    trainer: Id
    groups: list[str] = Field([], max_length=20, examples=[["order"]])
    place: str = perhaps(80, "会议室")
    words: str = perhaps(2000, "先讲后练")


class SignIn(Body):
    code: str = said(6, "AB2C3D", description="As it is shown at the session.")


class Record(Body):
    summary: str = said(2000, "讲了夜巡要点")
    score: Decimal | None = Field(None, ge=0, le=100)


class ExamTold(BaseModel):
    id: int
    title: str
    paper: str
    groups: list[str]
    minutes: int
    pass_mark: int = Field(description="Per cent.")
    attempts: int
    opens_at: datetime
    closes_at: datetime
    reported_at: datetime | None


class ExamPage(BaseModel):
    items: list[ExamTold]
    next: str | None


class SittingTold(BaseModel):
    person: str
    number: int
    began_at: datetime
    ended_at: datetime | None
    score: Decimal | None
    passed: bool | None


class CertificateTold(BaseModel):
    id: int
    person: str
    kind: str = Field(examples=["guard"])
    title: str = Field(examples=["保安员证"])
    number: str = Field(examples=["****7788"], description="Masked.")
    valid_until: date | None = Field(description="Null: no end.")


class CertificatePage(BaseModel):
    items: list[CertificateTold]
    next: str | None


class CertificateKept(Body):
    person: Id
    kind: str = Field(json_schema_extra={"enum": list(training_book().certificates)}, max_length=20, examples=["guard"])
    number: str = said(60, "川安-2024-7788", least=3)
    issued_on: date | None = None
    valid_until: date | None = None


class CertificateWanted(Paging):
    person: Id | None = None


class ReadinessWanted(BaseModel):
    group: str | None = Field(None, max_length=20, pattern=NO_NUL, examples=["order"], description="A post group of training.yaml.")


class ReadyTold(BaseModel):
    person: str
    titles: list[str]
    certified: bool | None = Field(description="Null: no post of theirs asks for a certificate.")
    lacking: list[str] = Field(examples=[["保安员证"]])


class ReadinessTold(BaseModel):
    part: int = Field(description="People who hold all certificates their posts ask for.")
    whole: int = Field(description="People whose posts ask for one; all of them should (TRN-04).")
    people: list[ReadyTold]


def _session(row: Session) -> SessionTold:
    seats = list(row.attendees.all())
    return SessionTold(
        id=row.pk, title=row.title, course=row.course, groups=row.groups, starts_at=row.starts_at, ends_at=row.ends_at, place=row.place,
        trainer=row.trainer.name, state=row.state, asked=sum(seat.expected for seat in seats), came=sum(seat.signed_at is not None for seat in seats),
        noted=sum(seat.noted_at is not None for seat in seats), effect=row.effect,
    )  # fmt: skip


def _certificate(row: Certificate) -> CertificateTold:
    return CertificateTold(id=row.pk, person=row.person.name, kind=row.kind, title=str(row), number=row.masked, valid_until=row.valid_until)


def _sessions(reach: Any) -> Any:
    return Session.objects.visible_to(reach).select_related("trainer", "task", "task__duty", "estate").prefetch_related("attendees")


def _one(reach: Any, pk: int) -> Session:
    row: Session = get_object_or_404(_sessions(reach), pk=pk)
    return row


def _colleague(request: Any, pk: int) -> Any:
    return get_object_or_404(colleagues(request.estate), pk=pk)


@noun.get("/trainings", response=SessionPage, summary="Trainings, newest first")
def list_trainings(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """All for who manages trainings; else those one is asked to or trains at."""
    staff_only(request.reach)
    return page(request, response, _sessions(request.reach), wanted, BEGINS, _session, SessionPage)


@noun.post("/trainings", response={201: SessionTold}, summary="Plan a training")
def plan_training(request: Any, body: SessionPlanned) -> Any:
    """Everybody in post in its groups is asked to it and told."""
    request.reach.must("training.manage")
    more = body.model_dump() | {"trainer": _colleague(request, body.trainer)}
    made = Session.objects.plan(**more, by=request.reach)
    return Status(201, _session(_one(request.reach, made.pk)))


@noun.post("/trainings/{id}/sign-in", response=SessionTold, summary="Sign in oneself")
def sign_in_to_training(request: Any, id: Id, body: SignIn) -> Any:
    """With the code that is shown there; a second time changes nothing."""
    staff_only(request.reach)
    _one(request.reach, id).sign_in(body.code, by=request.reach)
    return _session(_one(request.reach, id))


@noun.post("/trainings/{id}/record", response=SessionTold, summary="Close a training with its record")
def record_training(request: Any, id: Id, body: Record) -> Any:
    """The duty's task it answers is done with it, where that asks for no photo."""
    staff_only(request.reach)
    _one(request.reach, id).hold(body.summary, score=body.score, by=request.reach)
    return _session(_one(request.reach, id))


@noun.get("/exams", response=ExamPage, summary="Exams, newest first")
def list_exams(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """For who manages trainings."""
    request.reach.must("training.manage")
    rows = Exam.objects.at_estate(request.estate)
    return page(request, response, rows, wanted, OPENS, lambda row: ExamTold.model_validate(row, from_attributes=True), ExamPage)


@noun.get("/exams/{id}/sittings", response=list[SittingTold], summary="Who sat an exam, with score and pass")
def list_sittings(request: Any, id: Id) -> Any:
    """For who manages trainings."""
    request.reach.must("training.manage")
    if not Exam.objects.at_estate(request.estate).filter(pk=id).exists():
        raise Http404
    rows = Attempt.objects.at_estate(request.estate).filter(exam=id).select_related("person").order_by("person__name", "number")[:2000]
    return [
        SittingTold(person=row.person.name, number=row.number, began_at=row.began_at, ended_at=row.ended_at, score=row.score, passed=row.passed) for row in rows
    ]


@noun.get("/certificates", response=CertificatePage, summary="Certificates in force, newest first")
def list_certificates(request: Any, response: HttpResponse, wanted: Query[CertificateWanted]) -> Any:
    """All for who manages trainings, else one's own; numbers masked."""
    staff_only(request.reach)
    rows = Certificate.objects.visible_to(request.reach).select_related("person").defer("number")
    rows = rows.filter(person=wanted.person) if wanted.person else rows
    return page(request, response, rows, wanted, KEPT, _certificate, CertificatePage)


@noun.post("/certificates", response={201: CertificateTold}, summary="Enter a certificate that was seen")
def keep_certificate(request: Any, body: CertificateKept) -> Any:
    """It takes the place of the person's older one of that kind."""
    request.reach.must("training.manage")
    more = body.model_dump(exclude={"person", "kind", "number"})
    made = Certificate.objects.keep(_colleague(request, body.person), body.kind, body.number, **more, by=request.reach)
    return Status(201, _certificate(made))


@noun.get("/readiness", response=ReadinessTold, summary="Who has what their post asks for")
def get_readiness(request: Any, wanted: Query[ReadinessWanted]) -> Any:
    """For who manages trainings; `group` narrows it."""
    request.reach.must("training.manage")
    rows = profiles(request.estate, clock.now(), role=wanted.group or "")
    told = figure(rows)
    people = [ReadyTold(person=row.person.name, titles=row.titles, certified=row.certified, lacking=[need.title for need in row.lacking]) for row in rows]
    return ReadinessTold(part=told.part, whole=told.whole, people=people)

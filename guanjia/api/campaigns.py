"""The quality campaign: its steps, and what shows them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Status
from pydantic import BaseModel, Field

from guanjia.quality.models import Campaign, Step
from guanjia.tenancy.errors import NotAllowed
from guanjia.training.models import Exam, Session

from .door import Noun, staff_only
from .fields import Body, Id, said
from .quality import one_of

noun = Noun(tags=["quality"])


class CampaignStepTold(BaseModel):
    id: int
    key: str = Field(examples=["kickoff"])
    title: str
    responsible: str
    due_on: date
    done_at: datetime | None


class CampaignTold(BaseModel):
    id: int
    year: int
    phases: list[dict[str, Any]]
    steps: list[CampaignStepTold]
    issues: int
    issues_closed: int
    ended_at: datetime | None
    aim: str = Field(description="The title of a model estate that the year aims at.")
    won_on: date | None
    won_words: str


class Won(Body):
    on: date = Field(description="The day the title was given.", examples=["2026-03-10"])
    words: str = said(200, "市住建局授予，文号〔2026〕12 号", description="Who gave it, by which document.")


class StepShown(Body):
    training: int | None = Field(default=None, gt=0, lt=2**63, description="A training that was held, for steps that a training shows.")
    exam: int | None = Field(default=None, gt=0, lt=2**63, description="A reported exam, for steps that an exam shows.")


def _step(row: Step) -> CampaignStepTold:
    return CampaignStepTold(id=row.pk, key=row.key, title=row.title, responsible=row.responsible.name, due_on=row.due_on, done_at=row.done_at)


def _campaign(row: Campaign) -> CampaignTold:
    issues = list(row.issues.all())
    return CampaignTold(
        id=row.pk, year=row.year, phases=row.phases, ended_at=row.ended_at, issues=len(issues), issues_closed=sum(1 for one in issues if one.closed_at),
        steps=[_step(step) for step in sorted(row.steps.all(), key=lambda step: (step.due_on, step.pk))], aim=row.aim, won_on=row.won_on, won_words=row.won_words,
    )  # fmt: skip


@noun.get("/campaigns", response=list[CampaignTold], summary="Campaigns and their progress")
def list_campaigns(request: Any) -> Any:
    """With `quality.read`."""
    if not request.reach.may("quality.read"):
        raise NotAllowed("quality.read")
    rows = Campaign.objects.at_estate(request.estate).order_by("-year").prefetch_related("steps__responsible", "issues")
    return [_campaign(row) for row in rows]


@noun.post("/campaigns/{id}/award", response=CampaignTold, summary="The title that the year aims at was given")
def win_award(request: Any, id: Id, body: Won) -> Any:
    """With `quality.plan`; once, 409 after."""
    staff_only(request.reach)
    row: Campaign = one_of(Campaign.objects.at_estate(request.estate).prefetch_related("steps__responsible", "issues"), id)
    row.win(body.on, body.words, by=request.reach)
    return _campaign(row)


@noun.post("/campaign-steps/{id}/evidence", response={201: CampaignStepTold}, summary="Show a step by a training or an exam")
def show_step(request: Any, id: Id, body: StepShown) -> Any:
    """By who is responsible for it, or who plans; 409 for a training that was not held or an exam without a report."""
    staff_only(request.reach)
    row: Step = one_of(Step.objects.at_estate(request.estate).select_related("responsible", "campaign"), id)
    if row.responsible_id != request.reach.person_id:
        request.reach.must("quality.plan")
    if body.training:
        row.show_training(one_of(Session.objects.at_estate(request.estate), body.training), by=request.reach)
    else:
        row.show_exam(one_of(Exam.objects.at_estate(request.estate), body.exam or 0), by=request.reach)
    return Status(201, _step(row))

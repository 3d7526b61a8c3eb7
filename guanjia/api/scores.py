"""A month's indicators, and its rewards and penalties with appeals and approval."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Query
from pydantic import BaseModel, Field

from guanjia import clock
from guanjia.estates.models import Zone
from guanjia.incentives.models import Appeal, Line, Proposal
from guanjia.incentives.models.line import names_of
from guanjia.incentives.reading import table
from guanjia.incentives.showing import shown

from .door import Noun, staff_only
from .fields import Body, Id, perhaps, said

noun = Noun(tags=["scores"])


class ScoresWanted(BaseModel):
    month: str | None = Field(None, pattern=r"^20[0-9][0-9]-(0[1-9]|1[0-2])$", examples=["2026-03"], description="The present one when none is given.")
    level: Literal["estate", "zone", "person"] = "estate"


class ScoreTold(BaseModel):
    indicator: str = Field(examples=["satisfaction"])
    title: str
    formula: str
    subject: str = Field(description="The estate, zone or person.")
    part: Decimal
    whole: Decimal
    value: Decimal | None = Field(description="part × 100 ÷ whole, to one place, never flattering.")
    unit: str
    target: Decimal
    better: Literal["up", "down"]
    reached: bool | None


class IncentiveTold(BaseModel):
    id: int
    month: str = Field(examples=["2026-03"])
    appeal_until: datetime
    approved_at: datetime | None


class EntryTold(BaseModel):
    id: int
    kind: str = Field(examples=["zone_bonus"])
    zone: str | None
    person: str | None
    amount: Decimal = Field(description="Yuan after every correction; below nought for a deduction.")
    first: Decimal = Field(description="Yuan as first worked out.")
    grades: int
    inputs: dict[str, Any] = Field(description="The numbers it comes from.")
    appeals: list[str] = Field(description="open, upheld or rejected.")


class IncentiveWhole(IncentiveTold):
    rule: dict[str, Any]
    entries: list[EntryTold]


class Approved(Body):
    words: str = perhaps(300, "同意")


class Appealed(Body):
    words: str = said(500, "两户欠费在诉讼，不应计入", least=2)


class AppealJudged(Body):
    judgement: str = said(500, "两户确在诉讼", least=2)
    becomes: Decimal | None = Field(None, max_digits=10, decimal_places=2, description="Yuan it comes to when upheld; null: rejected.")


@noun.get("/scores", response=list[ScoreTold], summary="Indicators of a month")
def list_scores(request: Any, wanted: Query[ScoresWanted]) -> Any:
    """For who reads reports."""
    request.reach.must("report.read")
    estate = request.estate
    month = date.fromisoformat(f"{wanted.month}-01") if wanted.month else clock.today(estate).replace(day=1)
    found = table(estate, month, wanted.level)
    names = {0: estate.name}
    if wanted.level == "zone":
        names = dict(Zone.objects.at_estate(estate).values_list("pk", "name"))
    elif wanted.level == "person":
        names = names_of(set(found))
    return [
        ScoreTold(
            indicator=one.key, title=one.indicator.label, formula=one.indicator.formula, subject=names.get(pk, ""), part=one.part, whole=one.whole, value=one.value,
            unit=one.indicator.unit_words, target=one.target, better=one.indicator.better, reached=one.reached,
        )
        for pk in sorted(found) for one in found[pk].values()
    ]  # fmt: skip


@noun.get("/incentives", response=list[IncentiveTold], summary="Rewards and penalties by month")
def list_incentives(request: Any) -> Any:
    """Staff see the months that concern them; two years at most."""
    staff_only(request.reach)
    return [_told(row) for row in Proposal.objects.visible_to(request.reach).order_by("-month")[:24]]


def _told(row: Proposal) -> IncentiveTold:
    return IncentiveTold(id=row.pk, month=f"{row.month:%Y-%m}", appeal_until=row.appeal_until, approved_at=row.approved_at)


def _row(request: Any, id: int) -> Proposal:
    staff_only(request.reach)
    return get_object_or_404(Proposal.objects.visible_to(request.reach), pk=id)


@noun.get("/incentives/{id}", response=IncentiveWhole, summary="A month's lines with their corrections")
def get_incentive(request: Any, id: Id) -> Any:
    row = _row(request, id)
    entries = [
        EntryTold(
            id=one.line.pk, kind=one.line.kind, zone=one.line.zone.name if one.line.zone else None, person=one.line.person.name if one.line.person else None,
            amount=one.amount, first=one.line.amount, grades=one.grades, inputs=one.line.inputs,
            appeals=["open" if each.upheld is None else "upheld" if each.upheld else "rejected" for each in one.appeals],
        )
        for one in shown(row, request.reach)
    ]  # fmt: skip
    return IncentiveWhole(**_told(row).model_dump(), rule=row.terms, entries=entries)


@noun.post("/incentives/{id}/approval", response=IncentiveTold, summary="Approve a month")
def approve_incentive(request: Any, id: Id, body: Approved) -> Any:
    """Never by who gains or loses by it, never while an appeal is open. From then on only entries."""
    request.reach.must("incentive.approve")
    row = _row(request, id)
    row.approve(body.words, by=request.reach)
    return _told(row)


@noun.post("/incentives/lines/{id}/appeals", response=IncentiveTold, summary="Appeal against a line")
def appeal_line(request: Any, id: Id, body: Appealed) -> Any:
    """By whom it concerns, until `appeal_until`, once."""
    staff_only(request.reach)
    line = Line.objects.visible_to(request.reach).select_related("proposal").filter(pk=id).first()
    if line is None:
        raise Http404
    Appeal.objects.file(line, body.words, by=request.reach)
    return _told(line.proposal)


@noun.post("/incentives/appeals/{id}/verdict", response=IncentiveTold, summary="Judge an appeal")
def judge_appeal(request: Any, id: Id, body: AppealJudged) -> Any:
    """By somebody it does not concern; upheld, an entry moves the money."""
    request.reach.must("incentive.judge")
    row = Appeal.objects.visible_to(request.reach).select_related("line__proposal").filter(pk=id).first()
    if row is None:
        raise Http404
    row.judge(body.becomes, body.judgement, by=request.reach)
    return _told(row.line.proposal)

"""What residents and staff think: questionnaires and answers, results, satisfaction, the opinion library."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.http import Http404, HttpResponse
from ninja import Query
from pydantic import BaseModel, Field

from guanjia.households.models import Household
from guanjia.surveys import board as counting
from guanjia.surveys.models import Invitation, Opinion, Poll
from guanjia.surveys.results import results

from .door import Noun, staff_only
from .fields import Body, Id, one_of, perhaps, said
from .households import households_within
from .paging import Order, Paging, page

noun = Noun(tags=["surveys"])
NEWEST = Order("made", "made_at", down=True)
LATEST = Order("at", "at", down=True)


class QuestionTold(BaseModel):
    name: str
    title: str
    kind: Literal["scale", "single", "multiple", "text", "yesno"]
    required: bool
    choices: dict[str, str]


class PollTold(BaseModel):
    id: int
    title: str = Field(examples=["2026 年度满意度调查"])
    audience: Literal["household", "staff"]
    anonymous: bool
    state: Literal["draft", "coming", "open", "over", "closed"]
    begins_on: date
    ends_on: date
    questions: list[QuestionTold] | None = Field(None, description="Of one poll; not in lists.")


class PollPage(BaseModel):
    items: list[PollTold]
    next: str | None


class Answers(Body):
    answers: dict[str, str | int | list[str]] = Field(examples=[{"overall": 5, "words": "灯亮了"}])
    way: Literal["online", "phone", "door"] = Field("online", description="phone and door: taken down by an interviewer.")
    household: Id | None = Field(None, description="For whom an interviewer fills it in.")


class Given(BaseModel):
    poll: int
    answered: bool


class BarTold(BaseModel):
    words: str
    count: int


class AnswerLineTold(BaseModel):
    name: str
    title: str
    answered: int
    bars: list[BarTold]
    value: float | None = Field(description="Per cent (or mean × 20) of a scale.")
    low: float | None = Field(description="95 % interval, of a sample only.")
    high: float | None
    formula: str


class ResultsTold(BaseModel):
    asked: int
    answered: int
    population: int
    seed: int | None
    lines: list[AnswerLineTold]


class IndicatorTold(BaseModel):
    key: Literal["overall", "speed", "solved"]
    title: str
    formula: str
    part: int
    whole: int
    value: float | None
    target: int
    reached: bool


class OpinionTold(BaseModel):
    id: int
    source: str
    topic: str
    words: str
    at: datetime
    outcome: str
    reply: str
    became: str = Field(examples=["正在办理"])
    ticket: str | None


class OpinionPage(BaseModel):
    items: list[OpinionTold]
    next: str | None


class OpinionNoted(Body):
    words: str = said(500, "西门加装充电桩")
    topic: str = said(20, "facility")
    household: Id | None = None
    giver: str = perhaps(60, "梅女士")


class OpinionSettled(Body):
    outcome: Literal["done", "ticket", "fund", "noted", "no"]
    reply: str = said(500, "已列入本月计划")
    amount: Decimal | None = Field(None, gt=0, max_digits=12, decimal_places=2, description="Yuan, for fund.")


def _told(row: Poll, whole: bool = False) -> PollTold:
    asked = [
        QuestionTold(name=name, title=one.title, kind=one.kind, required=one.required, choices=one.choices) for name, one in row.asked.items()
    ] if whole else None  # fmt: skip
    return PollTold(
        id=row.pk, title=row.title, audience=one_of(row.audience), anonymous=row.anonymous, state=one_of(row.state()), begins_on=row.begins_on, ends_on=row.ends_on, questions=asked,
    )  # fmt: skip


def _poll(request: Any, id: int) -> Poll:
    row = Poll.objects.at_estate(request.estate).visible_to(request.reach).filter(pk=id).select_related("version", "estate").first()
    if row is None:
        raise Http404
    return row


@noun.get("/polls", response=PollPage, summary="Polls, newest first")
def list_polls(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """Residents and staff without a hand in it see what they are asked themselves."""
    seen = Poll.objects.at_estate(request.estate).visible_to(request.reach)
    rows = Poll.objects.at_estate(request.estate).filter(pk__in=seen.values("pk")).select_related("estate")
    return page(request, response, rows, wanted, NEWEST, _told, PollPage)


@noun.get("/polls/{id}", response=PollTold, summary="One poll with its questions")
def get_poll(request: Any, id: Id) -> Any:
    return _told(_poll(request, id), whole=True)


@noun.post("/polls/{id}/answers", response=Given, summary="Answer a poll")
def answer_poll(request: Any, id: Id, body: Answers) -> Any:
    """Once a household or person. Of an anonymous poll nothing is remembered under the idempotency key."""
    row = _poll(request, id)
    request.nameless = row.anonymous
    rows = Invitation.objects.at_estate(request.estate).filter(poll=row, drawn=True).select_related("poll__version", "poll__estate", "household")
    mine = rows.visible_to(request.reach).filter(household_id=body.household) if body.household else rows.of(request.reach)
    found = mine.order_by("answered", "pk").first()
    if found is None:
        raise Http404
    found.answer(body.answers, by=request.reach, way=body.way)
    return Given(poll=row.pk, answered=True)


@noun.get("/polls/{id}/results", response=ResultsTold, summary="What a poll came to")
def get_results(request: Any, id: Id) -> Any:
    """Staff who read opinions. Of an anonymous poll nothing before it is closed."""
    staff_only(request.reach)
    request.reach.must("opinion.read")
    found = results(_poll(request, id))
    lines = [
        AnswerLineTold(
            name=line.name, title=line.question.title, answered=line.answered, bars=[BarTold(words=words, count=count) for words, count, _share in line.bars],
            value=line.measured.value if line.measured else None, low=line.measured.low if line.measured else None,
            high=line.measured.high if line.measured else None, formula=line.measured.words if line.measured else "",
        )
        for line in found.lines
    ]  # fmt: skip
    return ResultsTold(asked=found.asked, answered=found.answered, population=found.poll.population, seed=found.poll.seed, lines=lines)


@noun.get("/satisfaction", response=list[IndicatorTold], summary="Overall satisfaction and the two core indicators")
def get_satisfaction(request: Any, months: int = Query(3, ge=1, le=12)) -> Any:
    """Of the last so many months, this one included."""
    staff_only(request.reach)
    request.reach.must("opinion.read")
    return [
        IndicatorTold(key=one_of(one.key), title=one.title, formula=one.words, part=one.part, whole=one.whole, value=one.value, target=one.target, reached=one.reached)
        for one in counting.board(request.estate, span=months)
    ]


def _opinion(row: Opinion) -> OpinionTold:
    return OpinionTold(
        id=row.pk, source=row.source, topic=row.topic, words=row.words, at=row.at, outcome=row.outcome, reply=row.reply, became=row.became[0],
        ticket=row.ticket.number if row.ticket_id and row.ticket else None,
    )  # fmt: skip


@noun.get("/opinions", response=OpinionPage, summary="The opinion library, newest first")
def list_opinions(request: Any, response: HttpResponse, wanted: Query[Paging], open: bool | None = None) -> Any:
    """A household its own, with what became of them."""
    rows = Opinion.objects.at_estate(request.estate).visible_to(request.reach).select_related("ticket", "fund_use")
    rows = rows if open is None else rows.filter(settled_at__isnull=open)
    return page(request, response, rows, wanted, LATEST, _opinion, OpinionPage)


@noun.post("/opinions", response=OpinionTold, summary="Take down an opinion")
def note_opinion(request: Any, body: OpinionNoted) -> Any:
    staff_only(request.reach)
    request.reach.must("opinion.read")
    home: Household | None = households_within(request.reach).filter(pk=body.household).first() if body.household else None
    if body.household and home is None:
        raise Http404
    return _opinion(Opinion.objects.note(request.estate, body.words, body.topic, by=request.reach, household=home, giver=body.giver))


@noun.post("/opinions/{id}/settlement", response=OpinionTold, summary="Answer an opinion")
def settle_opinion(request: Any, id: Id, body: OpinionSettled) -> Any:
    """`ticket` files one; `fund` asks the improvement fund for `amount`. Whoever gave it is told."""
    row = Opinion.objects.at_estate(request.estate).visible_to(request.reach).filter(pk=id).select_related("estate", "household", "zone").first()
    if row is None:
        raise Http404
    row.settle(body.outcome, body.reply, by=request.reach, amount=body.amount)
    return _opinion(row)

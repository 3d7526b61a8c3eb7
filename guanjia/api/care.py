"""Households as they are looked after: tier, needs (their words never leave by this door), visits, promises, coverage."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query
from pydantic import BaseModel, Field

from guanjia import clock
from guanjia.care import coverage as counting
from guanjia.care.file import file_of
from guanjia.care.models import Tiering, Visit
from guanjia.estates.models import Zone
from guanjia.households.models import Household, Need, Tier

from .door import Noun, staff_only
from .fields import Body, Id, one_of, perhaps, said
from .households import households_within
from .paging import Order, Paging, page

noun = Noun(tags=["care of households"])
MADE = Order("made", "made_at", down=True)


class NeedTold(BaseModel):
    id: int
    kind: str = Field(examples=["mobility"])
    member: str = Field(examples=["梅女士"])


class PromiseTold(BaseModel):
    id: int
    words: str
    due_on: date


class CareTold(BaseModel):
    tier: str = Field(examples=["core"], description="core, regular, potential or empty.")
    because: str | None = Field(description="Why it is in this tier; only staff are told.")
    vulnerable: bool | None = Field(description="Only staff are told.")
    slot: str
    way: str
    needs: list[NeedTold] | None = Field(description="Kinds only, for who may know them.")
    promises: list[PromiseTold]


class VisitTold(BaseModel):
    id: int
    way: str
    outcome: Literal["met", "absent", "declined", "called_off"]
    made_at: datetime
    heard: str | None = Field(description="Only staff are told what was written down.")
    answered: str | None
    mood: int | None
    ticket: str | None = Field(description="Number of the ticket that came of it.")


class VisitPage(BaseModel):
    items: list[VisitTold]
    next: str | None


class CoverageTold(BaseModel):
    metric: str = Field(examples=["familiarity"])
    formula: str
    zone: str | None = Field(description="None: the estate.")
    part: int
    whole: int
    target: int = Field(description="Per cent.")
    reached: bool


class VisitNoted(Body):
    outcome: Literal["met", "absent", "declined"]
    way: Literal["door", "phone", "wechat", "chance", "office"] = "door"
    met_whom: str = perhaps(60, "梅女士")
    heard: str = perhaps(2000, "楼道灯太暗")
    answered: str = perhaps(2000, "今晚换")
    mood: int | None = Field(None, ge=1, le=5)
    opinion: str = perhaps(300, "希望多组织活动")
    file_ticket: bool = False
    promise: str = perhaps(300, "周五前回复")
    due_on: date | None = None
    client_key: str = perhaps(40, "a1b2")


class NeedNoted(Body):
    """One that touches health names its member, whose consent must stand."""

    kind: Literal["mobility", "medication", "chronic", "disability", "senses", "hardship", "habit", "other"]
    words: str = said(500, "下雨天请搭把手")
    member: Id | None = None


class TierDecided(Body):
    tier: Literal["core", "regular", "potential"]
    why: str = said(300, "老人刚出院", least=2)
    until: date | None = None


def _home(request: Any, id: int) -> Household:
    row: Household = get_object_or_404(households_within(request.reach), pk=id)
    return row


def _visit(row: Visit, staff: bool) -> VisitTold:
    assert row.made_at, "only visits that were made are told"
    return VisitTold(
        id=row.pk, way=one_of(row.way), outcome=one_of(row.outcome), made_at=row.made_at, heard=row.heard if staff else None, answered=row.answered if staff else None,
        mood=row.mood if staff else None, ticket=row.ticket.number if row.ticket_id and row.ticket else None,
    )  # fmt: skip


@noun.get("/households/{id}/care", response=CareTold, summary="How a household is looked after")
def get_care(request: Any, id: Id) -> Any:
    reach, home = request.reach, _home(request, id)
    file, staff = file_of(home, reach, clock.now()), reach.is_staff
    needs = [NeedTold(id=row["id"], kind=row["kind"], member=row["who"]) for row in file.needs] if staff else None
    return CareTold(
        tier=home.tier, because=file.tiering["because"] if staff and file.tiering else None, vulnerable=home.is_vulnerable if staff else None, slot=home.slot,
        way=home.way, needs=needs, promises=[PromiseTold(id=row["id"], words=row["words"], due_on=row["due_on"]) for row in file.promises],
    )  # fmt: skip


@noun.get("/households/{id}/visits", response=VisitPage, summary="Visits, newest first")
def list_visits(request: Any, response: HttpResponse, id: Id, wanted: Query[Paging]) -> Any:
    rows = (
        Visit.objects.at_estate(request.estate)
        .filter(household=_home(request, id), made_at__isnull=False)
        .select_related("ticket")
    )
    staff = request.reach.is_staff
    return page(request, response, rows, wanted, MADE, lambda row: _visit(row, staff), VisitPage)


@noun.post("/households/{id}/visits", response=VisitTold, summary="Note a visit")
def note_visit(request: Any, id: Id, body: VisitNoted) -> Any:
    """What cannot be answered at once becomes a ticket with `file_ticket`. The same `client_key` is the same visit."""
    staff_only(request.reach)
    return _visit(Visit.objects.note(_home(request, id), by=request.reach, **body.model_dump()), True)


@noun.post("/households/{id}/needs", response=NeedTold, summary="Note a special need")
def note_need(request: Any, id: Id, body: NeedNoted) -> Any:
    staff_only(request.reach)
    home = _home(request, id)
    request.reach.must("household.edit")
    member = home.members.filter(pk=body.member).first() if body.member else None
    made = Need.objects.add(home, body.kind, body.words, by=request.reach, member=member)
    return NeedTold(id=made.pk, kind=made.kind, member=made.member.name if made.member else "")


@noun.post("/households/{id}/tier", response=CareTold, summary="Decide a tier otherwise than the rules")
def decide_tier(request: Any, id: Id, body: TierDecided) -> Any:
    staff_only(request.reach)
    Tiering.objects.decide(_home(request, id), Tier(body.tier), body.why, by=request.reach, until=body.until)
    return get_care(request, id)


@noun.get("/coverage", response=list[CoverageTold], summary="Familiarity, effective contact, questionnaire")
def get_coverage(request: Any) -> Any:
    """By zone, the estate's sum last of each metric."""
    request.reach.must("household.read")
    estate, now = request.estate, clock.now()
    zones = dict(Zone.objects.at_estate(estate).values_list("pk", "name"))
    told = []
    for name, rows in counting.counted(estate, now).items():
        formula, whole = counting.formula_of(estate, name, now).words, counting.total(rows)
        for row in [*rows, *([whole] if whole else [])]:
            zone = None if row is whole else zones.get(row.zone_id or 0, "")
            told.append(
                CoverageTold(
                    metric=name,
                    formula=formula,
                    zone=zone,
                    part=row.part,
                    whole=row.whole,
                    target=row.target,
                    reached=row.is_reached,
                )
            )
    return told

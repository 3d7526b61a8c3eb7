"""The year's target contracts of departments: drafting, signing, how far each is kept."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import Http404
from ninja import Status
from pydantic import AfterValidator, BaseModel, Field

from guanjia import clock
from guanjia.incentives.book import book
from guanjia.incentives.models import Contract
from guanjia.incentives.promises import yuan
from guanjia.incentives.yearly import outcome
from guanjia.people.models import Person, Post

from .door import Noun, staff_only
from .fields import Body, Id, Share, said

noun = Noun(tags=["scores"])
Scale = Literal["all", "each", "degree"]


def _promised(key: str) -> str:
    if key not in book().promised:
        raise ValueError("one of " + ", ".join(book().promised))
    return key


class TargetTold(BaseModel):
    indicator: str = Field(examples=["satisfaction"])
    target: Decimal
    value: Decimal | None = Field(description="Of the year's months so far.")
    part: Decimal
    whole: Decimal
    reached: bool | None
    completion: Decimal = Field(description="Per cent of the target, 100 at most.")
    share: Decimal = Field(description="Per cent of the bonus it earns as things stand.")


class ContractTold(BaseModel):
    id: int
    year: int
    department: str = Field(examples=["engineering"])
    head: str
    bonus: Decimal | None = Field(description="Yuan; null: not decided.")
    scale: Scale = Field(description="all: every target or nothing; each: target by target; degree: by completion.")
    earned: Decimal | None = Field(description="Yuan, if the year ended with what is known now.")
    signed_at: datetime | None
    promises: list[TargetTold]


class ContractDrafted(Body):
    year: int = Field(ge=2001, le=2099, examples=[2026])
    department: str = said(20, "engineering")
    head: str = said(150, "supervisor1", description="Login.")
    targets: dict[Annotated[str, AfterValidator(_promised)], Share] = Field(default={}, examples=[{"satisfaction": 90}], description="Those left out are the targets in force.")
    bonus: Decimal | None = Field(default=None, ge=0, max_digits=8, decimal_places=2, examples=["2000"])
    scale: Scale | None = Field(default=None, description="The one in force when none is given.")


def _told(row: Contract) -> ContractTold:
    came = outcome(row.estate, row, clock.today(row.estate).replace(day=1))
    promises = [
        TargetTold(indicator=one.key, target=one.target, value=one.value, part=one.part, whole=one.whole, reached=one.reached, completion=each.completion, share=each.earned)
        for each in came if (one := each.score)
    ]  # fmt: skip
    earned = None if row.bonus is None else yuan(row.bonus, [one.share for one in came])
    known = {"id": row.pk, "year": row.year, "department": row.department, "head": row.head.name, "bonus": row.bonus, "signed_at": row.signed_at}
    return ContractTold.model_validate({**known, "scale": row.scale, "earned": earned, "promises": promises})


@noun.get("/contracts", response=list[ContractTold], summary="Target contracts")
def list_contracts(request: Any) -> Any:
    """All for who reads proposals, else one's own; fifty at most."""
    staff_only(request.reach)
    return [_told(row) for row in Contract.objects.visible_to(request.reach).select_related("head", "estate").order_by("-year", "pk")[:50]]


@noun.post("/contracts", response={201: ContractTold}, summary="Draft a target contract")
def draft_contract(request: Any, body: ContractDrafted) -> Any:
    """With `incentive.propose`; 409 for a second one of a department and year."""
    request.reach.must("incentive.propose")
    here = Post.objects.at_estate(request.estate).values("person_id")
    head = Person.objects.filter(pk__in=here, username=body.head).first()
    if head is None:
        raise Http404
    row = Contract.objects.draft(body.year, body.department, head, by=request.reach, targets=body.targets, bonus=body.bonus, scale=body.scale or "")
    return Status(201, _told(row))


@noun.post("/contracts/{id}/signature", response=ContractTold, summary="Sign one's target contract")
def sign_contract(request: Any, id: Id) -> Any:
    """By its head, once; then it is fixed."""
    staff_only(request.reach)
    row = Contract.objects.visible_to(request.reach).filter(head=request.reach.person_id).select_related("head", "estate").filter(pk=id).first()
    if row is None:
        raise Http404
    row.sign(by=request.reach)
    return _told(row)

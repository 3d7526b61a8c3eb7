"""Households, masked: a telephone shows its tail, an identity number never leaves the house by this door."""

from __future__ import annotations

from typing import Any, Literal

from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from ninja import Query
from pydantic import BaseModel, Field

from guanjia import clock
from guanjia.households.models import Household, Member, Occupancy
from guanjia.households.search import find
from guanjia.people.privacy import mask_phone
from guanjia.tickets.callers import may_call

from .door import Noun
from .fields import NO_NUL, Id, one_of
from .paging import BY_ID, Paging, page

noun = Noun(tags=["households"])
FOUND = 20  # rows of a search


class MemberTold(BaseModel):
    name: str = Field(examples=["梅女士"])
    kind: Literal["owner", "family", "tenant", "temporary"]
    phone: str = Field(examples=["199****0001"], description="Masked.")


class HouseholdTold(BaseModel):
    id: int = Field(examples=[17])
    number: str = Field(examples=["1"])
    name: str = Field(examples=["梅女士"])
    units: list[str] = Field(examples=[["3-1-501"]])
    preferences: str
    in_arrears: bool | None = Field(description="Only staff are told.")
    hints: str | None = Field(description="What staff must know before knocking; only staff are told.")
    members: list[MemberTold]


class HouseholdPage(BaseModel):
    items: list[HouseholdTold]
    next: str | None


class HouseholdWanted(Paging):
    q: str | None = Field(
        None, min_length=1, max_length=60, pattern=NO_NUL, description=f"Room, tail of a telephone, name or pinyin initials; {FOUND} rows at most.", examples=["3-1-501"]
    )


def households_within(reach: Any) -> Any:
    """All, those with a unit in one's zones, or one's own; with members and present units in two more statements."""
    rows = Household.objects.at_estate(reach.estate)
    if not reach.is_staff:
        rows = rows.filter(pk__in=reach.households)
    else:
        reach.must("household.read")
        rows = may_call(reach)
    here = Occupancy.objects.at_estate(reach.estate).filter(during__contains=clock.today(reach.estate)).select_related("unit")
    living = Member.objects.at_estate(reach.estate).filter(left_on__isnull=True).order_by("pk")
    return rows.prefetch_related(Prefetch("occupancies", here), Prefetch("members", living))


def _told(row: Household, staff: bool) -> HouseholdTold:
    members = [MemberTold(name=each.name, kind=one_of(each.kind), phone=mask_phone(each.phone)) for each in row.members.all()]
    return HouseholdTold(
        id=row.pk, number=row.number, name=row.name, units=sorted(each.unit.code for each in row.occupancies.all()),
        preferences=row.preferences, in_arrears=row.in_arrears if staff else None, hints=row.hints if staff else None, members=members,
    )  # fmt: skip


@noun.get("/households", response=HouseholdPage, summary="Households")
def list_households(request: Any, response: HttpResponse, wanted: Query[HouseholdWanted]) -> Any:
    """Staff with `household.read`: those within reach. Residents: their own. With `q`: the one search box."""
    rows, staff = households_within(request.reach), request.reach.is_staff
    if wanted.q is None:
        return page(request, response, rows, wanted, BY_ID, lambda row: _told(row, staff), HouseholdPage)
    hits = [hit.household_id for hit in find(request.estate, wanted.q, FOUND) if hit.household_id]
    known = rows.in_bulk(hits)
    return HouseholdPage(items=[_told(known[pk], staff) for pk in hits if pk in known], next=None)


@noun.get("/households/{id}", response=HouseholdTold, summary="One household")
def get_household(request: Any, id: Id) -> Any:
    row = households_within(request.reach).filter(pk=id).first()
    if row is None:
        raise Http404
    return _told(row, request.reach.is_staff)

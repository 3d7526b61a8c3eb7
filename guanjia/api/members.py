"""What belongs to a household: members, vehicles, consents (HSE-02, HSE-13, CF-64). No number leaves by this door unmasked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import Http404
from pydantic import BaseModel, Field

from guanjia.households.models import Consent, Household, Member, Vehicle
from guanjia.people.privacy import mask_phone

from .door import Noun, staff_only
from .fields import Body, Id, one_of, perhaps, said
from .households import households_within

noun = Noun(tags=["households"])
PURPOSES = Literal["health", "family", "birthday", "activity", "sharing"]


class PersonTold(BaseModel):
    id: int
    name: str
    kind: Literal["owner", "family", "tenant", "temporary"]
    phone: str = Field(examples=["199****0001"], description="Masked.")


class VehicleTold(BaseModel):
    plate: str = Field(examples=["川A12345"])
    brand: str
    colour: str


class ConsentTold(BaseModel):
    member: int = Field(description="Id of the member.")
    purpose: PURPOSES
    how: Literal["paper", "spoken", "online"]
    given_at: datetime
    withdrawn_at: datetime | None


class MemberJoined(Body):
    name: str = said(60, "梅小宝")
    kind: Literal["owner", "family", "tenant", "temporary"] = "family"
    phone: str = perhaps(30, "13900001234")
    born_on: date | None = Field(None, examples=["2019-05-01"])


class PhoneChanged(Body):
    member: Id
    phone: str = said(30, "13900001234")
    why: str = perhaps(200, "换号")


class VehicleKept(Body):
    plate: str = said(20, "川A12345", least=3)
    brand: str = perhaps(40, "比亚迪")
    colour: str = perhaps(20, "白")


class ConsentGiven(Body):
    """As it was said to staff: on paper or by word. Online consent is the resident's own to give."""

    member: Id
    purpose: PURPOSES
    how: Literal["paper", "spoken"] = "paper"


class ConsentWithdrawn(Body):
    member: Id
    purpose: PURPOSES


def _home(request: Any, id: int, edit: bool = True) -> Household:
    if edit:
        staff_only(request.reach)
    row: Household | None = households_within(request.reach).filter(pk=id).first()
    if row is None:
        raise Http404
    if edit:
        request.reach.must("household.edit")
    return row


def _member(home: Household, pk: int) -> Member:
    row = Member.objects.at_estate(home.estate_id).filter(household=home, pk=pk, left_on__isnull=True).select_related("estate", "household__estate").first()
    if row is None:
        raise Http404
    return row


def _person(row: Member) -> PersonTold:
    return PersonTold(id=row.pk, name=row.name, kind=one_of(row.kind), phone=mask_phone(row.phone))


def _consent(row: Consent) -> ConsentTold:
    return ConsentTold(member=row.member_id, purpose=one_of(row.purpose), how=one_of(row.how), given_at=row.given_at, withdrawn_at=row.withdrawn_at)


@noun.get("/households/{id}/members", response=list[PersonTold], summary="Members of a household")
def list_members(request: Any, id: Id) -> Any:
    home = _home(request, id, edit=False)
    return [_person(row) for row in Member.objects.at_estate(request.estate).filter(household=home, left_on__isnull=True).order_by("pk")]


@noun.post("/households/{id}/members", response=PersonTold, summary="Add a member")
def join_household(request: Any, id: Id, body: MemberJoined) -> Any:
    return _person(Member.objects.join(_home(request, id), **body.model_dump(), by=request.reach))


@noun.post("/households/{id}/phone", response=PersonTold, summary="Change a member's telephone")
def change_phone(request: Any, id: Id, body: PhoneChanged) -> Any:
    """Old and new stay on record (HSE-13)."""
    row = _member(_home(request, id), body.member)
    row.change_phone(body.phone, why=body.why, by=request.reach)
    return _person(row)


@noun.get("/households/{id}/vehicles", response=list[VehicleTold], summary="Vehicles of a household")
def list_vehicles(request: Any, id: Id) -> Any:
    home = _home(request, id, edit=False)
    rows = Vehicle.objects.at_estate(request.estate).filter(household=home).order_by("pk")
    return [VehicleTold(plate=row.plate, brand=row.brand, colour=row.colour) for row in rows]


@noun.post("/households/{id}/vehicles", response=VehicleTold, summary="Keep a vehicle")
def keep_vehicle(request: Any, id: Id, body: VehicleKept) -> Any:
    row = Vehicle.objects.keep(_home(request, id), **body.model_dump(), by=request.reach)
    return VehicleTold(plate=row.plate, brand=row.brand, colour=row.colour)


@noun.get("/households/{id}/consents", response=list[ConsentTold], summary="Consents of a household")
def list_consents(request: Any, id: Id) -> Any:
    """Also those withdrawn. Residents: their household's."""
    home = _home(request, id, edit=False)
    rows = Consent.objects.at_estate(request.estate).filter(member__household=home).order_by("pk")
    if not request.reach.is_staff:
        rows = rows.filter(member__login_id=request.reach.person_id)
    return [_consent(row) for row in rows]


@noun.post("/households/{id}/consents", response=ConsentTold, summary="Note a consent")
def give_consent(request: Any, id: Id, body: ConsentGiven) -> Any:
    member = _member(_home(request, id), body.member)
    return _consent(Consent.objects.give(member, body.purpose, body.how, by=request.reach))


@noun.post("/households/{id}/consent-withdrawal", response=ConsentTold, summary="Withdraw a consent")
def withdraw_consent(request: Any, id: Id, body: ConsentWithdrawn) -> Any:
    """What it was for is no longer done; health notes go with it."""
    member = _member(_home(request, id), body.member)
    row = Consent.objects.standing().filter(estate=request.estate, member=member, purpose=body.purpose).select_related("member__household").first()
    if row is None:
        raise Http404
    row.withdraw(by=request.reach)
    return _consent(row)

"""Estates within reach."""

from __future__ import annotations

from typing import Any

from ninja import Router
from pydantic import BaseModel, Field

from guanjia.estates.models import Estate, SiteType
from guanjia.people.homes import homes_of

from .door import Noun

router = Router(tags=["estates"])
noun = Noun(tags=["estates"])


class EstateTold(BaseModel):
    code: str = Field(examples=["demo"], description="How addresses name it: /estates/{code}/…")
    name: str = Field(examples=["阳光花园"])
    company: str = Field(examples=["邻安物业"])
    site_type: SiteType
    time_zone: str = Field(examples=["Asia/Shanghai"], description="Business dates are counted here; instants are UTC.")
    hotline: str = Field(examples=["028-8000 0000"])
    address: str


class EstateMine(EstateTold):
    """An estate and what the token's holder is there."""

    staff: bool
    roles: list[str] = Field(examples=[["steward"]])
    permissions: list[str] = Field(examples=[["ticket.file", "ticket.progress"]])


def _told(estate: Estate) -> dict[str, Any]:
    plain = {name: getattr(estate, name) for name in ("code", "name", "site_type", "time_zone", "hotline", "address")}
    return {**plain, "company": estate.company.name}


@router.get("", response=list[EstateTold], summary="Estates within reach")
def list_estates(request: Any) -> Any:
    """Where the holder of the token has a post today, or a home."""
    homes = homes_of(request.auth)
    companies = Estate.objects.select_related("company").in_bulk([home.estate.pk for home in homes])
    return [EstateTold(**_told(companies[home.estate.pk])) for home in homes]


@noun.get("", response=EstateMine, summary="One estate")
def get_estate(request: Any) -> Any:
    """An estate, with the roles and permissions of the holder of the token there."""
    reach = request.reach
    return EstateMine(**_told(request.estate), staff=reach.is_staff, roles=sorted(reach.roles), permissions=sorted(reach.permissions))

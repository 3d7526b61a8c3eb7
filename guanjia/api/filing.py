"""What is said when a ticket is filed, and who may say what."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from guanjia.estates.models import Place, Unit
from guanjia.households.models import Household, Occupancy
from guanjia.tenancy.crypto import fingerprint
from guanjia.tickets.categories import categories
from guanjia.tickets.kinds import Channel, Kind
from guanjia.tickets.models import Ticket

from .fields import NO_NUL, Body, Id, Instant, perhaps, said
from .once import HEADER
from .problems import Unfit

STAFF_SAYS = ("channel", "household", "reporter_name", "reporter_phone", "checklist")


class Checklist(BaseModel):
    """听清 问清 记清 (REQ-38)."""

    model_config = ConfigDict(extra="forbid")
    heard: bool = False
    asked: bool = False
    written: bool = False


class Report(Body):
    """Where is one of `unit` (residents: their own), `place` or `where` in words; or none, when nobody knows yet."""

    words: str = said(2000, "厨房水管漏水，已经关了总阀")
    kind: Kind | None = Field(None, description="Proposed from the words when it is left out.")
    category: str = Field("", json_schema_extra={"enum": ["", *categories()]}, max_length=30, pattern=NO_NUL, examples=["leak"])
    unit: str | None = Field(None, max_length=60, pattern=NO_NUL, examples=["3-1-501"], description="Its code.")
    place: str | None = Field(None, max_length=40, pattern=NO_NUL, examples=[None], description="Its code.")
    where: str = perhaps(120, "")
    wishes: str = perhaps(300, "孩子上网课，请轻声")
    wished_from: Instant | None = None
    wished_until: Instant | None = None
    anonymous: bool = Field(False, description="Only a complaint can be.")
    channel: Channel | None = Field(None, description="Staff only; `phone` when left out. Of residents it is `online`.")
    household: Id | None = Field(None, description="Staff only.")
    reporter_name: str = perhaps(60, "", description="Staff only.")
    reporter_phone: str = perhaps(20, "", description="Staff only.")
    checklist: Checklist | None = Field(None, description="Staff only.")

    @model_validator(mode="after")
    def _in_order(self) -> Report:
        if self.wished_from and self.wished_until and self.wished_until < self.wished_from:
            raise ValueError("wished_until comes before wished_from")
        return self


def filed(request: Any, report: Report) -> Ticket:
    """File a report. Raises Unfit where it names what is not there or not theirs to say, Refused by the verb."""
    reach = request.reach
    if not reach.is_staff:
        for name in STAFF_SAYS:
            if getattr(report, name):
                raise Unfit(f"body/{name}", _("这一项由物业填写。"))
    unit = _named(Unit, "unit", report.unit, reach)
    if unit is not None and not reach.is_staff and unit.pk not in reach.units:
        raise Unfit("body/unit", _("没有这个地址。"))
    place = _named(Place, "place", report.place, reach)
    said = report.model_dump(include={"words", "category", "where", "wishes", "wished_from", "wished_until", "anonymous", "reporter_name", "reporter_phone"})
    ticket: Ticket = Ticket.objects.report(
        by=reach, estate=reach.estate, unit=unit, place=place, household_id=_household(report, unit, reach), kind=report.kind or "",
        channel=(report.channel or Channel.PHONE) if reach.is_staff else Channel.ONLINE, client_key=_nameless_key(request, report),
        checklist=report.checklist.model_dump() if report.checklist else None, **said,
    )  # fmt: skip
    spot = unit or place
    if spot and ticket.zone_id == spot.zone_id:
        ticket.zone = spot.zone  # at hand already: the answer names it
    return ticket


def _named(kind: Any, field: str, code: str | None, reach: Any) -> Any:
    if code is None:
        return None
    row = kind.objects.at_estate(reach.estate).select_related("zone").filter(code=code).first()
    if row is None:
        raise Unfit(f"body/{field}", _("没有这个地址。"))
    return row


def _household(report: Report, unit: Any, reach: Any) -> int | None:
    """Whose report it is: the one staff name, or the resident's own that has the unit."""
    if report.anonymous:
        return None
    if reach.is_staff:
        if report.household and not Household.objects.at_estate(reach.estate).filter(pk=report.household).exists():
            raise Unfit("body/household", _("没有这个住户。"))
        return report.household
    if len(reach.households) == 1:
        return next(iter(reach.households))
    theirs = Occupancy.objects.at_estate(reach.estate).filter(unit=unit, household_id__in=reach.households)
    return theirs.values_list("household_id", flat=True).first() if unit else None


def _nameless_key(request: Any, report: Report) -> str:
    """An anonymous complaint is never remembered by its person; sent again it is found by a key that leads nowhere."""
    request.nameless = report.anonymous
    key = request.headers.get(HEADER)
    return fingerprint(f"{request.reach.person_id}:{key}") if report.anonymous and key else ""

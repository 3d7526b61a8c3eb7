"""What is said when a ticket is filed, and who may say what."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from guanjia.estates.models import Place, Unit, Zone
from guanjia.households.models import Household, Occupancy
from guanjia.tenancy.crypto import fingerprint
from guanjia.tenancy.reading import partly
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


# Every report names a spot: one plain statement, and the zone that the answer names with it.
SPOT = """
SELECT spot.id, zone.id, zone.code, zone.name FROM {table} AS spot
LEFT JOIN estates_zone AS zone ON zone.estate_id = spot.estate_id AND zone.id = spot.zone_id
WHERE spot.estate_id = %s AND spot.code = %s
"""


def _named(kind: Any, field: str, code: str | None, reach: Any) -> Any:
    """The unit or place of that code, with its zone at hand; anything else of it is read when it is asked for."""
    if code is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(SPOT.format(table=kind._meta.db_table), [reach.estate.pk, code])
        found = cursor.fetchone()
    if found is None:
        raise Unfit(f"body/{field}", _("没有这个地址。"))
    key, zone_id, zone_code, zone_name = found
    spot = partly(kind, id=key, estate_id=reach.estate.pk, zone_id=zone_id, code=code)
    spot.zone = partly(Zone, id=zone_id, estate_id=reach.estate.pk, code=zone_code, name=zone_name) if zone_id else None
    return spot


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

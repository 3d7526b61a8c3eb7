"""Area-wide incidents (区域事件): one cause, many tickets, one notice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query
from pydantic import BaseModel, Field

from guanjia.tickets.models import Incident, Ticket

from .door import Noun
from .fields import Body, Id, said
from .paging import NEWEST, Paging, page

noun = Noun(tags=["incidents"])


class IncidentTold(BaseModel):
    id: int
    title: str = Field(examples=["3 栋 1 单元停水"])
    notice: str = Field(description="What every reporter reads, newest.")
    lead: str | None = Field(examples=["260310-0412"], description="Number of the ticket whose clocks speak for all.")
    tickets: int = Field(description="How many it carries.")
    opened_at: datetime
    noticed_at: datetime | None
    closed_at: datetime | None


class IncidentPage(BaseModel):
    items: list[IncidentTold]
    next: str | None


class IncidentWanted(Paging):
    open: bool | None = Field(None, description="Still going on; or only those that are over.")


class Noticed(Body):
    words: str = said(500, "抢修车已到，预计 16:00 恢复")


class Closed(Body):
    words: str = said(1000, "已恢复供水")


def _within(reach: Any) -> Any:
    reach.must("incident.open")
    return Incident.objects.at_estate(reach.estate)


def _one(reach: Any, pk: int) -> Incident:
    row: Incident = get_object_or_404(_within(reach), pk=pk)
    return row


def _told(rows: list[Incident]) -> list[IncidentTold]:
    """With lead and number of tickets, in two statements for all rows."""
    if not rows:
        return []
    tickets = Ticket.objects.at_estate(rows[0].estate_id)
    leads = dict(tickets.filter(pk__in=[row.lead for row in rows]).values_list("pk", "number"))
    carried = tickets.filter(incident_id__in=[row.pk for row in rows]).order_by()
    counts = dict(carried.values("incident_id").annotate(n=Count("pk")).values_list("incident_id", "n"))
    return [_as_told(row, leads, counts) for row in rows]


def _as_told(row: Incident, leads: dict[int, str], counts: dict[int, int]) -> IncidentTold:
    plain = {name: getattr(row, name) for name in ("title", "notice", "opened_at", "noticed_at", "closed_at")}
    return IncidentTold(id=row.pk, lead=leads.get(row.lead or 0), tickets=counts.get(row.pk, 0), **plain)


@noun.get("/incidents", response=IncidentPage, summary="Incidents")
def list_incidents(request: Any, response: HttpResponse, wanted: Query[IncidentWanted]) -> Any:
    """With `incident.open`; newest first."""
    rows = _within(request.reach)
    if wanted.open is not None:
        rows = rows.filter(closed_at__isnull=wanted.open)
    found: Any = page(request, response, rows, wanted, NEWEST, lambda row: row, dict)
    return IncidentPage(items=_told(found["items"]), next=found["next"])


@noun.get("/incidents/{id}", response=IncidentTold, summary="One incident")
def get_incident(request: Any, id: Id) -> Any:
    return _told([_one(request.reach, id)])[0]


@noun.post("/incidents/{id}/notice", response=IncidentTold, summary="Tell everybody who reported")
def incident_notice(request: Any, id: Id, body: Noticed) -> Any:
    """One notice for all; the progress clock of the lead restarts."""
    row = _one(request.reach, id)
    row.tell(body.words, by=request.reach)
    return _told([row])[0]


@noun.post("/incidents/{id}/closure", response=IncidentTold, summary="Close an incident")
def incident_closure(request: Any, id: Id, body: Closed) -> Any:
    """Every ticket it carries is done, each reporter is asked."""
    row = _one(request.reach, id)
    row.close(body.words, by=request.reach)
    return _told([row])[0]

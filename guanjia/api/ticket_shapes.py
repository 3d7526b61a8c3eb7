"""A ticket as the API tells it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from pydantic import BaseModel, Field

from guanjia import clock
from guanjia.clocks.models import Clock
from guanjia.people.privacy import mask_phone
from guanjia.tickets.acts import TICKET_ACTS, offered
from guanjia.tickets.kinds import Channel, Kind, Klass, Priority, Stage, WorkStage
from guanjia.tickets.models import Photo, Rating, Ticket, WorkOrder
from guanjia.tickets.story import story

from .residents import may_still


class TicketTold(BaseModel):
    number: str = Field(examples=["260310-0412"])
    kind: Kind
    category: str = Field(examples=["leak"], description="Empty until it is classified or said.")
    klass: Klass | None = Field(description="What decides its time limits; null until it is classified.")
    channel: Channel
    priority: Priority
    stage: Stage
    words: str = Field(examples=["厨房水管漏水"])
    wishes: str = Field(examples=["孩子上网课，请轻声"])
    wished_from: datetime | None
    wished_until: datetime | None
    unit: str | None = Field(examples=["3-1-501"])
    place: str | None = Field(examples=["3-1-lift"])
    where: str
    zone: str | None = Field(examples=["E"])
    household: int | None = Field(examples=[17])
    steward: str = Field(examples=["李明"])
    reporter: str = Field(examples=["梅女士"], description="Empty for an anonymous complaint.")
    reporter_phone: str = Field(examples=["199****0001"], description="Masked.")
    anonymous: bool
    incident: int | None
    merged_into: str | None = Field(examples=["260310-0413"])
    reported_at: datetime
    due_at: datetime | None = Field(description="The nearest running deadline.")
    closed_at: datetime | None
    overdue: bool
    held: bool
    urged: int
    reopened: int


class TicketPage(BaseModel):
    items: list[TicketTold]
    next: str | None


class ClockTold(BaseModel):
    id: int
    limit: str = Field(examples=["sla_classify"])
    title: str
    started_at: datetime
    due_at: datetime
    paused_at: datetime | None
    stopped_at: datetime | None
    outcome: str = Field(examples=["met"], description="met, late, missed, superseded, cancelled; empty while it runs.")
    late: bool
    explanation: str = Field(examples=["10:00 受理 + 10 分钟 → 10:10"])


class WorkBrief(BaseModel):
    id: int
    worker: str = Field(examples=["周工"])
    stage: WorkStage
    offered_at: datetime
    arrived_at: datetime | None
    ended_at: datetime | None


class EventTold(BaseModel):
    at: datetime
    action: str = Field(examples=["ticket.reported"])
    sentence: str = Field(examples=["梅女士报事"])


class PhotoTold(BaseModel):
    id: int
    moment: Photo.Moment
    width: int = Field(description="px")
    height: int = Field(description="px")
    at: datetime
    url: str = Field(description="Asked for with the same token.")


class RatingTold(BaseModel):
    at: datetime
    speed: int
    result: int
    attitude: int
    words: str


class TicketFull(TicketTold):
    clocks: list[ClockTold] = Field(description="Staff only; empty for residents.")
    works: list[WorkBrief]
    events: list[EventTold] = Field(description="Oldest first; residents read what is meant for them.")
    photos: list[PhotoTold]
    ratings: list[RatingTold]
    acts: list[str] = Field(examples=[["classification", "progress"]], description="What the holder of the token can do now.")


class Filed(TicketTold):
    way_back: str = Field("", description="Of an anonymous complaint: the only key to it; keep it.")


class Acted(BaseModel):
    act: str = Field(examples=["dispatch"])
    made: int | None = Field(examples=[21], description="Id of the row that the act made: of a work order, an incident, …")
    ticket: TicketTold


JOINED = ("unit", "place", "zone", "steward", "merged_into")
PLAIN = (
    "number", "category", "words", "wishes", "wished_from", "wished_until", "where", "anonymous", "reported_at", "due_at", "closed_at",
    "held", "urged", "reopened",
)  # fmt: skip


def facts(ticket: Ticket) -> dict[str, Any]:
    """Everything of TicketTold; JOINED should have been fetched with the row."""
    return {
        **{name: getattr(ticket, name) for name in PLAIN},
        "kind": Kind(ticket.kind), "klass": Klass(ticket.klass) if ticket.klass else None, "channel": Channel(ticket.channel),
        "priority": Priority(ticket.priority), "stage": Stage(ticket.stage),
        "unit": ticket.unit.code if ticket.unit else None, "place": ticket.place.code if ticket.place else None,
        "zone": ticket.zone.code if ticket.zone else None, "household": ticket.household_id,
        "steward": ticket.steward.name if ticket.steward else "", "reporter": ticket.reporter_name,
        "reporter_phone": mask_phone(ticket.reporter_phone), "incident": ticket.incident_id,
        "merged_into": ticket.merged_into.number if ticket.merged_into else None,
        "overdue": bool(ticket.closed_at is None and ticket.due_at and ticket.due_at < clock.now()),
    }  # fmt: skip


def told(ticket: Ticket) -> TicketTold:
    return TicketTold(**facts(ticket))


def full(ticket: Ticket, reach: Any) -> TicketFull:
    """One ticket with all that belongs to it, in a fixed number of statements."""
    works = WorkOrder.objects.at_estate(ticket.estate_id).filter(ticket=ticket).select_related("worker").order_by("pk")
    acts = [act.noun for act in offered(TICKET_ACTS, ticket, reach)] if reach.is_staff else may_still(ticket, reach)
    return TicketFull(
        **facts(ticket),
        clocks=_clocks(ticket) if reach.is_staff else [],
        works=[_work(row) for row in works],
        events=[EventTold(at=each["at"], action=each["action"], sentence=each["sentence"]) for each in story(ticket, reach)],
        photos=[photo_told(row, reach.estate.code, ticket.number) for row in ticket.photos.exclude(moment=Photo.Moment.SIGNATURE).order_by("at", "pk")],
        ratings=[_rating(row) for row in ticket.ratings.order_by("at")],
        acts=acts,
    )


def _clocks(ticket: Ticket) -> list[ClockTold]:
    rows, now = Clock.objects.of(ticket).prefetch_related("pauses").order_by("started_at", "pk"), clock.now()
    plain = ("id", "title", "started_at", "due_at", "paused_at", "stopped_at", "outcome")
    return [
        ClockTold(**{name: getattr(row, name) for name in plain}, limit=row.kind, late=row.is_late(now), explanation=row.explain(now))
        for row in rows
    ]


def _work(row: WorkOrder) -> WorkBrief:
    return WorkBrief(
        id=row.pk, worker=row.worker.name, stage=WorkStage(row.stage), offered_at=row.offered_at, arrived_at=row.arrived_at, ended_at=row.ended_at
    )


def photo_told(row: Photo, estate: str, number: str) -> PhotoTold:
    url = reverse("api:get_photo", kwargs={"estate": estate, "number": number, "id": row.pk})
    return PhotoTold(id=row.pk, moment=Photo.Moment(row.moment), width=row.width, height=row.height, at=row.at, url=url)


def _rating(row: Rating) -> RatingTold:
    return RatingTold(at=row.at, speed=row.speed, result=row.result, attitude=row.attitude, words=row.words)



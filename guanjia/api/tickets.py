"""Tickets (诉求): list, one, file, photos."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.urls import reverse
from ninja import File, Query, Status
from ninja.files import UploadedFile
from pydantic import Field

from guanjia import clock
from guanjia.events.models import Event
from guanjia.tickets.kinds import Kind, Klass, Stage
from guanjia.tickets.models import Photo, Ticket

from .door import Noun
from .fields import Id, Instant
from .filing import Report, filed
from .paging import Order, Paging, page
from .ticket_shapes import JOINED, Filed, PhotoTold, TicketFull, TicketPage, facts, full, photo_told, told

noun = Noun(tags=["tickets"])
RECENT = Order("recent", "reported_at", down=True)
DUE = Order("due", "due_at")
IMAGE = {"responses": {200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in ("image/jpeg", "image/png")}}}}


class TicketWanted(Paging):
    stage: Stage | None = None
    klass: Klass | None = None
    kind: Kind | None = None
    open: bool | None = Field(None, description="Neither archived, cancelled nor merged; or only those.")
    overdue: bool = Field(False, description="Only those past their nearest deadline, most late first.")
    changed_since: Instant | None = Field(None, description="Only those to which something happened since; for keeping a copy up to date.")


def ticket_or_404(reach: Any, number: str) -> Ticket:
    row: Ticket | None = Ticket.objects.visible_to(reach).select_related(*JOINED).filter(number=number).first()
    if row is None:
        raise Http404
    return row


@noun.get("/tickets", response=TicketPage, summary="Tickets")
def list_tickets(request: Any, response: HttpResponse, wanted: Query[TicketWanted]) -> Any:
    """Those within reach, newest first; with `overdue` by deadline."""
    asked = {"stage": wanted.stage, "klass": wanted.klass, "kind": wanted.kind}
    rows = Ticket.objects.visible_to(request.reach).filter(**{key: value for key, value in asked.items() if value is not None})
    if wanted.open is not None:
        rows = rows.filter(closed_at__isnull=wanted.open)
    if wanted.overdue:
        rows = rows.overdue(clock.now())
    if wanted.changed_since:
        lately = Event.objects.at_estate(request.estate).filter(at__gte=wanted.changed_since, subject_type=Ticket.noun)
        rows = rows.filter(pk__in=lately.values("subject_id"))
    order = DUE if wanted.overdue else RECENT
    return page(request, response, rows.select_related(*JOINED), wanted, order, told, TicketPage)


@noun.get("/tickets/{number}", response=TicketFull, summary="One ticket")
def get_ticket(request: Any, number: str) -> Any:
    """With its clocks and how each deadline came about, its work, its story, its photos and what can be done now."""
    return full(ticket_or_404(request.reach, number), request.reach)


@noun.post("/tickets", response={201: Filed}, summary="File a ticket")
def file_ticket(request: Any, response: HttpResponse, report: Report) -> Any:
    """Residents file for their household, staff (`ticket.file`) for anybody (REQ-02, REQ-03, REQ-37..39)."""
    ticket = filed(request, report)
    path = {"estate": request.estate.code, "number": ticket.number}
    response.headers["Location"] = reverse("api:get_ticket", kwargs=path)
    return Status(201, Filed(**facts(ticket), way_back=getattr(ticket, "way_back", "")))


@noun.post("/tickets/{number}/photos", response={201: list[PhotoTold]}, summary="Add photos to a ticket")
def add_photos(request: Any, number: str, photos: File[list[UploadedFile]]) -> Any:
    """Nine at most; each is decoded, stripped of EXIF and encoded anew. One that is no picture: none is kept."""
    ticket = ticket_or_404(request.reach, number)
    request.reach.must("ticket.file" if request.reach.is_staff else "own.file")
    made = ticket.photograph(photos, by=request.reach)
    return Status(201, [photo_told(row, request.estate.code, number) for row in made])


@noun.get("/tickets/{number}/photos/{id}", summary="One photo", openapi_extra=IMAGE)
def get_photo(request: Any, number: str, id: Id) -> Any:
    """The picture itself; signatures are for staff."""
    ticket = ticket_or_404(request.reach, number)
    row = ticket.photos.filter(pk=id).first()
    if row is None or (row.moment == Photo.Moment.SIGNATURE and not request.reach.is_staff):
        raise Http404
    kind = "image/png" if str(row.image.name).endswith("png") else "image/jpeg"
    return FileResponse(row.image.open("rb"), content_type=kind)

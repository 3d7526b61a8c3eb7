"""Bodies outside and their documents: the directory, what came in, who handles it by when (VAS-12, F-68)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpResponse
from ninja import Query, Status
from pydantic import BaseModel, Field

from guanjia import clock
from guanjia.liaison.models import Contact, Incoming
from guanjia.people.models import Person

from .door import Noun, staff_only
from .fields import Body, Id, perhaps, said
from .paging import Order, Paging, page

noun = Noun(tags=["liaison"])
WRITTEN = Order("written")


class ContactTold(BaseModel):
    id: int
    kind: str = Field(examples=["fire"])
    name: str
    person: str
    phone: str
    address: str
    words: str


class ContactPage(BaseModel):
    items: list[ContactTold]
    next: str | None


class ContactKept(Body):
    kind: str = said(8, "fire", description="street, police, fire, city, housing, health, utility, owners, other.")
    name: str = said(80, "区消防救援大队", 2)
    person: str = perhaps(40, "值班室")
    phone: str = perhaps(40, "028-8000 0203")
    address: str = perhaps(120, "示范路 12 号")
    words: str = perhaps(200, "消防检查、演练")


class IncomingTold(BaseModel):
    id: int
    contact: int
    body: str = Field(description="Whom it came from.")
    title: str
    number: str = Field(description="文号.")
    words: str
    received_on: date
    due_on: date = Field(description="The last day.")
    late: bool
    handler: int
    handled_at: datetime | None
    result: str


class IncomingPage(BaseModel):
    items: list[IncomingTold]
    next: str | None


class IncomingWanted(Paging):
    open: bool = Field(True, description="Only what still waits.")


class IncomingReceived(Body):
    """The scan of the paper is added on the page."""

    contact: Id
    title: str = said(120, "关于消防隐患排查的通知")
    number: str = perhaps(40, "示消〔2026〕18 号")
    words: str = perhaps(500, "排查楼道堆物，十日内回复")
    received_on: date = Field(examples=["2026-03-10"])
    due_on: date = Field(examples=["2026-03-20"])
    handler: Id = Field(description="A person in post here.")
    client_key: str = perhaps(40, "a1b2c3", description="The same key enters it once.")


class IncomingHandled(Body):
    result: str = said(500, "已整改并书面回复", 2)


def _contact(row: Contact) -> ContactTold:
    return ContactTold(id=row.pk, kind=row.kind, name=row.name, person=row.person, phone=row.phone, address=row.address, words=row.words)


def _told(row: Incoming) -> IncomingTold:
    return IncomingTold(
        id=row.pk, contact=row.contact_id, body=row.contact.name, title=row.title, number=row.number, words=row.words, received_on=row.received_on, due_on=row.due_on,
        late=row.handled_at is None and row.due_on < clock.today(row.estate), handler=row.handler_id, handled_at=row.handled_at, result=row.result,
    )  # fmt: skip


@noun.get("/outside-contacts", response=ContactPage, summary="Bodies outside, as they were written down")
def list_contacts(request: Any, response: HttpResponse, wanted: Query[Paging], q: str = Query("", max_length=40, description="In name, person, telephone or matter.")) -> Any:
    """With `liaison.keep`; others find none. What was closed is left out."""
    rows = Contact.objects.visible_to(request.reach).live()
    return page(request, response, rows.looked_for(q.strip()) if q.strip() else rows, wanted, WRITTEN, _contact, ContactPage)


@noun.post("/outside-contacts", response=ContactTold, summary="Write a body outside down, or put one of this name right")
def keep_contact(request: Any, body: ContactKept) -> Any:
    """What is not sent stays as it was."""
    staff_only(request.reach)
    return _contact(Contact.objects.keep(request.estate, by=request.reach, **body.model_dump(exclude_unset=True)))


@noun.get("/incoming", response=IncomingPage, summary="Documents from outside, as they were entered")
def list_incoming(request: Any, response: HttpResponse, wanted: Query[IncomingWanted]) -> Any:
    """With `liaison.keep` all, else those one handles."""
    rows = Incoming.objects.visible_to(request.reach).select_related("contact", "estate")
    return page(request, response, rows.open() if wanted.open else rows, wanted, WRITTEN, _told, IncomingPage)


@noun.post("/incoming", response={201: IncomingTold}, summary="Enter a document from outside")
def receive_incoming(request: Any, body: IncomingReceived) -> Any:
    """Its handler is told; told again when its day nears."""
    request.reach.must("liaison.keep")
    data = body.model_dump()
    contact = Contact.objects.visible_to(request.reach).filter(pk=data.pop("contact")).first()
    person = Person.objects.filter(pk=data.pop("handler"), company_id=request.estate.company_id).first()
    if contact is None or person is None:
        raise Http404
    row = Incoming.objects.receive(contact, data.pop("title"), data.pop("received_on"), data.pop("due_on"), person, by=request.reach, key=data.pop("client_key"), **data)
    return Status(201, _told(row))


@noun.post("/incoming/{id}/result", response=IncomingTold, summary="It is handled")
def handle_incoming(request: Any, id: Id, body: IncomingHandled) -> Any:
    """By its handler, or with `liaison.keep`; once."""
    staff_only(request.reach)
    row = Incoming.objects.visible_to(request.reach).select_related("contact", "estate").filter(pk=id).first()
    if row is None:
        raise Http404
    row.handle(body.result, by=request.reach)
    return _told(row)

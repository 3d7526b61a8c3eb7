"""The gate: visitors' passes announced, checked and used; resident cards; articles in the desk's care."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import Http404, HttpResponse
from ninja import Query
from pydantic import BaseModel, Field

from guanjia import clock
from guanjia.gate.homes import lives_in
from guanjia.gate.models import Article, Card, Guest
from guanjia.staffing.finding import unit_for

from .door import Noun, staff_only
from .fields import Body, Id, Instant, one_of, perhaps, said
from .moves import _found, _home
from .paging import Order, Paging, page

noun = Noun(tags=["gate"])
NEWEST, ISSUED, KEPT = Order("made", "at", down=True), Order("issued", "issued_at", down=True), Order("kept", "kept_at", down=True)


class GuestTold(BaseModel):
    id: int
    unit: str = Field(examples=["3-1-501"])
    visitor: str
    code: str = Field(examples=["40718253"], description="Eight digits, for where no camera is.")
    mark: str = Field(description="What the QR code of the pass says.")
    first_at: datetime
    until_at: datetime
    uses: int = Field(description="1: once; 0: as often as they come.")
    used: int
    refusal: str | None = Field(description="Why the gate does not let them in now; empty when it does; not said in lists.")


class GuestPage(BaseModel):
    items: list[GuestTold]
    next: str | None


class GuestAnnounced(Body):
    unit: str = said(40, "3-1-501")
    visitor: str = said(60, "王小姐")
    first_at: Instant
    until_at: Instant
    uses: Literal[0, 1] = 1
    plate: str = perhaps(12, "")
    purpose: str = perhaps(80, "做客")


class GuestMet(Body):
    """Somebody at the gate whom nobody announced. `answered`: who at home agreed; empty: nobody, and they are turned away."""

    unit: str = said(40, "3-1-501")
    visitor: str = said(60, "王小姐")
    answered: str = perhaps(40, "梅女士")
    purpose: str = perhaps(80, "做客")


class Seen(BaseModel):
    mark: str = Field(description="What was scanned, or the eight digits.", max_length=200)


class PassageTold(BaseModel):
    guest: int
    entered: bool
    why: str


class CardTold(BaseModel):
    id: int
    number: str
    unit: str
    holder: str
    state: Literal["live", "lost", "replaced", "returned", "void"]
    issued_at: datetime


class CardPage(BaseModel):
    items: list[CardTold]
    next: str | None


class CardIssued(Body):
    unit: str = said(40, "3-1-501")
    holder: str = said(60, "梅女士")
    number: str = said(20, "K000123", least=4)


class ArticleTold(BaseModel):
    id: int
    unit: str
    what: str
    place: str
    kept_at: datetime
    due_at: datetime
    out_at: datetime | None
    code: str | None = Field(description="For the household alone.")


class ArticlePage(BaseModel):
    items: list[ArticleTold]
    next: str | None


class ArticleKept(Body):
    unit: str = said(40, "3-1-501")
    what: str = said(120, "快递纸箱", least=2)
    place: str = said(60, "前台货架 B2")
    left_by: str = perhaps(60, "")


def _guest(row: Guest) -> GuestTold:
    return _listed(row, row.refusal(clock.now()))


def _listed(row: Guest, refusal: str | None = None) -> GuestTold:
    return GuestTold(
        id=row.pk, unit=row.unit.code, visitor=row.visitor, code=row.code, mark=row.mark, first_at=row.first_at, until_at=row.until_at, uses=row.uses,
        used=row.used, refusal=refusal,
    )  # fmt: skip


def _card(row: Card) -> CardTold:
    return CardTold(id=row.pk, number=row.number, unit=row.unit.code, holder=row.holder, state=one_of(row.state), issued_at=row.issued_at)


def _article(row: Article, own: bool) -> ArticleTold:
    return ArticleTold(
        id=row.pk, unit=row.unit.code, what=row.what, place=row.place, kept_at=row.kept_at, due_at=row.due_at, out_at=row.out_at, code=row.code if own else None
    )


@noun.get("/guests", response=GuestPage, summary="Visitors, newest first")
def list_guests(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """A household sees its own; the gate the estate's."""
    rows = Guest.objects.visible_to(request.reach).select_related("unit")
    return page(request, response, rows, wanted, NEWEST, _listed, GuestPage)


@noun.get("/guests/seen", response=GuestTold, summary="What a scanned pass is")
def see_guest(request: Any, wanted: Query[Seen]) -> Any:
    """404 for what is forged, unknown or another estate's; `refusal` says why one does not hold."""
    staff_only(request.reach)
    row = Guest.objects.of_mark(wanted.mark, request.estate) if request.reach.may("gate.watch") else None
    if row is None:
        raise Http404
    return _guest(row)


@noun.post("/guests", response=GuestTold, summary="Announce a visitor")
def announce_guest(request: Any, body: GuestAnnounced) -> Any:
    data = body.model_dump()
    unit, household = _home(request, data.pop("unit"))
    return _guest(Guest.objects.announce(unit, household, by=request.reach, **data))


@noun.post("/guests/met", response=PassageTold, summary="Register who comes unannounced")
def meet_guest(request: Any, body: GuestMet) -> Any:
    """Nobody comes in where nobody is at home (SEC-12)."""
    staff_only(request.reach)
    unit = unit_for(request.estate, body.unit)
    if unit is None or lives_in(unit) is None:
        raise Http404
    made = Guest.objects.register(unit, body.visitor, body.answered, by=request.reach, purpose=body.purpose)
    return PassageTold(guest=made.guest_id, entered=made.entered, why=made.why)


@noun.post("/guests/{id}/entry", response=PassageTold, summary="Let a visitor in")
def admit_guest(request: Any, id: Id) -> Any:
    staff_only(request.reach)
    made = _found(Guest.objects.visible_to(request.reach).select_related("unit"), id).admit(by=request.reach)
    return PassageTold(guest=made.guest_id, entered=made.entered, why=made.why)


@noun.post("/guests/{id}/revocation", response=GuestTold, summary="Take a pass back")
def revoke_guest(request: Any, id: Id) -> Any:
    row = _found(Guest.objects.visible_to(request.reach).select_related("unit", "estate"), id)
    row.revoke(by=request.reach)
    return _guest(row)


@noun.get("/cards", response=CardPage, summary="Resident cards, newest first")
def list_cards(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    """A household sees its own."""
    return page(request, response, Card.objects.visible_to(request.reach).select_related("unit"), wanted, ISSUED, _card, CardPage)


@noun.post("/cards", response=CardTold, summary="Issue a card")
def issue_card(request: Any, body: CardIssued) -> Any:
    staff_only(request.reach)
    unit, household = _home(request, body.unit)
    return _card(Card.objects.issue(unit, household, body.holder, body.number, by=request.reach))


@noun.post("/cards/{id}/loss", response=CardTold, summary="Report a card lost")
def lose_card(request: Any, id: Id) -> Any:
    """Blocked at once; by its household or by the desk."""
    row = _found(Card.objects.visible_to(request.reach).select_related("unit"), id)
    row.report_lost(by=request.reach)
    return _card(row)


@noun.get("/articles", response=ArticlePage, summary="Articles in care, newest first")
def list_articles(request: Any, response: HttpResponse, wanted: Query[Paging]) -> Any:
    own = not request.reach.is_staff
    rows = Article.objects.visible_to(request.reach).select_related("unit")
    return page(request, response, rows, wanted, KEPT, lambda row: _article(row, own), ArticlePage)


@noun.post("/articles", response=ArticleTold, summary="Take an article into care")
def keep_article(request: Any, body: ArticleKept) -> Any:
    staff_only(request.reach)
    data = body.model_dump()
    unit, household = _home(request, data.pop("unit"))
    return _article(Article.objects.keep(unit, household, data.pop("what"), data.pop("place"), by=request.reach, **data), own=False)

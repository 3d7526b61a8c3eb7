"""One ticket: what was asked, where it stands, its clocks, its story, what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from guanjia import clock
from guanjia.clocks.models import Clock
from guanjia.people.models import Person
from guanjia.web.guard import needs

from ..acts import TICKET_ACTS, WORK_ACTS, next_act, offered
from ..models import Photo, Ticket, WorkOrder
from ..story import steps, story

if TYPE_CHECKING:
    from django.http import HttpRequest


@needs()
def show(request: HttpRequest, number: str) -> HttpResponse:
    rows = Ticket.objects.visible_to(request.reach).select_related("unit", "place", "zone", "household", "incident", "merged_into", "steward")
    ticket = get_object_or_404(rows, number=number)
    page = page_of(ticket, request.reach)
    part = "#ticket" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"tickets/show.html{part}", page)


def page_of(ticket: Ticket, reach: Any) -> dict[str, Any]:
    """Everything the ticket page shows; the same for page and fragment."""
    works = list(WorkOrder.objects.visible_to(reach).filter(ticket=ticket).select_related("worker", "ticket").prefetch_related("materials", "photos").order_by("pk"))
    acts = offered(TICKET_ACTS, ticket, reach)
    clocks = list(Clock.objects.at_estate(ticket.estate_id).filter(ticket=ticket).order_by("started_at", "pk"))
    return {
        "ticket": ticket,
        "steps": steps(ticket, clocks, clock.now()),
        "clocks": clocks,
        "events": story(ticket, reach),
        "photos_shown": album(ticket),
        "signatures": ticket.signatures.select_related("photo"),
        "works": [(work, offered(WORK_ACTS, work, reach)) for work in works],
        "acts": acts,
        "next": next_act(ticket, acts),
        "callable": ticket.may_be_called_by(reach),
        "ratings": ticket.ratings.order_by("at"),
        "taker": Person.objects.filter(pk=ticket.taken_by_id).first() if ticket.taken_by_id else None,
    }


def album(ticket: Ticket) -> list[dict[str, str]]:
    """The ticket's photos as the photo grid wants them; signatures are shown elsewhere."""
    rows = ticket.photos.exclude(moment=Photo.Moment.SIGNATURE).order_by("at")
    pairs = [(row, reverse("tickets:photo", args=[ticket.estate.code, row.pk])) for row in rows]
    return [{"url": url, "thumb": url, "alt": row.get_moment_display(), "tag": row.get_moment_display()} for row, url in pairs]


@needs()
def work(request: HttpRequest, pk: int) -> HttpResponse:
    """One order, as its worker sees it: where, what, wishes, telephone, and the next thing to do."""
    rows = WorkOrder.objects.visible_to(request.reach).select_related("ticket__unit", "ticket__place", "worker", "given_by")
    order = get_object_or_404(rows, pk=pk)
    acts = offered(WORK_ACTS, order, request.reach)
    page = {
        "work": order,
        "ticket": order.ticket,
        "acts": acts,
        "next": next_act(order, acts),
        "callable": order.is_open and order.ticket.may_be_called_by(request.reach),
        "clocks": [row for row in order.ticket.running_clocks if row.paused_at is None],
        "refusal": order.refusals.order_by("at").last(),
        "materials": order.materials.order_by("at"),
        "photos_shown": album(order.ticket),
        "helpers": order.helpers.select_related("worker"),
    }
    part = "#work" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"tickets/work.html{part}", page)


@needs(resident=True)
def photo(request: HttpRequest, pk: int) -> FileResponse:
    """A photo, to whoever may see its ticket; a signature to fewer."""
    row = Photo.objects.visible_to(request.reach).filter(pk=pk).first()
    if row is None:
        raise Http404
    answer = FileResponse(row.image.open("rb"), content_type="image/png" if str(row.image.name).endswith("png") else "image/jpeg")
    answer.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return answer

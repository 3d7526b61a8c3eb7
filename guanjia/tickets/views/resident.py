"""The resident's phone: home, my reports, one report. Reporting is in resident_report.py, acts in resident_act.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.web.guard import needs
from guanjia.web.nav import services_for

from ..acts import offered
from ..categories import propose
from ..front import panels
from ..homes import homes_of, incidents_for, stewards_of
from ..kinds import BEFORE_DONE, OPEN, Kind, Stage
from ..models import Rating, Signature, Ticket
from ..resident_acts import RESIDENT_ACTS, SAID, is_unrated
from ..story import story
from .resident_act import carry_out
from .resident_cards import album, cards
from .resident_leaf import leaf
from .resident_report import report

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["act", "home", "mine", "report", "show"]
SHOWN = 3  # open tickets on the first page


def _rows(reach: Any) -> Any:
    """What the person sees, with `unrated`: nobody has given stars for this round yet."""
    rows = Ticket.objects.visible_to(reach).annotate(unrated=~Exists(Rating.objects.filter(**_OF_ROUND)))
    return rows.select_related("unit__building", "unit__entrance", "place", "steward", "estate", "incident")


_OF_ROUND = {"ticket": OuterRef("pk"), "estate": OuterRef("estate"), "round": OuterRef("reopened")}


@needs(resident=True, staff=False)
def home(request: HttpRequest) -> HttpResponse:
    """Who answers for me, what waits for me, what is going on."""
    reach = request.reach
    homes = homes_of(reach)
    going = _rows(reach).filter(stage__in=BEFORE_DONE).recent_first()
    page = {
        "homes": homes,
        "greeting": _greeting(reach.estate),
        "stewards": stewards_of(reach, homes),
        "waiting": cards(waiting_for(reach)[:SHOWN]),
        "cards": cards(going[:SHOWN]),
        "going": going.count(),
        "had_any": Ticket.objects.visible_to(reach).exists(),
        "incidents": incidents_for(reach, homes),
        "panels": panels(reach, clock.now()),
        "services": services_for(reach),
    }
    part = "#live" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"tickets/resident/home.html{part}", page)


def _greeting(estate: Any) -> str:
    hour = clock.now().astimezone(ZoneInfo(estate.time_zone)).hour
    for until, words in ((5, _("夜深了")), (11, _("早上好")), (13, _("中午好")), (18, _("下午好"))):
        if hour < until:
            return words
    return _("晚上好")


def waiting_for(reach: Any) -> Any:
    """Done, and the reporter has not said yet how it was, or has not signed the complaint (REQ-11, REQ-21)."""
    complaint = Q(kind=Kind.COMPLAINT) & ~Exists(Signature.objects.filter(**_OF_ROUND))
    done = _rows(reach).filter(stage__in=(Stage.DONE, Stage.FED_BACK))
    return done.filter(Q(unrated=True) | complaint).order_by(F("done_at").desc(nulls_last=True), "-id")


@needs(resident=True, staff=False)
def mine(request: HttpRequest) -> HttpResponse:
    rows = Ticket.objects.visible_to(request.reach)
    over = request.GET.get("state") == "closed"
    wanted = _rows(request.reach).exclude(stage__in=OPEN) if over else _rows(request.reach).filter(stage__in=OPEN)
    found, previous, following = leaf(wanted, request.GET)
    page = {
        "over": over, "cards": cards(found), "previous": previous, "next": following,
        "open_count": rows.filter(stage__in=OPEN).count(), "any": rows.exists(),
    }  # fmt: skip
    return render(request, "tickets/resident/mine.html", page)


@needs(resident=True, staff=False)
def show(request: HttpRequest, number: str) -> HttpResponse:
    ticket = get_object_or_404(_rows(request.reach).select_related("merged_into"), number=number)
    part = "#ticket" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"tickets/resident/show.html{part}", page_of(ticket, request.reach, RESIDENT_ACTS))


def page_of(ticket: Ticket, reach: Any, acts: list[Any], address: Any = None) -> dict[str, Any]:
    """Everything a reporter reads about a ticket, signed in or nameless."""
    now_offered = offered(acts, ticket, reach)
    following = next((act for act in now_offered if act.next), None)
    return {
        "ticket": ticket,
        "card": cards([ticket])[0],
        "events": story(ticket, reach),
        "photos_shown": album(ticket, address),
        "acts": [act for act in now_offered if act is not following],
        "next": following,
        "ratings": ticket.ratings.order_by("-at"),
        "unrated": ticket.stage in (Stage.DONE, Stage.FED_BACK) and is_unrated(ticket),
        "is_urgent": ticket.stage in BEFORE_DONE and (ticket.klass or propose(ticket.words).klass) == "urgent",
    }


@needs(resident=True, staff=False)
def act(request: HttpRequest, number: str, noun: str) -> HttpResponse:
    """…/mine/260310-0412/urge/"""
    ticket = get_object_or_404(_rows(request.reach), number=number)
    back = reverse("tickets:mine_show", args=[request.estate.code, number])
    return carry_out(request, RESIDENT_ACTS, noun, ticket, by=request.reach, back=back, said=SAID)

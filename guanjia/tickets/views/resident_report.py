"""Reporting from the phone: one page, kept on the device until it was sent; twice sent is one ticket."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia.tenancy.errors import Refused
from guanjia.web.guard import needs

from ..categories import propose
from ..homes import homes_of, places_near
from ..kinds import Kind
from ..models import Ticket
from ..models.photographable import MOST_PHOTOS
from ..resident_forms import ReportForm

if TYPE_CHECKING:
    from django.http import HttpRequest

ICONS = {
    Kind.REPAIR: "wrench", Kind.ENQUIRY: "circle-help", Kind.COMPLAINT: "message-square-warning", Kind.SUGGESTION: "lightbulb",
    Kind.PRAISE: "heart",
}  # fmt: skip
SPAM = ("too_many", "same_words")


@needs(resident=True, staff=False)
def report(request: HttpRequest) -> HttpResponse:
    """GET shows the form; `?hint` and `?places` answer while it is being filled; POST files the report."""
    homes = homes_of(request.reach)
    if "hint" in request.GET and request.method == "POST":
        return _hint(request)
    if "places" in request.GET:
        found = places_near(request.reach, homes, request.GET.get("where", ""))
        return render(request, "tickets/resident/report.html#places", {"places": found, "place": request.GET.get("place", "")})
    if request.method == "POST":
        form = ReportForm(request.POST, reach=request.reach, homes=homes)
        return _file(request, form, homes)
    kind = request.GET.get("kind", "")
    first = {"kind": kind if kind in Kind.values else Kind.REPAIR, "anonymous": "anonymous" in request.GET, "client_key": uuid.uuid4()}
    if homes:
        first["spot"] = str(homes[0].unit.pk)
    return _form(request, ReportForm(initial=first, reach=request.reach, homes=homes), homes)


def _hint(request: HttpRequest) -> HttpResponse:
    """What the words sound like; asked by POST so that they stand in no log."""
    words = request.POST.get("words", "")[:2000]
    return render(request, "tickets/resident/report.html#hint", {"guess": propose(words) if words.strip() else None})


def _file(request: HttpRequest, form: ReportForm, homes: list[Any]) -> HttpResponse:
    photos = request.FILES.getlist("photos")
    wrong = _("最多 %(n)s 张照片。") % {"n": MOST_PHOTOS} if len(photos) > MOST_PHOTOS else ""
    if not form.is_valid() or wrong:
        return _form(request, form, homes, photo_error=wrong, status=422)
    try:
        with transaction.atomic():
            ticket = Ticket.objects.report(by=request.reach, estate=request.estate, **form.report)
            if not ticket.anonymous and ticket.reporter_id != request.reach.person_id:
                raise Http404  # somebody else's key
            if photos and not ticket.photos.exists():
                ticket.photograph(photos, by=request.reach)
    except Refused as refused:
        return _refused(request, form, homes, refused)
    if ticket.anonymous:
        return _way_back(request, ticket)
    messages.success(request, _("已收到，管家会尽快分类"))
    address = reverse("tickets:mine_show", args=[request.estate.code, ticket.number])
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _refused(request: HttpRequest, form: ReportForm, homes: list[Any], refused: Refused) -> HttpResponse:
    if refused.code in SPAM:
        return _form(request, form, homes, refused=refused, status=409)
    if "photo" in refused.code:
        return _form(request, form, homes, photo_error=str(refused), status=422)
    form.add_error("anonymous" if refused.code == "not_a_complaint" else None, str(refused))
    return _form(request, form, homes, status=422)


def _way_back(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """Shown in the answer itself: an address to come back to would have to remember the secret."""
    path = reverse("tickets:anonymous", args=[request.estate.code, ticket.way_back])
    page = {"ticket": ticket, "path": path, "address": request.build_absolute_uri(path)}
    answer = render(request, f"tickets/resident/way_back.html{'#done' if request.htmx else ''}", page)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _form(request: HttpRequest, form: ReportForm, homes: list[Any], *, status: int = 200, **more: Any) -> HttpResponse:
    chosen = str(form["kind"].value() or "")
    words = str(form["words"].value() or "")
    place = str(form["place"].value() or "")
    page = {
        "form": form, "homes": homes, "spot": str(form["spot"].value() or ""), "place": place,
        "kinds": [(kind, kind.label, ICONS[kind], kind == chosen) for kind in Kind],
        "places": places_near(request.reach, homes, str(form["where"].value() or "") if place else ""),
        "guess": propose(words) if words.strip() else None,
        "wishing": any(form[name].value() for name in ("wished_on", "slot", "wishes")),
        **more,
    }  # fmt: skip
    part = "#report" if request.htmx else ""
    return render(request, f"tickets/resident/report.html{part}", page, status=status)

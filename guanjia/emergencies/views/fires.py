"""火情: the register with what may be missing in it, one with its cause and loss, struck where it was no fire (QLT-60)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Sum
from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.tenancy.reading import row_id
from guanjia.tickets.models import Ticket
from guanjia.web.acting import act, carry_out
from guanjia.web.guard import needs

from .. import exporting
from ..book import emergency_book
from ..forms import CauseForm, FireForm
from ..models import Emergency, Fire
from .common import tabs, to

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

SHOWN = 200
ASKED = 5  # reports and emergencies that may be fires, at most


@needs()
def fires(request: HttpRequest) -> HttpResponseBase:
    """Newest first; `?year=2026`, `?xlsx=1` all of them as a workbook."""
    every = Fire.objects.visible_to(request.reach)
    if request.GET.get("xlsx"):
        name = _("火情登记 %(day)s.xlsx") % {"day": f"{clock.today(request.estate):%F}"}
        return FileResponse(exporting.fires(request.estate, every), as_attachment=True, filename=name)
    since = clock.now() - timedelta(days=365)
    year = every.standing().filter(happened_at__gte=since)
    page = {
        "tabs": tabs(request, "fires"), "rows": every.select_related("building", "unit").order_by("-happened_at", "-pk")[:SHOWN], "total": year.count(),
        "loss": year.aggregate(sum=Sum("loss"))["sum"] or Decimal(0), "hurt": year.aggregate(sum=Sum("hurt"))["sum"] or 0, "unsettled": every.standing().filter(settled_at__isnull=True).count(), **missing(request),
    }  # fmt: skip
    return render(request, "emergencies/fires.html", page)


def missing(request: Any) -> dict[str, Any]:
    """Real fire emergencies that are over, and reports of gas and fire, that stand in no row of the register yet."""
    estate, reach = request.estate, request.reach
    known = Fire.objects.at_estate(estate).standing()
    since = clock.now() - emergency_book().fires.ask
    rows = Emergency.objects.visible_to(reach).filter(kind="fire", drill=False, false_alarm=False).exclude(stage="live").select_related("building", "unit")
    reports = Ticket.objects.visible_to(reach).filter(category__in=emergency_book().fires.categories, kind="repair", reported_at__gte=since).exclude(stage__in=("merged", "cancelled"))
    return {
        "emergencies": rows.exclude(pk__in=known.filter(emergency__isnull=False).values("emergency_id")).order_by("-started_at")[:ASKED],
        "tickets": reports.exclude(pk__in=known.filter(ticket__isnull=False).values("ticket_id")).select_related("unit", "place").order_by("-reported_at")[:ASKED],
    }  # fmt: skip


def _source(request: Any) -> tuple[Emergency | None, Ticket | None]:
    """What it is registered from: `emergency` and `ticket` by their keys, within reach."""
    said = request.POST or request.GET
    emergency = Emergency.objects.visible_to(request.reach).select_related("building", "unit", "started_by").filter(pk=row_id(said.get("emergency")) or 0).first()
    ticket = Ticket.objects.visible_to(request.reach).select_related("unit__building", "place", "reporter").filter(pk=row_id(said.get("ticket")) or 0).first()
    return emergency, ticket


@needs()
def new(request: HttpRequest) -> HttpResponse:
    emergency, ticket = _source(request)
    form = FireForm(request.POST or None, estate=request.estate, initial=_first(request, emergency, ticket))
    status = 200
    if request.method == "POST":
        unit = ticket.unit if ticket else emergency.unit if emergency else None
        done = carry_out(
            request, form,
            lambda said: Fire.objects.register(by=request.reach, emergency=emergency, ticket=ticket, unit=unit if unit and unit.building_id == getattr(said["building"], "pk", None) else None, **said),
            _("已登记火情。"), lambda made: reverse("emergencies:fire", args=[request.estate.code, made.pk]),
        )  # fmt: skip
        if not isinstance(done, int):
            return done
        status = done
    return render(request, "emergencies/fire_new.html", {"form": form, "emergency": emergency, "ticket": ticket}, status=status)


def _first(request: Any, emergency: Emergency | None, ticket: Ticket | None) -> dict[str, Any]:
    """What the emergency or report says already."""
    if emergency:
        return _said(emergency.words or emergency.title, emergency.started_at, emergency.building_id, emergency.place, emergency.started_by.name)
    if ticket:
        unit = ticket.unit
        who = ticket.reporter.name if ticket.reporter else ""
        return _said(ticket.words[:300], ticket.reported_at, unit.building_id if unit else None, "" if unit else ticket.location[:80], who)
    return {"happened_at": clock.now()}


def _said(words: str, at: datetime, building: int | None, where: str, reporter: str) -> dict[str, Any]:
    return {"words": words, "happened_at": at, "building": str(building or ""), "where": where, "reporter": reporter}


def one(request: Any, pk: int) -> Fire:
    rows = Fire.objects.visible_to(request.reach).select_related("building", "unit", "by", "settled_by", "struck_by", "ticket", "emergency")
    row: Fire = get_object_or_404(rows, pk=pk)
    return row


@needs()
def fire(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, one(request, pk))


def _shown(request: Any, row: Fire, form: CauseForm | None = None, status: int = 200) -> HttpResponse:
    reach = request.reach
    said = {"cause": row.cause, "cause_words": row.cause_words, "loss": row.loss if row.loss is not None else row.estimated(), "hurt": row.hurt}
    page = {
        "fire": row, "settles": reach.may("emergency.command") and not row.struck_at, "strikes": reach.may("emergency.review") and not row.struck_at and row.by_id != reach.person_id,
        "form": form or CauseForm(initial=said), "sees_ticket": bool(row.ticket_id) and Ticket.objects.visible_to(reach).filter(pk=row.ticket_id).exists(),
    }  # fmt: skip
    return render(request, "emergencies/fire.html", page, status=status)


@require_POST
@needs("emergency.command")
def settlement(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = one(request, pk), CauseForm(request.POST)
    done = carry_out(request, form, lambda said: row.settle(by=request.reach, **said), _("已登记原因和损失。"), lambda made: reverse("emergencies:fire", args=[request.estate.code, pk]))
    return _shown(request, one(request, pk), form, done) if isinstance(done, int) else done


@require_POST
@needs("emergency.review")
def striking(request: HttpRequest, pk: int) -> HttpResponse:
    row = one(request, pk)
    act(request, lambda: row.strike(request.POST.get("words", ""), by=request.reach), _("已作废，不再计入火情。"))
    return to(request, "fire", pk)

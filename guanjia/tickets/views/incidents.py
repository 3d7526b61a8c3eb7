"""Area-wide incidents (区域事件): one cause, many reports, one notice to all, one end."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.events.models import Event
from guanjia.people.models import Person
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.reading import row_id
from guanjia.web.guard import needs

from .. import workbench
from ..forms import WordsForm
from ..lines import lines
from ..models import Incident, Ticket

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from guanjia.people.reach import Reach

PAGE, CARRIED = 30, 200
BEFORE = timedelta(days=30)  # a report carried by an incident is at most so much older than it


def _carried(reach: Reach, since: datetime) -> Any:
    """The tickets incidents may carry: walked by time of report, never the whole history."""
    return Ticket.objects.visible_to(reach).filter(reported_at__gte=since - BEFORE, incident__isnull=False)


@needs("incident.open")
def incidents(request: HttpRequest) -> HttpResponse:
    """Open ones first; closed ones by the newest, page by page."""
    reach, show = request.reach, "closed" if request.GET.get("show") == "closed" else "open"
    rows = Incident.objects.at_estate(reach.estate).filter(closed_at__isnull=show == "open").order_by("-opened_at", "-pk")
    if (before := row_id(request.GET.get("before"))) is not None:
        last = Incident.objects.at_estate(reach.estate).filter(pk=before).values("opened_at")
        rows = rows.filter(Q(opened_at__lt=last[:1]) | Q(opened_at=last[:1], pk__lt=before))
    found = list(rows[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    numbers: dict[int, dict[str, int]] = {}
    if found:
        carried = _carried(reach, min(row.opened_at for row in found)).filter(incident_id__in=[row.pk for row in found])
        grouped = carried.order_by().values("incident_id").annotate(all=Count("pk"), open=Count("pk", filter=Q(closed_at__isnull=True)))
        numbers = {row["incident_id"]: row for row in grouped}
    shown = [{"incident": row, "all": numbers.get(row.pk, {}).get("all", 0), "open": numbers.get(row.pk, {}).get("open", 0)} for row in found]
    page = {"show": show, "rows": shown, "older": found[-1].pk if more else None, "search_url": _list(request)}
    return render(request, "tickets/incidents.html", page)


@needs("incident.open")
def incident(request: HttpRequest, pk: int) -> HttpResponse:
    """What happened, whom it touches, what they were told."""
    page = _page(request, _find(request.reach, pk))
    part = "#live" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"tickets/incident.html{part}", page)


@require_POST
@needs("incident.open")
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One message to everybody who reported."""
    return _say(request, pk, "notice", lambda row, words: row.tell(words, by=request.reach), _("已通知所有报事人。"))


@require_POST
@needs("incident.open")
def closure(request: HttpRequest, pk: int) -> HttpResponse:
    """It is over: every ticket it carries is done."""
    return _say(request, pk, "closure", lambda row, words: row.close(words, by=request.reach), _("区域事件已结束，所含报事转为待回访。"))


def _say(request: HttpRequest, pk: int, name: str, act: Any, said: str) -> HttpResponse:
    row = _find(request.reach, pk)
    form = WordsForm(request.POST, row=row, reach=request.reach, prefix=name)
    status = 422
    if form.is_valid():
        try:
            act(row, form.cleaned_data["words"])
        except NotAllowed as refused:
            raise Http404 from refused
        except Refused as refused:
            form.add_error(None, str(refused))
            status = 409
        else:
            messages.success(request, said)
            return redirect("tickets:incident", request.estate.code, pk)
    row.refresh_from_db()
    return render(request, "tickets/incident.html", _page(request, row) | {f"{name}_form": form}, status=status)


def _find(reach: Reach, pk: int) -> Incident:
    return get_object_or_404(Incident.objects.at_estate(reach.estate), pk=pk)


def _page(request: HttpRequest, row: Incident) -> dict[str, Any]:
    reach = request.reach
    found = list(_carried(reach, row.opened_at).filter(incident=row).select_related(*workbench.LINKS).order_by("reported_at")[: CARRIED + 1])
    workbench.with_workers(found)
    told = Event.objects.about(row)
    return {
        "incident": row, "lines": lines(found[:CARRIED], reach), "full": len(found) > CARRIED, "number": len(found[:CARRIED]),
        "lead": next((ticket for ticket in found if ticket.pk == row.lead), None), "now_open": sum(ticket.closed_at is None for ticket in found),
        "opener": Person.objects.filter(pk=row.opened_by_id).first(),
        "events": [{"at": event.at, "sentence": event.sentence} for event in told],
        "notice_form": WordsForm(row=row, reach=reach, prefix="notice"), "closure_form": WordsForm(row=row, reach=reach, prefix="closure"),
        "minutes": int(((row.closed_at or clock.now()) - row.opened_at).total_seconds() // 60), "search_url": _list(request),
    }  # fmt: skip


def _list(request: HttpRequest) -> str:
    return reverse("tickets:list", args=[request.estate.code])

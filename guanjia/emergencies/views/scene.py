"""The scene: tasks with their clocks, the log, the residents, the stand-down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.estates.models import Building, Zone
from guanjia.tenancy.reading import row_id
from guanjia.web.acting import act
from guanjia.web.guard import needs
from guanjia.web.keepable import keepable

from ..book import emergency_book
from ..contacts import tree
from ..forms import colleagues
from ..models import Emergency, Order
from .common import found, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

TONES = {
    "start": ("bad", "siren"), "task": ("good", "check"), "note": ("mute", "message-square"), "notice": ("info", "megaphone"), "end": ("good", "circle-check"), "after": ("mute", "dot"),
}  # fmt: skip


@needs()
def scene(request: HttpRequest, pk: int) -> HttpResponse:
    row, reach = found(request, pk), request.reach
    page = {"emergency": row, **_live(request, row)}
    if request.GET.get("part") == "live":
        return render(request, "emergencies/parts/live.html", page)
    entry = row.entry
    page |= {
        "phrases": [_(phrase) for phrase in entry.phrases] if entry else [], "notice": _(entry.notice) if entry else "", "commands": reach.may("emergency.command"),
        "calls": [(emergency_book().numbers[call].number, _(emergency_book().numbers[call].title)) for call in entry.calls] if entry else [],
        "notices": row.notices.order_by("-at"), "colleagues": colleagues(request.estate) if reach.may("emergency.command") else [],
        "buildings": Building.objects.at_estate(request.estate).order_by("order", "number"), "zones": Zone.objects.at_estate(request.estate),
        "tree": tree(request.estate) if row.stage == "live" else [],
    }  # fmt: skip
    return keepable(render(request, "emergencies/scene.html", page), reach)


def _live(request: Any, row: Emergency) -> dict[str, Any]:
    """What changes while it runs: tasks and log."""
    names = row.names()
    orders = list(row.orders.select_related("done_by", "taken_by").order_by("due_at", "pk"))
    for order in orders:
        order.who = "、".join(names.get(person, "") for person in order.people)
        order.mine, order.may = request.reach.person_id in order.people, order.may_act(request.reach)
        order.shown_due = None if order.dropped_at else order.due_at
    orders.sort(key=lambda order: (not order.is_open, not order.mine))
    entries = list(row.entries.order_by("-at", "-pk")[:200])
    for entry in entries:
        entry.tone, entry.icon = TONES[entry.kind]
        entry.shots = [{"url": reverse("emergencies:entry_photo", args=[request.estate.code, entry.pk])}] if entry.photo else []
    return {"orders": orders, "entries": entries, "open": sum(order.is_open for order in orders)}


@require_POST
@needs()
def log(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    words = " ".join(filter(None, [request.POST.get("phrase", ""), request.POST.get("words", "")]))
    act(request, lambda: row.log(words, by=request.reach, photos=request.FILES.getlist("photos")), _("已记录。"))
    return to(request, "scene", row.pk)


@require_POST
@needs("emergency.command")
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    everybody = request.POST.get("reach") == "all"
    buildings = [] if everybody else _known(Building, request, "buildings")
    zones = [] if everybody else _known(Zone, request, "zones")
    if not everybody and not buildings and not zones and row.building_id:
        buildings = [row.building_id]
    if everybody or zones or buildings:
        act(request, lambda: row.tell_area(request.POST.get("words", ""), by=request.reach, zones=zones, buildings=buildings), _("已通知住户。"))
    else:  # nothing chosen is not everybody
        messages.warning(request, _("请选在哪里。"))
    return to(request, "scene", row.pk)


def _known(model: Any, request: Any, name: str) -> list[int]:
    keys = [key for raw in request.POST.getlist(name) if (key := row_id(raw)) is not None]
    return list(model.objects.at_estate(request.estate).filter(pk__in=keys).values_list("pk", flat=True))


@require_POST
@needs("emergency.command")
def stand_down(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    false_alarm = bool(request.POST.get("false_alarm"))
    act(request, lambda: row.stand_down(request.POST.get("words", ""), by=request.reach, false_alarm=false_alarm), _("已解除。"))
    return to(request, "scene", row.pk)


def _order(request: Any, pk: int) -> Order:
    row: Order = get_object_or_404(Order.objects.at_estate(request.estate).select_related("emergency__building", "emergency__unit"), pk=pk)
    return row


@require_POST
@needs()
def taking(request: HttpRequest, pk: int) -> HttpResponse:
    row = _order(request, pk)
    act(request, lambda: row.take(by=request.reach), _("已收到。"))
    return to(request, "scene", row.emergency_id)


@require_POST
@needs()
def completion(request: HttpRequest, pk: int) -> HttpResponse:
    row = _order(request, pk)
    photo = next(iter(request.FILES.getlist("photos")), None)
    act(request, lambda: row.finish(request.POST.get("words", ""), by=request.reach, photo=photo), _("已完成。"))
    return to(request, "scene", row.emergency_id)


@require_POST
@needs("emergency.command")
def sending(request: HttpRequest, pk: int) -> HttpResponse:
    """One more person for a task."""
    row = _order(request, pk)
    person = get_object_or_404(colleagues(request.estate), pk=row_id(request.POST.get("person")) or 0)
    act(request, lambda: row.give(person, by=request.reach), _("已加派。"))
    return to(request, "scene", row.emergency_id)

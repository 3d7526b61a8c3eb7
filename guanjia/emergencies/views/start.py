"""The board, the one-tap start, and what a resident reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.reading import row_id
from guanjia.web.guard import needs
from guanjia.web.keepable import keepable

from .. import drilling
from ..audience import is_for
from ..book import emergency_book
from ..forms import StartForm
from ..models import Emergency, Hazard, Order, Plan, PlanReading
from .common import found, tabs, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs()
def board(request: HttpRequest) -> HttpResponse:
    """What runs now with the reader's own tasks, what waits afterwards, and the big button."""
    reach: Any = request.reach
    rows = list(Emergency.objects.visible_to(reach).exclude(stage="archived").select_related("building", "unit", "started_by").order_by("-started_at"))
    mine: dict[int, Order] = {}
    for order in Order.objects.at_estate(reach.estate).open().given_to(reach.person_id).filter(emergency__stage="live").order_by("due_at"):
        mine.setdefault(order.emergency_id, order)
    for row in rows:
        row.mine = mine.get(row.pk)
    plans = Plan.objects.newest(reach.estate)
    read = set(PlanReading.objects.at_estate(reach.estate).filter(person_id=reach.person_id).values_list("plan_id", flat=True))
    page = {
        "tabs": tabs(request, "board"), "live": [row for row in rows if row.stage == "live"], "down": [row for row in rows if row.stage == "down"],
        "kinds": kinds(), "unread": [row for row in plans.values() if row.pk not in read], "hazards": Hazard.objects.visible_to(reach).open().count(),
    }  # fmt: skip
    return keepable(render(request, "emergencies/board.html", page), reach)


def kinds() -> list[dict[str, Any]]:
    return [{"key": key, "title": _(entry.title), "icon": entry.icon} for key, entry in emergency_book().kinds.items()]


@needs()
def start(request: HttpRequest) -> HttpResponse:
    """Which kind, then where: the second page asks once more before anybody is woken. `?drill=1` is a drill."""
    reach: Any = request.reach
    drill = bool(request.POST.get("drill") or request.GET.get("drill"))
    kind = request.POST.get("kind") or request.GET.get("kind") or ""
    entry = emergency_book().kinds.get(kind)
    if drill and not reach.may("emergency.command"):
        raise Http404
    wanted = row_id(request.POST.get("task") or request.GET.get("task"))
    task = drilling.asked_for(reach).filter(pk=wanted).first() if drill and wanted else None
    form = StartForm(request.POST or None, estate=reach.estate)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            row = Emergency.objects.start(kind, by=reach, drill=drill, task=task, **form.cleaned_data)
        except NotAllowed as refused:
            raise Http404 from refused
        except Refused as refused:
            form.add_error(None, str(refused))
            status = 409
        else:
            messages.success(request, _("已启动，任务已发给当班人员。"))
            return to(request, "scene", row.pk)
    elif request.method == "POST":
        status = 422
    calls = [emergency_book().numbers[call] for call in entry.calls] if entry else []
    page = {
        "kind": kind if entry else "", "title": _(entry.title) if entry else "", "icon": entry.icon if entry else "", "kinds": kinds(), "form": form, "drill": drill, "task": task,
        "tasks": [{"title": _(task.title), "minutes": task.minutes} for task in entry.tasks] if entry else [],
        "calls": [(number.number, _(number.title)) for number in calls],
    }  # fmt: skip
    return render(request, "emergencies/start.html", page, status=status)


@needs(staff=False, resident=True)
def mine(request: HttpRequest, pk: int) -> HttpResponse:
    """What a resident was told of it, newest first."""
    row = found(request, pk)
    notices = row.notices.filter(is_for(request.reach)).order_by("-at")
    return render(request, "emergencies/mine.html", {"emergency": row, "notices": notices})

"""The register of what happened (F-87), and the drills with what asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import FileResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.duties.models import Duty
from guanjia.rulebooks.saying import cadence_words
from guanjia.web.guard import needs

from .. import drilling, exporting
from ..book import emergency_book
from ..models import Emergency
from .common import tabs

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

SHOWN, TO_COME = 200, 6


@needs()
def register(request: HttpRequest) -> HttpResponseBase:
    """Everything that was no drill, newest first; `?xlsx=1` is the workbook."""
    rows = Emergency.objects.visible_to(request.reach).filter(drill=False)
    kind = request.GET.get("kind", "")
    if kind in emergency_book().kinds:
        rows = rows.filter(kind=kind)
    if request.GET.get("xlsx"):
        name = _("突发事件登记 %(day)s.xlsx") % {"day": f"{clock.today(request.estate):%F}"}
        return FileResponse(exporting.register(request.estate, rows), as_attachment=True, filename=name)
    page = {
        "tabs": tabs(request, "register"), "rows": exporting.counted(rows).order_by("-started_at")[:SHOWN], "kind": kind,
        "kinds": [(key, _(entry.title)) for key, entry in emergency_book().kinds.items()],
    }  # fmt: skip
    return render(request, "emergencies/register.html", page)


@needs()
def drills(request: HttpRequest) -> HttpResponse:
    rows = Emergency.objects.visible_to(request.reach).filter(drill=True)
    now, named = clock.now(), emergency_book().drills
    tasks: list[Any] = list(drilling.asked_for(request.reach)[:TO_COME])
    can_start = set(drilling.startable(request.reach, now).filter(pk__in=[task.pk for task in tasks]).values_list("pk", flat=True))
    running = set(rows.filter(task__in=[task.pk for task in tasks], false_alarm=False).values_list("task_id", flat=True))
    for task in tasks:
        task.startable, task.drill = task.pk in can_start, task.pk in running
    duties = Duty.objects.at_estate(request.estate).filter(Q(key__in=named) | Q(form=drilling.FORM), ended_at__isnull=True)
    page: dict[str, Any] = {
        "tabs": tabs(request, "drills"), "rows": exporting.counted(rows).select_related("task__duty").order_by("-started_at")[:SHOWN], "commands": request.reach.may("emergency.command"),
        "tasks": tasks, "now": now, "duties": [{"title": duty.title, "cadence": cadence_words(duty.cadence)} for duty in duties],
    }  # fmt: skip
    return render(request, "emergencies/drills.html", page)

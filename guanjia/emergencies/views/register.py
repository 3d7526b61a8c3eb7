"""The register of what happened (F-87), and the drills with what asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.duties.models import Duty, Task
from guanjia.web.guard import needs

from .. import exporting
from ..book import emergency_book
from ..models import Emergency
from .common import tabs

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

SHOWN = 200


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
    named = emergency_book().drills
    tasks = Task.objects.at_estate(request.estate).filter(duty__key__in=named).open().filter(missed_at__isnull=True)
    page: dict[str, Any] = {
        "tabs": tabs(request, "drills"), "rows": exporting.counted(rows).order_by("-started_at")[:SHOWN], "commands": request.reach.may("emergency.command"),
        "tasks": tasks.select_related("duty", "person").order_by("due_at")[:6], "duties": Duty.objects.at_estate(request.estate).filter(key__in=named),
    }  # fmt: skip
    return render(request, "emergencies/drills.html", page)

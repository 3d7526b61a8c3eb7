"""隐患: the open ones by due day, one with its measure, cleared (F-89)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.tenancy.reading import row_id
from guanjia.web.acting import act, carry_out
from guanjia.web.guard import needs

from .. import exporting
from ..book import emergency_book
from ..forms import HazardForm, colleagues
from ..models import Hazard
from .common import tabs, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

SHOWN = 200


@needs()
def hazards(request: HttpRequest) -> HttpResponseBase:
    """`?show=cleared` the others, `?xlsx=1` all of them as a workbook."""
    cleared, severity = request.GET.get("show") == "cleared", request.GET.get("severity", "")
    every = Hazard.objects.visible_to(request.reach)
    if request.GET.get("xlsx"):
        name = _("隐患登记 %(day)s.xlsx") % {"day": f"{clock.today(request.estate):%F}"}
        return FileResponse(exporting.hazards(request.estate, every), as_attachment=True, filename=name)
    rows = every.filter(cleared_at__isnull=not cleared).select_related("building", "responsible", "found_by").order_by("-cleared_at" if cleared else "due_at")
    if severity in emergency_book().severity:
        rows = rows.filter(severity=severity)
    page = {
        "tabs": tabs(request, "hazards"), "rows": rows[:SHOWN], "cleared": cleared, "severity": severity, "clears": request.reach.may("hazard.clear"),
        "severities": [(key, _(entry.title)) for key, entry in emergency_book().severity.items()],
    }  # fmt: skip
    return render(request, "emergencies/hazards.html", page)


@needs()
def new(request: HttpRequest) -> HttpResponse:
    form = HazardForm(request.POST or None, estate=request.estate)
    status = 200
    if request.method == "POST":
        photo = next(iter(request.FILES.getlist("photos")), None)
        done = carry_out(
            request, form, lambda said: Hazard.objects.find(by=request.reach, photo=photo, **said), _("已登记隐患。"),
            lambda made: reverse("emergencies:hazard", args=[request.estate.code, made.pk]),
        )  # fmt: skip
        if not isinstance(done, int):
            return done
        status = done
    return render(request, "emergencies/hazard_new.html", {"form": form}, status=status)


def one(request: Any, pk: int) -> Hazard:
    rows = Hazard.objects.visible_to(request.reach).select_related("building", "responsible", "found_by", "cleared_by")
    row: Hazard = get_object_or_404(rows, pk=pk)
    return row


@needs()
def hazard(request: HttpRequest, pk: int) -> HttpResponse:
    row, reach = one(request, pk), request.reach
    page = {
        "hazard": row, "clears": reach.may("hazard.clear"), "may_clear": reach.may("hazard.clear") or row.responsible_id == reach.person_id,
        "people": colleagues(request.estate) if reach.may("hazard.clear") and not row.cleared_at else [],
    }  # fmt: skip
    return render(request, "emergencies/hazard.html", page)


@require_POST
@needs("hazard.clear")
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    row = one(request, pk)
    person = colleagues(request.estate).filter(pk=row_id(request.POST.get("person")) or 0).first()
    act(request, lambda: row.plan(request.POST.get("measure", ""), person, by=request.reach), _("已定措施和责任人。"))
    return to(request, "hazard", row.pk)


@require_POST
@needs()
def clearance(request: HttpRequest, pk: int) -> HttpResponse:
    row = one(request, pk)
    photo = next(iter(request.FILES.getlist("photos")), None)
    act(request, lambda: row.clear(request.POST.get("words", ""), by=request.reach, photo=photo), _("已登记消除。"))
    return to(request, "hazard", row.pk)

"""入伙与迁出 at the desk: the day's appointments, one handover with all its steps, the weekly count."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import FileResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.gate.models import Card
from guanjia.gate.views.common import filled_in
from guanjia.keys.views.common import pdf
from guanjia.tenancy.workbooks import book_of
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..book import moves_book, step_title
from ..counting import pass_on, task_of, weeks, zones_of
from ..forms import DeskBookForm
from ..models import Handover, Move
from ..paper import handover_pdf
from .common import about, day_of, handover_of, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 200


@needs("move.take")
def handovers(request: HttpRequest) -> HttpResponse:
    """What is under way, or found by room, name or number; `?day=` that day's hours with what is free."""
    day, q, show = day_of(request), request.GET.get("q", "").strip()[:40], request.GET.get("show", "")
    rows = Handover.objects.visible_to(request.reach).select_related("unit", "household")
    if q:
        rows = rows.filter(Q(unit__code__icontains=q) | Q(household__name__icontains=q))
    elif show == "over":
        rows = rows.exclude(stage="booked")
    elif show == "day":
        rows = rows.filter(day=day).exclude(stage="cancelled")
    else:
        rows = rows.open()
    order = ("-done_at", "-day") if show == "over" else ("day", "hour", "desk")
    page = {
        "rows": rows.order_by(*order)[:SHOWN], "q": q, "show": show, "day": day, "before": day - timedelta(days=1), "after": day + timedelta(days=1),
        "free": Handover.objects.free(request.estate, day, clock.now()).items(),
    }  # fmt: skip
    return render(request, "moves/handovers.html", page)


@needs("move.take")
def booking(request: HttpRequest) -> HttpResponse:
    form = DeskBookForm(request.POST or None, reach=request.reach)

    def book(said: dict[str, Any]) -> Handover:
        household = form.of(said, request.reach)
        return Handover.objects.book(said.pop("room"), household, said.pop("direction"), said.pop("day"), said.pop("hour"), by=request.reach, **said)

    return filled_in(request, form, "moves/booking.html", book, _("已预约。"), lambda made: to(request, "handover", made.pk))


@needs("move.take")
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    row = handover_of(request, pk)
    read = {reading.meter_id: reading for reading in row.readings.all()}
    page = {
        **about(row), "meters": [(meter, read.get(meter.pk)) for meter in row.meters()], "ring": row.ring(), "owed": row.owing() if "bills" in row.steps else 0,
        "cards": Card.objects.at_estate(request.estate).filter(household=row.household_id, unit=row.unit_id).order_by("-issued_at"),
        "waivable": [(step, step_title(step)) for step in row.left() if step in moves_book().waivable],
        "goods": Move.objects.at_estate(request.estate).live().filter(unit=row.unit_id, household=row.household_id).order_by("-day")[:5],
    }  # fmt: skip
    return render(request, "moves/handover.html", page)


@needs("move.take", resident=True)
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    row = handover_of(request, pk)
    return pdf(handover_pdf(row), f"handover-{row.number}")


@needs("move.take")
def statistics(request: HttpRequest) -> Any:
    """MOV-02: by week and zone; `?xlsx=1` is the file."""
    rows = weeks(request.estate, clock.today(request.estate), zones=zones_of(request.reach))
    if request.GET.get("xlsx"):
        heads, lines = [_("周一"), _("片区"), _("入伙"), _("迁出")], [[f"{row.monday}", row.zone, row.came, row.went] for row in rows]
        name = _("入住统计 %(day)s.xlsx") % {"day": f"{clock.today(request.estate):%F}"}
        return FileResponse(book_of([(_("入住统计"), heads, lines)]), as_attachment=True, filename=name)
    return render(request, "moves/statistics.html", {"rows": rows, "task": task_of(request.reach, clock.now())})


@require_POST
@needs("move.take")
def passing_on(request: HttpRequest) -> HttpResponse:
    act(request, lambda: pass_on(request.POST.get("words", ""), by=request.reach), _("已上报，主管和项目经理会收到。"))
    return to(request, "statistics")

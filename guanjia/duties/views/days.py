"""天气与节点, 排班: what the days are like and who works on them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.people.models import Person
from guanjia.rulebooks.shifts import shifts_book
from guanjia.tenancy.errors import Refused
from guanjia.web.guard import needs

from ..covering import plan_absence
from ..forms import AbsenceForm, OccasionForm, PastedForm, colleagues
from ..models import Absence, Duty, Occasion, Roster
from ..rostering import keep_roster, read_pasted
from ..triggers import TRIGGERS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs("duty.read", "occasion.declare")
def occasions(request: HttpRequest) -> HttpResponse:
    """What is under way and was; declaring one."""
    form = OccasionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            Occasion.objects.declare(request.estate, form.cleaned_data["kind"], form.cleaned_data["words"], by=request.reach)
            messages.success(request, _("已登记，相关岗位会收到消息。"))
            return redirect("duties:occasions", request.estate.code)
        except Refused as refused:
            form.add_error(None, str(refused))
    rows = list(Occasion.objects.at_estate(request.estate).order_by("-began_at")[:60])
    people = Person.objects.in_bulk([row.declared_by_id for row in rows if row.declared_by_id])
    page = {
        "form": form, "may": request.reach.may("occasion.declare"), "under_way": [row for row in rows if not row.ended_at],
        "past": [row for row in rows if row.ended_at], "people": people, "started": _started(request),
    }  # fmt: skip
    return render(request, "duties/occasions.html", page, status=422 if form.errors else 200)


def _started(request: Any) -> list[tuple[str, str]]:
    """(what happens, what is then done) for every duty in force that an event starts."""
    rows = Duty.objects.at_estate(request.estate).filter(ended_at__isnull=True, cadence__contains="EVENT:")
    from ..cadence import parse

    return [(_(TRIGGERS[name].title), row.title) for row in rows for name in parse(row.cadence).triggers if name in TRIGGERS]


@require_POST
@needs("occasion.declare")
def occasion_end(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Occasion.objects.at_estate(request.estate), pk=pk)
    try:
        row.end(by=request.reach)
        messages.success(request, _("已结束，事后要做的检查正在生成。"))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("duties:occasions", request.estate.code)


def _monday(request: Any) -> date:
    today = clock.today(request.estate)
    try:
        asked = date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        asked = today
    if abs(asked - today) > timedelta(days=400):
        asked = today
    return asked - timedelta(days=asked.weekday())


@needs("duty.roster")
def roster(request: HttpRequest) -> HttpResponse:
    """A week: everybody × seven days. POST keeps the grid, or what was pasted."""
    monday, people = _monday(request), list(colleagues(request.estate))
    pasted = PastedForm(request.POST if "table" in request.POST else None)
    if request.method == "POST" and _kept(request, monday, people, pasted):
        return redirect(f"{request.path}?week={monday}")
    days = [monday + timedelta(days=n) for n in range(7)]
    known = {(row.person_id, row.day): row.shift for row in Roster.objects.at_estate(request.estate).filter(day__in=days)}
    shifts = [(key, _(entry.title)) for key, entry in shifts_book().shifts.items()]
    grid = [
        (person, [(day, f"s-{person.pk}-{day}", known.get((person.pk, day), "")) for day in days]) for person in people
    ]  # fmt: skip
    page = {
        "monday": monday, "days": days, "grid": grid, "shifts": shifts, "pasted": pasted, "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7), "leave": AbsenceForm(estate=request.estate), "absences": _absences(request),
    }  # fmt: skip
    return render(request, "duties/roster.html", page, status=422 if pasted.errors else 200)


def _kept(request: Any, monday: date, people: list[Person], pasted: PastedForm) -> bool:
    days = [monday + timedelta(days=n) for n in range(7)]
    if pasted.is_bound:
        if not pasted.is_valid():
            return False
        cells, wrong = read_pasted(request.estate, monday, pasted.cleaned_data["table"], {person.name: person.pk for person in people})
        if wrong:
            pasted.add_error("table", _("这些行读不懂：%(lines)s") % {"lines": " / ".join(wrong[:5])})
            return False
    else:
        cells = [(person.pk, day, said) for person in people for day in days if (said := request.POST.get(f"s-{person.pk}-{day}")) is not None]
    try:
        count = keep_roster(request.estate, cells, by=request.reach)
    except Refused as refused:
        messages.error(request, str(refused))
        return True
    messages.success(request, _("已排班 %(n)s 处。") % {"n": count})
    return True


def _absences(request: Any) -> list[Any]:
    rows = list(Absence.objects.at_estate(request.estate).filter(ended_at__isnull=True).order_by("during"))
    people = Person.objects.in_bulk({row.person_id for row in rows} | {row.cover_id for row in rows if row.cover_id})
    return [{"row": row, "person": people.get(row.person_id), "cover": people.get(row.cover_id)} for row in rows]


@require_POST
@needs("duty.roster")
def absence(request: HttpRequest) -> HttpResponse:
    """Leave, with who stands in."""
    form = AbsenceForm(request.POST, estate=request.estate)
    if form.is_valid():
        said = form.cleaned_data
        until = said["last"] + timedelta(days=1) if said["last"] else None
        try:
            plan_absence(said["person"], request.estate, said["first"], until, said["cover"], by=request.reach, why=said["why"])
            messages.success(request, _("已登记请假，工作到时转给代班人。"))
        except Refused as refused:
            messages.error(request, str(refused))
    else:
        messages.error(request, _("请选择请假的人和日期。"))
    return redirect("duties:roster", request.estate.code)


@require_POST
@needs("duty.roster")
def absence_end(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Absence.objects.at_estate(request.estate), pk=pk)
    try:
        row.come_back(by=request.reach)
        messages.success(request, _("已销假，没做完的工作转回。"))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("duties:roster", request.estate.code)

"""社区活动 at the desk: what duties ask for, what is planned, one activity with what may be done with it now, its papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import segno
from django.db.models import Count, Q
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.models import Event
from guanjia.keys.views.common import pdf
from guanjia.people.models import Person
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.reading import row_id
from guanjia.web.guard import needs

from ..book import activities_book, kind_of_duty
from ..exporting import guests, register
from ..finding import rooms_of
from ..forms import ActivityForm, first_values, values_of
from ..fulfilling import due
from ..models import Activity
from ..models.activity import PLANNING, State
from ..paper import file_pdf, list_pdf, plan_pdf
from ..story import TONES
from .common import about, found, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from ..models import SignUp

SHOWN = 100
EITHER = ("activity.manage", "activity.judge")


@needs(*EITHER)
def activities(request: HttpRequest) -> HttpResponseBase:
    """What duties ask for, what is planned or under way; `?show=over` what was; `?xlsx=1` the register."""
    over, now, reach = request.GET.get("show") == "over", clock.now(), request.reach
    rows = Activity.objects.visible_to(reach).select_related("zone")
    gone = Q(state__in=(State.ARCHIVED, State.CALLED_OFF))
    rows = rows.filter(gone).order_by("-begins_at") if over else rows.exclude(gone).order_by("begins_at")
    if request.GET.get("xlsx"):
        name = _("社区活动 %(day)s.xlsx") % {"day": f"{clock.today(request.estate):%F}"}
        return FileResponse(register(request.estate, Activity.objects.visible_to(reach).select_related("zone")), as_attachment=True, filename=name)
    here = Q(signups__left_at__isnull=True)
    rows = rows.annotate(joined=Count("signups", filter=here & Q(signups__waiting=False)), came_n=Count("signups", filter=here & Q(signups__came_at__isnull=False)))
    manages = reach.may("activity.manage")
    page = {
        "rows": [(row, TONES[row.state], row.may_be_judged_by(reach)) for row in rows[:SHOWN]],
        "over": over, "kinds": activities_book().kinds, "may_manage": manages, "due": [(task, kind_of_duty(task.key)) for task in due(reach, now)[:12]] if manages and not over else [],
    }  # fmt: skip
    return render(request, "activities/list.html", page)


@needs("activity.manage")
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """`?task=` answers a duty's task."""
    if kind not in activities_book().kinds:
        raise Http404
    task = due(request.reach, clock.now()).filter(pk=row_id(request.GET.get("task")) or 0).first()
    form = ActivityForm(request.POST or None, kind=kind, reach=request.reach, initial=first_values(kind, request.reach, task))
    return _written(request, form, lambda: Activity.objects.plan(kind, by=request.reach, task=task, **form.said()), {"entry": activities_book().kinds[kind], "task": task})


@needs("activity.manage")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    form = ActivityForm(request.POST or None, kind=row.kind, reach=request.reach, initial=values_of(row))

    def revise() -> Activity:
        row.revise(by=request.reach, **form.said())
        return row

    return _written(request, form, revise, {"entry": row.entry, "task": row.task, "row": row})


def _written(request: HttpRequest, form: ActivityForm, act: Any, page: dict[str, Any]) -> HttpResponse:
    """What is typed is kept when it is refused."""
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            row = act()
        except NotAllowed as refused:
            raise Http404 from refused
        except Refused as refused:
            form.add_error(None, str(refused))
            status = 409
        else:
            return to(request, "show", row.pk)
    return render(request, "activities/form.html", page | {"form": form}, status=status)


@needs(*EITHER)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    return shown(request, found(request, pk))


def shown(request: HttpRequest, row: Activity, status: int = 200, **more: Any) -> HttpResponse:
    reach, now = request.reach, clock.now()
    manages = reach.may("activity.manage")
    rows = list(row.signups.filter(left_at__isnull=True).select_related("household").order_by("waiting", "entered_at", "pk"))
    rooms = rooms_of(request.estate, {one.household_id for one in rows})
    least, most = row.entry.bounds(request.estate, now)
    named = {pk for pk in (row.writer_id, row.judge_id, row.held_by_id) if pk}
    page = {
        **about(request, row), "guests": [(one, rooms.get(one.household_id, "")) for one in rows if not one.waiting], "line": [(one, rooms.get(one.household_id, "")) for one in rows if one.waiting],
        "came": sum(one.came_at is not None for one in rows), "moods": _mean(rows), "people": Person.objects.in_bulk(named), "begun": now >= row.begins_at,
        "may_manage": manages, "may_send": manages and row.state in ("draft", "returned"), "planning": row.state in PLANNING,
        "may_judge": row.may_be_judged_by(reach),
        "lacking": row.lacking() if row.state == "held" else [], "least": least, "most": most,
        "events": [{"at": event.at, "sentence": event.sentence} for event in Event.objects.about(row)], **more,
    }  # fmt: skip
    return render(request, "activities/show.html", page, status=status)


def _mean(rows: list[SignUp]) -> tuple[float, int] | None:
    marks = [one.mood for one in rows if one.mood]
    return (round(sum(marks) / len(marks), 1), len(marks)) if marks else None


@needs("activity.manage")
def door(request: HttpRequest, pk: int) -> HttpResponse:
    """The code to hang up at the door."""
    row = found(request, pk)
    if row.state != "open":
        raise Http404
    link = request.build_absolute_uri(reverse("activities:scan", args=[request.estate.code, row.mark]))
    svg = segno.make(link, error="m").svg_inline(scale=6, border=2, svgclass="qr", lineclass="", title=_("签到码"))
    return render(request, "activities/door.html", {"row": row, "qr": mark_safe(svg)})


@needs(*EITHER)
def paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """plan: the scheme with its approval; list: to sign on; file: everything."""
    row = found(request, pk)
    made = {"plan": plan_pdf, "list": list_pdf, "file": file_pdf}.get(kind)
    if made is None:
        raise Http404
    return pdf(made(row), f"activity-{kind}-{row.pk}")


@needs(*EITHER)
def guest_list(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = found(request, pk)
    return FileResponse(guests(row), as_attachment=True, filename=_("%(title)s 名单.xlsx") % {"title": row.title})

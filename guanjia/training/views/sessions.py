"""培训: what is due, what is planned, one training with its list, record, effect and make-up."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import segno
from django.contrib import messages
from django.db.models import Count, Q
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.staffing.forms import colleagues
from guanjia.tenancy.reading import row_id
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..book import course_of, group_titles, title, training_book
from ..exporting import sessions_sheet
from ..forms import MakeUpForm, SessionForm
from ..fulfilling import due
from ..models import Session
from .common import render, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

SHOWN = 100


@needs("training.manage")
def sessions(request: HttpRequest) -> HttpResponseBase:
    """Duties that wait for a training, trainings by day, the form; `?task=` plans one for a duty's task."""
    now = clock.now()
    waiting = due(request.estate, now)
    task = waiting.filter(pk=row_id(request.GET.get("task")) or 0).first()
    course = course_of(task.key) if task else ""
    first = {"title": task.title, "course": course, "groups": training_book().courses[course].groups, "trainer": task.person_id} if task else {}
    form = SessionForm(
        request.POST if request.method == "POST" else None, estate=request.estate, year=clock.today(request.estate).year, initial=first
    )
    if form.is_bound and form.is_valid():
        if act(request, lambda: Session.objects.plan(**form.cleaned_data, task=task, by=request.reach), _("已安排，通知已发给参加的人。")):
            return to(request, "sessions")
    rows = Session.objects.at_estate(request.estate).select_related("trainer").order_by("-starts_at")
    rows = rows.annotate(
        asked=Count("attendees", filter=Q(attendees__expected=True)), came=Count("attendees", filter=Q(attendees__signed_at__isnull=False)),
        noted=Count("attendees", filter=Q(attendees__noted_at__isnull=False)),
    )  # fmt: skip
    if request.GET.get("xlsx"):
        name = _("培训记录 %(day)s.xlsx") % {"day": f"{clock.today(request.estate):%F}"}
        return FileResponse(sessions_sheet(request.estate, rows), as_attachment=True, filename=name)
    found = list(rows[:SHOWN])
    for row in found:
        row.audience, row.course_title = group_titles(row.groups), title("courses", row.course)
    page = {"rows": found, "due": waiting[:SHOWN], "form": form, "task": task, "now": now, "open_now": form.is_bound or task}
    return render(request, "training/sessions.html", page, status=422 if form.errors else 200)


def seen(request: HttpRequest, pk: int) -> Session:
    """A training within reach, or one whose code the reader holds."""
    rows = Session.objects.at_estate(request.estate).select_related("trainer", "task", "task__duty", "makes_up", "held_by", "evaluated_by", "estate")
    row = get_object_or_404(rows, pk=pk)
    code = (request.GET.get("code") or request.POST.get("code") or "").strip().upper()
    if code != row.code and not Session.objects.visible_to(request.reach).filter(pk=pk).exists():
        raise Http404
    return row


@needs()
def session(request: HttpRequest, pk: int) -> HttpResponse:
    row = seen(request, pk)
    return show(request, row)


def show(request: HttpRequest, row: Session, status: int = 200, **more: Any) -> HttpResponse:
    seats = list(row.attendees.select_related("person").order_by("person__name", "pk"))
    runs, mine = row.runs(request.reach), next((seat for seat in seats if seat.person_id == request.reach.person_id), None)
    on_it = {seat.person_id for seat in seats}
    page = {
        "row": row, "seats": seats if runs else [], "mine": mine, "runs": runs, "audience": group_titles(row.groups), "course": title("courses", row.course),
        "came": sum(seat.signed_at is not None for seat in seats), "asked": sum(seat.expected for seat in seats),
        "absent": [seat for seat in seats if seat.expected and not seat.signed_at], "noted": sum(seat.noted_at is not None for seat in seats),
        "materials": row.materials.filter(removed_at__isnull=True), "code": request.GET.get("code", ""), "now": clock.now(),
        "others": [one for one in colleagues(request.estate) if one.pk not in on_it] if runs and row.state == "open" else [],
        "wants_photo": row.task is not None and "photo" in row.task.duty.proof, "make_ups": row.make_ups.filter(called_off_at__isnull=True),
        "make_up": MakeUpForm(initial={"place": row.place}), "effects": range(5, 0, -1), **more,
    }  # fmt: skip
    if runs and row.state == "open":
        link = request.build_absolute_uri(reverse("training:session", args=[request.estate.code, row.pk]) + f"?code={row.code}")
        page["qr"] = mark_safe(segno.make(link, error="m").svg_inline(scale=4, border=2, svgclass="qr", lineclass="", title=_("签到码")))
    return render(request, "training/session.html", page, status=status)


@require_POST
@needs()
def holding(request: HttpRequest, pk: int) -> HttpResponse:
    """It took place; what was typed stays when it is refused."""
    row, said = seen(request, pk), request.POST.get("summary", "")
    try:
        score = Decimal(request.POST.get("score", "").strip()) if request.POST.get("score", "").strip() else None
    except InvalidOperation:
        score = Decimal(-1)
    if score is not None and not (score.is_finite() and 0 <= score <= 100):
        messages.warning(request, _("平均分在 0 和 100 之间。"))
        return show(request, row, 422, summary=said)
    photos = request.FILES.getlist("photos")
    if act(request, lambda: row.hold(said, by=request.reach, score=score, photos=photos), _("已结束，记录已归档。")):
        return to(request, "session", pk)
    return show(request, row, 409, summary=said)


@require_POST
@needs()
def effect(request: HttpRequest, pk: int) -> HttpResponse:
    row, mark = seen(request, pk), request.POST.get("effect", "")
    act(request, lambda: row.evaluate(int(mark) if mark in tuple("12345") else 0, request.POST.get("words", ""), by=request.reach), _("已评估。"))
    return to(request, "session", pk)


@require_POST
@needs()
def make_up(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = seen(request, pk), MakeUpForm(request.POST)
    if not form.is_valid():
        return show(request, row, 422, make_up=form, make_up_open=True)
    act(request, lambda: row.make_up(**form.cleaned_data, by=request.reach), _("已安排补训。"))
    return to(request, "session", pk)


@require_POST
@needs("training.manage")
def calling_off(request: HttpRequest, pk: int) -> HttpResponse:
    row = seen(request, pk)
    act(request, lambda: row.call_off(request.POST.get("why", ""), by=request.reach), _("已取消。"))
    return to(request, "session", pk)

"""任务: the list for who supervises, what the week brings, and the acts on a task."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.estates.models import Zone
from guanjia.people.roles import roles, title_of
from guanjia.tenancy.errors import Refused
from guanjia.web.guard import needs

from ..agenda import LINKS
from ..forms import HandOverForm, WhyForm
from ..lists import SHOWS, TaskQuery, state_of, week, workbook
from ..models import Duty, Task

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs("duty.read")
def tasks(request: HttpRequest) -> HttpResponse:
    """By role, zone, duty and state, in the order they fall due."""
    query = TaskQuery(request.reach, request.GET, clock.now())
    rows, following = query.page()
    page = {
        "query": query, "lines": [(row, *state_of(row, query.now)) for row in rows], "next": following,
        "shows": [(show, words) for show, words in zip(SHOWS, _shows(), strict=True)], **_choices(request, query),
    }  # fmt: skip
    return render(request, "duties/tasks.html", page)


def _shows() -> list[str]:
    return [_("进行中"), _("到时未做"), _("无人负责"), _("将要开始"), _("已完成"), _("不用做")]


def _choices(request: Any, query: Any) -> dict[str, Any]:
    """What may be picked: only what the estate has."""
    duties = Duty.objects.at_estate(request.estate).filter(ended_at__isnull=True).order_by("key")
    used = sorted({duty.role for duty in duties})
    return {
        "duties": sorted(((duty.key, duty.title) for duty in duties), key=lambda pair: pair[1]),
        "roles": [(role, title_of(role)) for role in used if role in roles()],
        "zones": Zone.objects.at_estate(request.estate),
    }


@needs("duty.read")
def export(request: HttpRequest) -> FileResponse:
    """The same rows as an Excel file."""
    file = workbook(TaskQuery(request.reach, request.GET, clock.now()))
    return FileResponse(file, as_attachment=True, filename=f"{_('任务')}.xlsx")


@needs("duty.read")
def coming(request: HttpRequest) -> HttpResponse:
    """What the rules in force bring in seven days."""
    today = clock.today(request.estate)
    asked = request.GET.get("from", "")
    try:
        first = type(today).fromisoformat(asked) if asked else today
    except ValueError:
        first = today
    if abs(first - today) > timedelta(days=366):
        first = today
    role = request.GET.get("role", "") if request.GET.get("role") in roles() else ""
    used = sorted(set(Duty.objects.at_estate(request.estate).filter(ended_at__isnull=True).values_list("role", flat=True)))
    page = {
        "days": week(request.reach, first, role), "first": first, "before": first - timedelta(days=7), "after": first + timedelta(days=7), "role": role,
        "roles": [(each, title_of(each)) for each in used if each in roles()],
    }  # fmt: skip
    return render(request, "duties/week.html", page)


ACTS: dict[str, Any] = {
    "waiver": (lambda: _("同意不做"), "duty.waive"),
    "handover": (lambda: _("转给同事"), ""),
}


@needs("duty.work")
def act(request: HttpRequest, pk: int, noun: str) -> HttpResponse:
    """…/tasks/7/waiver/, …/tasks/7/handover/: GET shows the form, POST calls the verb."""
    row = get_object_or_404(Task.objects.at_estate(request.estate).visible_to(request.reach).select_related(*LINKS), pk=pk)
    said = request.POST if request.method == "POST" else None
    form = HandOverForm(said, estate=request.estate) if noun == "handover" else WhyForm(said)
    label, _permission = ACTS["handover" if noun == "handover" else "waiver"]
    if said is not None and form.is_valid():
        try:
            if noun == "handover":
                row.hand_over(form.cleaned_data["to"], form.cleaned_data["why"], by=request.reach)
            else:
                row.waive(form.cleaned_data["why"], by=request.reach)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已记下。"))
            return redirect("duties:tasks", request.estate.code)
    return render(request, "duties/act.html", {"form": form, "task": row, "label": label()}, status=422 if form.errors else 200)


@require_POST
@needs("duty.work")
def taking(request: HttpRequest, pk: int) -> HttpResponse:
    """Do it oneself."""
    row = get_object_or_404(Task.objects.at_estate(request.estate).visible_to(request.reach).select_related(*LINKS), pk=pk)
    try:
        row.take(by=request.reach)
        messages.success(request, _("这项任务现在是您的。"))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("duties:task", request.estate.code, pk)

"""请假: asking, deciding, who is away and who stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.duties.models import Absence
from guanjia.people.models import Person
from guanjia.tenancy.reading import row_id
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..forms import LeaveForm, colleagues
from ..models import Leave
from .common import render, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 50


@needs()
def leave(request: HttpRequest) -> HttpResponse:
    """One's own requests and the form; for who draws up the roster also those that wait, and who is away."""
    reach, today = request.reach, clock.today(request.estate)
    form = LeaveForm(
        request.POST if request.method == "POST" else None,
        reach=reach,
        today=today,
        initial={"first": today, "last": today},
    )
    if form.is_bound and form.is_valid():
        if act(request, lambda: Leave.objects.ask(**form.cleaned_data, by=reach), _("已提交审批。")):
            return to(request, "leave")
    rows = Leave.objects.visible_to(reach).select_related("person", "cover", "decided_by", "absence__cover")
    away = Absence.objects.at_estate(request.estate).filter(ended_at__isnull=True).select_related("person", "cover")
    may_judge = reach.may("duty.roster")
    page = {
        "form": form,
        "mine": rows.filter(person_id=reach.person_id).order_by("-asked_at")[:SHOWN],
        "waiting": rows.waiting().exclude(person_id=reach.person_id).order_by("first") if may_judge else [],
        "decided": rows.filter(decided_at__isnull=False)
        .exclude(person_id=reach.person_id)
        .order_by("-decided_at")[:SHOWN]
        if may_judge
        else [],
        "away": away.order_by("during"),
        "may_judge": may_judge,
        "people": colleagues(request.estate),
        "today": today,
    }
    return render(request, "staffing/leave.html", page, status=422 if form.errors else 200)


@require_POST
@needs("duty.roster")
def verdict(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Leave.objects.visible_to(request.reach).select_related("person", "estate"), pk=pk)
    words, cover = request.POST.get("words", ""), row_id(request.POST.get("cover"))
    if request.POST.get("granted") == "yes":
        chosen: Person | None = colleagues(request.estate).filter(pk=cover).first() if cover else None
        act(request, lambda: row.grant(cover=chosen, words=words, by=request.reach), _("已同意。"))
    else:
        act(request, lambda: row.refuse(words, by=request.reach), _("已答复。"))
    return to(request, "leave")


@require_POST
@needs()
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Leave.objects.visible_to(request.reach).select_related("person", "estate"), pk=pk)
    act(request, lambda: row.withdraw(by=request.reach), _("已撤回。"))
    return to(request, "leave")


@require_POST
@needs()
def back(request: HttpRequest, pk: int) -> HttpResponse:
    """Back at work: whatever is still open returns."""
    row = get_object_or_404(Absence.objects.at_estate(request.estate), pk=pk)
    act(request, lambda: row.come_back(by=request.reach), _("已销假，没办完的工作转回本人。"))
    return to(request, "leave")

"""达标: who has what their posts ask for; the certified figure; the review before somebody begins (TRN-04, TRN-15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.staffing.forms import colleagues
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..book import choices, title, training_book
from ..exporting import profiles_sheet
from ..models import Attempt, Attendee, Certificate, Clearance
from ..models.clearance import was_trained
from ..profile import by_group, figure, profiles
from .common import render, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase


@needs("training.manage")
def people(request: HttpRequest) -> HttpResponseBase:
    """`?group=` narrows it to a post group; `?lacking=1` to who lacks something."""
    group, now = request.GET.get("group", ""), clock.now()
    rows = profiles(request.estate, now, role=group if group in training_book().groups else "")
    if request.GET.get("xlsx"):
        name = _("任职资格 %(day)s.xlsx") % {"day": f"{clock.today(request.estate):%F}"}
        return FileResponse(profiles_sheet(rows), as_attachment=True, filename=name)
    page = {
        "rows": [row for row in rows if row.lacking] if request.GET.get("lacking") else rows, "figure": figure(rows),
        "groups": [(title("groups", key), told) for key, told in by_group(rows).items()], "choices": choices("groups"), "group": group,
        "lacking": request.GET.get("lacking", ""), "waiting": _waiting(request),
    }  # fmt: skip
    return render(request, "training/team.html", page)


def _waiting(request: HttpRequest) -> list[tuple[str, str, list[object]]]:
    """Colleagues who were trained for a group that asks for a review, and were not reviewed: (group, title, people)."""
    found = []
    for key, entry in training_book().groups.items():
        if entry.cleared:
            done = Clearance.objects.at_estate(request.estate).filter(group=key).values("person_id")
            came = Attendee.objects.at_estate(request.estate).filter(signed_at__isnull=False, session__held_at__isnull=False, session__course__in=entry.courses)
            passed = Attempt.objects.at_estate(request.estate).filter(passed=True, exam__paper__in=entry.papers)
            ids = set(came.values_list("person_id", flat=True)) | set(passed.values_list("person_id", flat=True))
            found.append((key, title("groups", key), list(colleagues(request.estate).filter(pk__in=ids).exclude(pk__in=done))))
    return found


@needs("training.manage")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One colleague: what their posts ask for, trainings, exams, certificates; the review."""
    row = get_object_or_404(colleagues(request.estate), pk=pk)
    found = profiles(request.estate, clock.now(), people=[pk])
    today = clock.today(request.estate)
    cleared = {each.group: each for each in Clearance.objects.at_estate(request.estate).filter(person=row).select_related("by")}
    page = {
        "person": row, "profile": found[0] if found else None,
        "seats": Attendee.objects.at_estate(request.estate).filter(person=row, session__held_at__isnull=False).select_related("session").order_by("-session__starts_at")[:30],
        "attempts": Attempt.objects.at_estate(request.estate).filter(person=row).select_related("exam").order_by("-began_at")[:30],
        "certificates": [(each, each.days_left(today)) for each in Certificate.objects.visible_to(request.reach).filter(person=row).defer("number")],
        "reviews": [(key, title("groups", key), cleared.get(key), was_trained(request.estate, row, key)) for key, entry in training_book().groups.items() if entry.cleared],
    }  # fmt: skip
    return render(request, "training/person.html", page)


@require_POST
@needs("training.manage")
def review(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(colleagues(request.estate), pk=pk)
    said = (request.POST.get("group", ""), request.POST.get("words", ""))
    act(request, lambda: Clearance.objects.review(row, *said, by=request.reach), _("已审核，可以上岗。"))
    return to(request, "person", pk)

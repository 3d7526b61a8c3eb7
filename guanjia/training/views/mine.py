"""我的培训: what one is asked to, exams to sit, results, certificates, what one's posts ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guanjia import clock
from guanjia.web.guard import needs

from ..models import Attempt, Attendee, Certificate, Exam
from ..profile import profiles
from .common import render

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 30


@needs()
def mine(request: HttpRequest) -> HttpResponse:
    reach, now = request.reach, clock.now()
    seats = Attendee.objects.at_estate(request.estate).filter(person=reach.person_id).select_related("session", "session__trainer")
    coming = seats.filter(session__held_at__isnull=True, session__called_off_at__isnull=True)
    attempts = Attempt.objects.at_estate(request.estate).filter(person=reach.person_id).select_related("exam").order_by("-began_at")[:SHOWN]
    certificates = Certificate.objects.at_estate(request.estate).filter(person=reach.person_id, ended_at__isnull=True).defer("number")
    today = clock.today(request.estate)
    found = profiles(request.estate, now, people=[reach.person_id])
    passed = {row.exam_id for row in attempts if row.passed}
    page = {
        "coming": coming.order_by("session__starts_at")[:SHOWN],
        "to_note": seats.filter(session__held_at__isnull=False, signed_at__isnull=False, noted_at__isnull=True).order_by("-session__starts_at")[:SHOWN],
        "past": seats.filter(session__held_at__isnull=False).exclude(signed_at__isnull=False, noted_at__isnull=True).order_by("-session__starts_at")[:SHOWN],
        "exams": [exam for exam in Exam.objects.open_to(reach, now) if exam.pk not in passed],
        "attempts": attempts,
        "certificates": [(row, row.days_left(today)) for row in certificates],
        "profile": found[0] if found else None,
        "now": now,
    }
    return render(request, "training/mine.html", page)

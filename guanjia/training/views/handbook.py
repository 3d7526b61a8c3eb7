"""百问百答: the bank as a handbook, searched and filtered, on the phone (TRN-01)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render as rendered

from guanjia import clock
from guanjia.web.guard import needs

from ..audience import groups_of, is_for
from ..book import choices
from ..models import Attempt, Question
from .common import render

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 100


@needs()
def handbook(request: HttpRequest) -> HttpResponse:
    """Everybody's questions and those of one's posts. Closed while one sits an exam: nobody sees a key before the end."""
    now = clock.now()
    if Attempt.objects.at_estate(request.estate).filter(person=request.reach.person_id, ended_at__isnull=True, due_at__gt=now).exists():
        return render(request, "training/handbook.html", {"closed": True})
    words, topic = request.GET.get("q", "").replace("\x00", "")[:60].strip(), request.GET.get("topic", "")
    rows = Question.objects.at_estate(request.estate).handbook().found(words).order_by("topic", "code")
    if topic in dict(choices("topics")):
        rows = rows.filter(topic=topic)
    theirs = groups_of(request.estate, request.reach.person_id, clock.today(request.estate))
    found = [row for row in rows if request.reach.may("training.manage") or is_for(row.groups, theirs)][:SHOWN]
    page = {"rows": found, "q": words, "topic": topic, "topics": choices("topics"), "titles": dict(choices("topics"))}
    if request.htmx and not request.htmx.boosted:
        return rendered(request, "training/parts/handbook_rows.html", page)
    return render(request, "training/handbook.html", page)

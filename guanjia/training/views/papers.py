"""On the phone: an exam, its paper, answers saved one by one, the result. No key leaves before the paper is in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.tenancy.errors import Refused
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..audience import groups_of, is_for
from ..models import Attempt, Exam
from .common import render, to

if TYPE_CHECKING:
    from django.http import HttpRequest

FIELD = re.compile(r"q(\d{1,3})")


def said(request: HttpRequest) -> dict[int, list[str]]:
    """q1, q2, … of the form by place."""
    return {int(found[1]): request.POST.getlist(name) for name in request.POST if (found := FIELD.fullmatch(name))}


@needs()
def mine(request: HttpRequest, pk: int) -> HttpResponse:
    """What the exam asks for, one's attempts, the button."""
    now = clock.now()
    row = get_object_or_404(Exam.objects.at_estate(request.estate), pk=pk)
    attempts = list(Attempt.objects.at_estate(request.estate).filter(exam=row, person=request.reach.person_id).order_by("number"))
    if not attempts and not is_for(row.groups, groups_of(request.estate, request.reach.person_id, clock.today(request.estate))):
        raise Http404
    is_open = row.opens_at <= now < row.closes_at and not row.reported_at
    open_one = next((each for each in attempts if each.ended_at is None and each.due_at > now), None)
    done = any(each.passed for each in attempts) or len(attempts) >= row.attempts or any(each.ended_at and each.score is None for each in attempts)
    count = sum(part["count"] for part in row.parts)
    page = {"row": row, "attempts": attempts, "open_one": open_one, "may_begin": is_open and not done, "count": count, "left": row.attempts - len(attempts), "now": now}
    return render(request, "training/exam_mine.html", page)


@require_POST
@needs()
def sitting(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin, or go on with what was begun."""
    row = get_object_or_404(Exam.objects.at_estate(request.estate), pk=pk)
    made: list[Attempt] = []
    try:
        made.append(Attempt.objects.begin(row, by=request.reach))
    except Refused as refused:
        messages.warning(request, str(refused))
        return to(request, "exam_mine", pk)
    return to(request, "paper", made[0].pk)


def _attempt(request: HttpRequest, pk: int) -> Attempt:
    row: Attempt = get_object_or_404(Attempt.objects.visible_to(request.reach).select_related("exam", "person", "estate"), pk=pk)
    return row


@never_cache
@needs()
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper while it runs, to its writer alone; afterwards what was right, to the writer and who marks."""
    row, now = _attempt(request, pk), clock.now()
    if row.ended_at is None and row.due_at <= now:
        row.close(at=now)
        row.refresh_from_db()
    if row.ended_at is None and row.person_id != request.reach.person_id:
        raise Http404
    answers = list(row.answers.all())
    for answer in answers:
        answer.lines = [(place, words, isinstance(answer.given, list) and place in answer.given, place in answer.key) for place, words in enumerate(answer.shown)]
        if row.ended_at is None:
            answer.explained, answer.key = "", []
    over = bool(row.exam.reported_at) or row.exam.closes_at <= now  # colleagues may still sit it
    page = {
        "show_key": over or (row.person_id != request.reach.person_id), "row": row, "answers": answers, "saved": sum(answer.given is not None for answer in answers), "now": now,
        "mine": row.person_id == request.reach.person_id,
    }  # fmt: skip
    return render(request, "training/paper.html" if row.ended_at is None else "training/result.html", page)


@require_POST
@needs()
def answers(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was answered just now; 409 with the reason when it came too late."""
    row = _attempt(request, pk)
    try:
        row.answer(said(request), by=request.reach)
    except Refused as refused:
        return HttpResponse(str(refused), status=409, content_type="text/plain; charset=utf-8")
    saved, total = row.answers.filter(given__isnull=False).count(), row.answers.count()
    return HttpResponse(_("已存 %(n)s / %(m)s 题") % {"n": saved, "m": total}, content_type="text/plain; charset=utf-8")


@require_POST
@needs()
def giving(request: HttpRequest, pk: int) -> HttpResponse:
    row = _attempt(request, pk)
    act(request, lambda: row.give_in(said(request), by=request.reach), _("已交卷。"))
    return to(request, "paper", pk)

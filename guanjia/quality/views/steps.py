"""One deliverable of the campaign: what shows it, who answers for it, until when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.duties.views.tasks import shots
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.reading import row_id
from guanjia.training.models import Exam, Session
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..models import Step
from .common import count_of, day_of, people_of, person_of, render, titled, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LINKED = ("session", "exam")
MOST = 50


def _one(request: HttpRequest, pk: int) -> Step:
    found: Step = get_object_or_404(Step.objects.at_estate(request.estate).select_related("campaign", "responsible", "done_by"), pk=pk)
    if found.responsible_id != request.reach.person_id and not request.reach.may("quality.read"):
        raise Http404
    return found


@needs()
def step(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _one(request, pk))


def _page(request: HttpRequest, row: Step, error: str = "", status: int = 200) -> HttpResponse:
    evidence = list(row.evidence.order_by("pk").select_related("by", "session").prefetch_related("photos"))
    for one in evidence:
        urls = [reverse("quality:photo", args=[request.estate.code, photo.pk]) for photo in one.photos.all()]
        one.shown = [{"url": url, "thumb": url, "alt": one.title} for url in urls]
    mine = row.responsible_id == request.reach.person_id or request.reach.may("quality.plan")
    page = {
        "step": row, "campaign": row.campaign, "evidence": evidence, "mine": mine and not row.done_at and not row.campaign.ended_at, "error": error, "said": request.POST,
        "held": row.entry.shows == "minutes", "linked": row.entry.shows if row.entry.shows in LINKED else "", "choices": _choices(row) if mine else [],
        "may_train": request.reach.may("training.manage"), "people": titled(request.estate, people_of(request.estate)) if request.reach.may("quality.plan") else [],
    }  # fmt: skip
    return render(request, "quality/step.html", page, status=status)


def _choices(row: Step) -> list[tuple[int, str, Any]]:
    """Trainings that were held, or exams that were reported, in the campaign's year; newest first."""
    if row.entry.shows == "session":
        held = Session.objects.at_estate(row.estate_id).filter(held_at__isnull=False, starts_at__year=row.campaign.year).exclude(pk__in=row.evidence.values("session_id").filter(session__isnull=False))
        return list(held.order_by("-starts_at").values_list("pk", "title", "starts_at")[:MOST])
    if row.entry.shows == "exam":
        told = Exam.objects.at_estate(row.estate_id).filter(reported_at__isnull=False, opens_at__year=row.campaign.year).exclude(pk__in=row.evidence.values("exam_id").filter(exam__isnull=False))
        return list(told.order_by("-opens_at").values_list("pk", "title", "opens_at")[:MOST])
    return []


def _show_linked(row: Step, request: Any) -> None:
    pk = row_id(request.POST.get("linked"))
    if row.entry.shows == "session":
        row.show_training(get_object_or_404(Session.objects.at_estate(row.estate_id), pk=pk or 0), by=request.reach)
    else:
        row.show_exam(get_object_or_404(Exam.objects.at_estate(row.estate_id), pk=pk or 0), by=request.reach)


@require_POST
@needs()
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    row, post = _one(request, pk), request.POST
    try:
        if row.entry.shows in LINKED:
            _show_linked(row, request)
            return to(request, "step", pk)
        row.show(
            post.get("title", ""), post.get("words", ""), by=request.reach, held_on=day_of(post.get("held_on")), attended=count_of(post.get("attended")),
            notes=count_of(post.get("notes")), photos=shots(request.FILES),
        )  # fmt: skip
    except Refused as refused:
        return _page(request, row, str(refused), 422)
    return to(request, "step", pk)


@require_POST
@needs()
def delivery(request: HttpRequest, pk: int) -> HttpResponse:
    row = _one(request, pk)
    act(request, lambda: row.deliver(by=request.reach), _("已交。"))
    return to(request, "step", pk)


@require_POST
@needs("quality.plan")
def giving(request: HttpRequest, pk: int) -> HttpResponse:
    row, person = _one(request, pk), person_of(request)
    day = day_of(request.POST.get("due_on")) or row.due_on
    if person is not None:
        act(request, lambda: row.give(person, day, by=request.reach), _("已改。"))
    return to(request, "step", pk)

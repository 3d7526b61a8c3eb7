"""One deliverable of the campaign: what shows it, who answers for it, until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.duties.views.tasks import shots
from guanjia.tenancy.errors import Refused
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..models import Step
from .common import count_of, day_of, people_of, person_of, render, titled, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def _one(request: HttpRequest, pk: int) -> Step:
    found: Step = get_object_or_404(Step.objects.at_estate(request.estate).select_related("campaign", "responsible", "done_by"), pk=pk)
    if found.responsible_id != request.reach.person_id and not request.reach.may("quality.read"):
        raise Http404
    return found


@needs()
def step(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _one(request, pk))


def _page(request: HttpRequest, row: Step, error: str = "", status: int = 200) -> HttpResponse:
    evidence = list(row.evidence.order_by("pk").select_related("by").prefetch_related("photos"))
    for one in evidence:
        urls = [reverse("quality:photo", args=[request.estate.code, photo.pk]) for photo in one.photos.all()]
        one.shown = [{"url": url, "thumb": url, "alt": one.title} for url in urls]
    mine = row.responsible_id == request.reach.person_id or request.reach.may("quality.plan")
    page = {
        "step": row, "campaign": row.campaign, "evidence": evidence, "mine": mine and not row.done_at and not row.campaign.ended_at, "error": error, "said": request.POST,
        "held": row.entry.shows in ("session", "minutes"), "people": titled(request.estate, people_of(request.estate)) if request.reach.may("quality.plan") else [],
    }  # fmt: skip
    return render(request, "quality/step.html", page, status=status)


@require_POST
@needs()
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    row, post = _one(request, pk), request.POST
    try:
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

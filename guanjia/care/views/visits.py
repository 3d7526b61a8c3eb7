"""走访与承诺: what is planned, what was promised; a phone page (HSE-17, HSE-18)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from guanjia import clock
from guanjia.web.guard import needs

from ..models import Promise, Visit
from ..models.visit import ORDER

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 60


@needs("visit.make")
def visits(request: HttpRequest) -> HttpResponse:
    """One's own first; `?show=all` of the zones, `?show=made` what was done."""
    reach, show = request.reach, request.GET.get("show", "mine")
    planned = Visit.objects.visible_to(reach).open().select_related("household", "unit", "person")
    promises = Promise.objects.visible_to(reach).open().select_related("household", "follower").order_by("due_on", "pk")
    if show == "mine":
        planned, promises = planned.filter(person_id=reach.person_id), promises.filter(follower_id=reach.person_id)
    made = (
        Visit.objects.visible_to(reach)
        .exclude(outcome="")
        .select_related("household", "unit", "made_by")
        .order_by("-made_at")
        if show == "made"
        else Visit.objects.none()
    )
    page = {
        "planned": planned.order_by(*ORDER)[:SHOWN],
        "promises": promises[:SHOWN],
        "made": made[:SHOWN],
        "show": show,
        "today": clock.today(reach.estate),
    }
    return render(request, "care/visits.html", page)

"""业主大会 on the owner's phone: what is decided, one ballot for each of their units, what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.keys.views.common import pdf
from guanjia.tenancy.reading import row_id
from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..models import Assembly, Ballot, Choice
from ..paper import result_pdf
from .staff import TONES, about, found, said_of, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs(staff=False, resident=True)
def mine(request: HttpRequest) -> HttpResponse:
    rows = [(row, TONES[row.state]) for row in Assembly.objects.visible_to(request.reach).order_by("-begins_at")[:30]]
    return render(request, "assembly/mine.html", {"rows": rows, "now": clock.now()})


@needs(staff=False, resident=True)
def mine_show(request: HttpRequest, pk: int) -> HttpResponse:
    row, now = found(request, pk), clock.now()
    own = list(row.own_units(request.reach))
    given = {one.unit_id: one for one in Ballot.objects.at_estate(request.estate).filter(assembly=row, unit__in=[line.unit_id for line in own])}
    page = {
        **about(row), "own": [(line, given.get(line.unit_id)) for line in own], "may_vote": row.state == "open" and row.begins_at <= now < row.ends_at,
        "early": now < row.begins_at, "choices": Choice.Said.choices,
    }  # fmt: skip
    return render(request, "assembly/mine_show.html", page)


@require_POST
@needs(staff=False, resident=True)
def voting(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    line = get_object_or_404(row.own_units(request.reach), unit_id=row_id(request.POST.get("unit")) or 0)
    act(request, lambda: row.vote(line.unit, said_of(request, row), by=request.reach), _("已投票，谢谢。"))
    return to(request, "mine_show", pk)


@needs(staff=False, resident=True)
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Once they are signed."""
    row = get_object_or_404(Assembly.objects.visible_to(request.reach).filter(state="signed").select_related("estate__company"), pk=pk)
    return pdf(result_pdf(row), f"minutes-{row.pk}")

"""What residents read: bulletins that are out and for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render

from guanjia.web.guard import needs

from ..models import Bulletin, Opening

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 50


@needs(resident=True, staff=False)
def mine(request: HttpRequest) -> HttpResponse:
    rows = list(Bulletin.objects.visible_to(request.reach).order_by("-out_at")[:SHOWN])
    opened = set(Opening.objects.at_estate(request.estate).filter(person_id=request.reach.person_id, bulletin__in=rows).values_list("bulletin_id", flat=True))
    return render(request, "bulletins/mine.html", {"rows": [(row, row.pk not in opened) for row in rows]})


@needs(resident=True, staff=False)
def mine_show(request: HttpRequest, pk: int) -> HttpResponse:
    """Opening it is counted once; nobody reads who opened what."""
    row = get_object_or_404(Bulletin.objects.visible_to(request.reach), pk=pk)
    Opening.objects.note(row, by=request.reach)
    return render(request, "bulletins/mine_show.html", {"row": row})

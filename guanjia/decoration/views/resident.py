"""装修 on the resident's phone: apply, hand papers in, see it move, ask for acceptance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from guanjia.web.guard import needs

from ..forms import ApplyForm
from ..models import Permit
from .desk import about, applied, found

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs(staff=False, resident=True)
def mine(request: HttpRequest) -> HttpResponse:
    rows = Permit.objects.visible_to(request.reach).select_related("unit").order_by("-applied_at")
    return render(request, "decoration/mine.html", {"rows": rows[:50]})


@needs(staff=False, resident=True)
def apply(request: HttpRequest) -> HttpResponse:
    return applied(request, ApplyForm(request.POST or None, reach=request.reach), "decoration/apply.html", "mine_permit")


@needs(staff=False, resident=True)
def mine_permit(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    return render(request, "decoration/mine_permit.html", {**about(request, row), "workers": row.workers.filter(revoked_at__isnull=True)})

"""阅卷: points for what was written in words."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.web.acting import act
from guanjia.web.guard import needs

from ..models import Attempt
from .common import to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_POST
@needs("training.manage")
def marks(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Attempt.objects.at_estate(request.estate).select_related("exam", "person", "estate"), pk=pk)
    place = request.POST.get("place", "")
    try:
        got = Decimal(request.POST.get("got", "").strip())
    except InvalidOperation:
        got = Decimal(-1)
    got = got if got.is_finite() else Decimal(-1)
    number = int(place) if place.isascii() and place.isdigit() and len(place) < 4 else 0
    act(request, lambda: row.mark(number, got, request.POST.get("remark", ""), by=request.reach), _("已评分。"))
    return to(request, "paper", pk)

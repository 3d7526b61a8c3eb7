"""Putting one item of a finished inspection right: both versions stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from guanjia.duties.answers import Unanswered
from guanjia.duties.views.tasks import raw_answers, shots
from guanjia.tenancy.errors import Refused
from guanjia.web.guard import needs

from ..models import Inspection, ItemScore
from .common import inspections_seen, render, to
from .sheet import open_parts

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs("quality.plan")
def correction(request: HttpRequest, pk: int, key: str, name: str) -> HttpResponse:
    row: Inspection = get_object_or_404(inspections_seen(request).filter(finished_at__isnull=False), pk=pk)
    now = ItemScore.objects.at_estate(row.estate_id).current().filter(inspection=row, rubric=key, item=name).first()
    if now is None:
        raise Http404
    raw, errors, refused = _as_it_is(row, now), {}, ""
    if request.method == "POST":
        raw = raw_answers(request)
        try:
            row.correct(key, name, raw, request.POST.get("why", ""), shots(request.FILES), by=request.reach)
            messages.success(request, _("已更正，前后两版都保留。"))
            return to(request, "inspection", pk)
        except Unanswered as lacking:
            errors, refused = lacking.items, str(lacking)
        except Refused as slip:
            refused = str(slip)
    one = [{**rubric, "items": [item for item in rubric["items"] if item["key"] == name]} for rubric in row.rubrics if rubric["key"] == key]
    page = {"inspection": row, "now": now, "parts": open_parts(one, set(), raw, errors), "refused": refused, "why": raw.get("why", "")}
    return render(request, "quality/correction.html", page, status=422 if refused else 200)


def _as_it_is(row: Inspection, now: ItemScore) -> dict[str, Any]:
    """The answers of the version that counts, as a form would send them."""
    item = next(item for rubric in row.rubrics if rubric["key"] == now.rubric for item in rubric["items"] if item["key"] == now.item)
    lacks = {lack.check_key: lack for lack in now.deductions.all()}
    raw: dict[str, Any] = {f"{now.rubric}-na": now.na_words}
    for check in item["checks"]:
        name = f"{now.rubric}-{now.item}-{check}"
        raw[name] = "na" if now.na else "bad" if check in lacks else "ok"
        if check in lacks:
            raw |= {f"{name}-amount": str(lacks[check].amount), f"{name}-words": lacks[check].words}
    return raw

"""A photo, to whoever may see what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404

from guanjia.web.guard import needs

from ..models import Inspection, QualityPhoto, Rectification

if TYPE_CHECKING:
    from django.http import HttpRequest


@needs()
def photo(request: HttpRequest, pk: int) -> FileResponse:
    rows = QualityPhoto.objects.at_estate(request.estate).select_related("deduction__item_score", "round", "evidence__step")
    row = get_object_or_404(rows, pk=pk)
    if not _may_see(request.reach, row):
        raise Http404
    answer = FileResponse(row.file.open("rb"), content_type="image/png" if str(row.file.name).endswith("png") else "image/jpeg")
    answer.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return answer


def _may_see(reach: object, row: QualityPhoto) -> bool:
    fixes = Rectification.objects.visible_to(reach)
    if row.round_id:
        return bool(fixes.filter(pk=row.round.rectification_id).exists())  # type: ignore[union-attr]
    if row.deduction_id:
        seen = Inspection.objects.visible_to(reach).filter(pk=row.deduction.item_score.inspection_id)  # type: ignore[union-attr]
        return bool(seen.exists() or fixes.filter(deduction=row.deduction_id).exists())
    step = row.evidence.step  # type: ignore[union-attr]
    return bool(reach.may("quality.read") or step.responsible_id == reach.person_id)

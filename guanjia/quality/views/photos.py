"""A photo, to whoever may see what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404

from guanjia.web.guard import needs

from ..models import Inspection, QualityPhoto, Rectification

if TYPE_CHECKING:
    from django.http import HttpRequest

    from guanjia.people.reach import Reach


@needs()
def photo(request: HttpRequest, pk: int) -> FileResponse:
    rows = QualityPhoto.objects.at_estate(request.estate).select_related("deduction__item_score", "round", "evidence__step")
    row = get_object_or_404(rows, pk=pk)
    if not _may_see(request.reach, row):
        raise Http404
    answer = FileResponse(row.file.open("rb"), content_type="image/png" if str(row.file.name).endswith("png") else "image/jpeg")
    answer.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return answer


def _may_see(reach: Reach, row: QualityPhoto) -> bool:
    fixes = Rectification.objects.visible_to(reach)
    if row.round:
        return bool(fixes.filter(pk=row.round.rectification_id).exists())
    if row.deduction:
        seen = Inspection.objects.visible_to(reach).filter(pk=row.deduction.item_score.inspection_id)
        return bool(seen.exists() or fixes.filter(deduction=row.deduction).exists())
    return row.evidence is not None and (reach.may("quality.read") or row.evidence.step.responsible_id == reach.person_id)

"""A training's record is the record of the duty that asked for it: no second form (TRN-02..13, TRN-06)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia.duties.models import Task
from guanjia.duties.models.finishable import Shot
from guanjia.rulebooks.form_book import form
from guanjia.tenancy.errors import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from .models import Outline, Session

TRAINING = "training"  # the form of forms.yaml that a session fills in
OUTLINE = "trn_outline"


def due(estate: Any, now: datetime) -> Any:
    """Open tasks whose record is a training, and which no session answers yet."""
    rows = Task.objects.at_estate(estate).open().filter(duty__form=TRAINING, opens_at__lte=now)
    return rows.exclude(trainings__called_off_at__isnull=True, trainings__isnull=False).select_related("duty", "person").order_by("due_at", "pk")


def fulfil(session: Session, present: int, score: Decimal | None, photos: Any, *, by: Any, at: datetime) -> None:
    """Finish the task the session answers, with what the session knows. Refused where the duty wants a photo and none came."""
    task = session.task
    if task is None or task.done_at or task.waived_at:
        return
    shots = [Shot(photo) for photo in photos]
    if "photo" in task.duty.proof and not shots:
        raise Refused(_("这项制度要求现场照片，请至少拍一张。"), code="photo_missing")
    hours = Decimal((session.ends_at - session.starts_at).total_seconds()) / 3600
    answers = {"topic": session.title, "present": str(present), "hours": f"{min(hours, Decimal(24)):.1f}", "words": session.summary}
    if score is not None:
        answers["score"] = str(score)
    task.finish(by=by, answers=answers, photos=shots, at=at)


def fulfil_outline(outline: Outline, *, by: Any, at: datetime) -> None:
    """The yearly duty's open task is done with the outline, where the person may do it."""
    task = Task.objects.at_estate(outline.estate_id).open().filter(key=OUTLINE, day__year=outline.year).select_related("duty").order_by("due_at").first()
    if task is None:
        return
    items = "；".join(f"{item.month}月 {item.title}" for item in outline.items.all())
    answers = {name: (outline.goal or items)[:500] if item.kind == "text" else "" for name, item in form(task.duty.form).items.items()}
    try:
        task.finish(by=by, answers=answers | {"words": items[:1000]}, at=at)
    except Refused:
        return  # somebody else's task stays theirs to report

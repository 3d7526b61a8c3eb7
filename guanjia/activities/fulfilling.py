"""Holding an activity does the duty that asked for it: no second form (COM-06 … COM-08, COM-26, COM-33)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia.duties.models import Task
from guanjia.duties.models.finishable import Shot
from guanjia.tenancy.errors import Refused

from .book import activities_book

if TYPE_CHECKING:
    from datetime import datetime

    from .models import Activity


def due(reach: Any, now: datetime, ahead: datetime | None = None) -> Any:
    """Open tasks within reach that an activity would do, and none does yet; `ahead` adds those that open until then."""
    keys = [key for entry in activities_book().kinds.values() for key in entry.duties]
    rows = Task.objects.at_estate(reach.estate).visible_to(reach).open().filter(key__in=keys, opens_at__lte=ahead or now, missed_at__isnull=True)
    taken = rows.filter(activities__isnull=False).exclude(activities__state="called_off").values("pk")
    return rows.exclude(pk__in=taken).select_related("duty", "person", "zone", "place", "unit", "building").order_by("due_at", "pk")


def fulfil(activity: Activity, photos: Any, *, by: Any, at: datetime) -> None:
    """Finish the task it answers with what the activity knows. Refused where the duty wants a photo and there is none."""
    task = activity.task
    if task is None or task.done_at or task.waived_at:
        return
    shots = [Shot(_again(photo)) for photo in photos]
    if "photo" in task.duty.proof and not shots:
        kept = list(activity.photos.order_by("pk")[:3])
        shots = [Shot(row.image.file) for row in kept]
        if not shots:
            raise Refused(_("这项制度要求现场照片，请至少拍一张。"), code="photo_missing")
    task.finish(by=by, answers=_answers(activity, task.duty.form), photos=shots, at=at)


def _again(photo: Any) -> Any:
    photo.seek(0)
    return photo


def _answers(activity: Activity, form: str) -> dict[str, Any]:
    """What each form of these duties asks (rulebooks/forms.yaml), out of the activity."""
    homes, said = activity.came.count(), activity.summary
    opinions = "；".join(activity.came.exclude(words="").values_list("words", flat=True))[:1000]
    asked = "；".join(f"{row.words} — {row.answer}" for row in activity.questions.order_by("pk"))[:1500]
    found: dict[str, dict[str, Any]] = {
        "activity": {"words": said, "households": str(homes), "opinions": opinions},
        "reception": {"visitors": str(activity.heads_came), "words": said},
        "meeting": {"present": str(max(1, activity.heads_came)), "topics": said},
        "note": {"words": f"{said} {asked}".strip()},
    }
    return found.get(form, found["note"])

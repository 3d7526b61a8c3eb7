"""Open days and experience officers are duties of the rulebook: done on their own pages, the duty's task is done with it (QLT-55, QLT-56)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia.duties.models import Task
from guanjia.tenancy.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

OPEN_DAY, OFFICERS = "qlt_open_day", "qlt_experience"


def open_task(estate: Any, key: str, at: datetime) -> Task | None:
    """The task that waits for it, the one due first."""
    rows = Task.objects.at_estate(estate).open().filter(key=key, missed_at__isnull=True, opens_at__lte=at)
    return rows.select_related("duty").order_by("due_at", "pk").first()


def fulfil(estate: Any, key: str, words: str, households: int, photos: Iterable[Any] | None, *, by: Any, at: datetime) -> bool:
    """Finish the open task with what the page knows; whether there was one. Refused where the duty wants a photo and none came.

    A page that takes no photos (None) leaves such a task to be reported with one.
    """
    task = open_task(estate, key, at) if by.is_staff else None
    if task is None:
        return False
    shots = list(photos or ())
    if "photo" in task.duty.proof and not shots:
        if photos is None:
            return False
        raise Refused(_("这项制度要求现场照片，请至少拍一张。"), code="photo_missing")
    try:
        task.finish(by=by, answers={"words": words[:1000], "households": str(households)}, photos=shots, at=at)
    except Refused:
        return False  # somebody else's task stays theirs to report
    return True

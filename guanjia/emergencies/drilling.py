"""A drill that was evaluated does the duty that asked for it: no second form (EMG-08, EMG-15)."""

from __future__ import annotations

from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia.duties.models import Task
from guanjia.duties.models.finishable import Shot
from guanjia.tenancy.errors import Refused

from .book import emergency_book

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from .models import Emergency, Evaluation

FORM = "drill"  # of forms.yaml: what an evaluation fills in
LONGEST = 600  # minutes that its form takes
PICTURES = 3  # of the log, where the duty wants a photo and the evaluation brought none


def asked_for(reach: Any) -> Any:
    """Open tasks whose record is a drill, and those of the book's duties about drills, as far as the reach sees; to come ones too."""
    rows = Task.objects.at_estate(reach.estate).visible_to(reach).open().filter(missed_at__isnull=True)
    found = rows.filter(duty__form=FORM) | rows.filter(key__in=emergency_book().drills)
    return found.select_related("duty", "person").order_by("due_at", "pk")


def startable(reach: Any, now: datetime) -> Any:
    """Of these what a drill would do now: their time has come and no drill runs for them."""
    rows = asked_for(reach).filter(duty__form=FORM, opens_at__lte=now)
    return rows.exclude(pk__in=rows.filter(drills__false_alarm=False).values("pk"))


def must_ask_for(task: Any, drill: bool, by: Any) -> None:
    """Refused unless it is an open task of a duty that asks for a drill, within reach, and no drill does it yet."""
    mine = Task.objects.at_estate(by.estate).visible_to(by).open().filter(pk=task.pk, duty__form=FORM)
    if not drill or not mine.exists():
        raise Refused(_("这项任务不是演练，或者已经完成。"), code="wrong_task")
    if mine.filter(drills__false_alarm=False).exists():
        raise taken()


def taken() -> Refused:
    return Refused(_("这项任务已经有演练。"), code="task_taken")


def fulfil(drill: Emergency, judged: Evaluation, photos: Iterable[Any], *, by: Any, at: datetime) -> None:
    """Finish the task it answers with what the evaluation says. Refused where the duty wants a photo and there is none."""
    task = drill.task
    if task is None or task.done_at or task.waived_at:
        return
    shots = [Shot(photo) for photo in photos]
    if "photo" in task.duty.proof and not shots:
        shots = [Shot(entry.photo.file) for entry in drill.entries.exclude(photo="").order_by("pk")[:PICTURES]]
        if not shots:
            raise Refused(_("这项制度要求现场照片，请至少拍一张。"), code="photo_missing")
    took = (drill.down_at or at) - drill.started_at
    answers = {
        "scenario": " ".join(part for part in (drill.title, drill.where, drill.words) if part)[:300], "present": str(min(judged.present, 1000)),
        "minutes": str(min(max(ceil(took / timedelta(minutes=1)), 1), LONGEST)), "shortcomings": "；".join([*judged.bad, judged.words])[:1000],
    }  # fmt: skip
    task.finish(by=by, answers=answers, photos=shots, at=at)

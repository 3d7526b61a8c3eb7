"""A permit as steps, and everything that happened on its site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia.duties.models import Record, Task

if TYPE_CHECKING:
    from .models import Permit

ORDER = ["draft", "review", "approved", "working", "finished", "accepted", "archived"]


def steps(permit: Permit, late: bool = False) -> list[dict[str, Any]]:
    """What the resident and the desk see move: done, now, to do."""
    stage = "working" if permit.stage == "stopped" else permit.stage
    here = ORDER.index(stage) if stage in ORDER else 0
    labels = [
        (_("提交资料"), permit.submitted_at), (_("审批"), permit.approved_at), (_("缴费办证"), permit.begun_at), (_("施工"), permit.finished_at),
        (_("验收"), permit.accepted_at), (_("退押金归档"), permit.archived_at),
    ]  # fmt: skip
    made = []
    for number, (label, at) in enumerate(labels):
        state = "done" if number < here else "now" if number == here else "todo"
        note = _("已停工") if number == 3 and permit.stage == "stopped" else ""
        bad = (number == here and late) or (number == 3 and permit.stage == "stopped")
        made.append({"label": label, "state": "late" if bad else state, "at": at if state == "done" else None, "note": note})
    return made


def inspections(permit: Permit, most: int | None = None) -> tuple[list[Record], list[Task]]:
    """(the daily looks at the site since it began, those that are open) (MOV-06, MOV-14)."""
    if not permit.begun_at:
        return [], []
    tasks = Task.objects.at_estate(permit.estate_id).filter(unit_id=permit.unit_id, duty__scope="renovation", due_at__gte=permit.begun_at)
    if permit.accepted_at:
        tasks = tasks.filter(opens_at__lte=permit.accepted_at)
    records = Record.objects.at_estate(permit.estate_id).filter(task__in=tasks.values("pk"), beside=False).select_related("task__duty", "by")
    return list(records.order_by("-done_at")[:most]), list(tasks.open().filter(missed_at__isnull=True).select_related("duty", "person").order_by("opens_at")[:5])

"""Duties in force at an estate, and what may be agreed about their tasks: not to do one, to give it away, to take it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from guanjia.duties.agenda import LINKS
from guanjia.duties.models import Duty, Task

from .bodies import Reason, colleague
from .door import Noun
from .fields import Id
from .tasks import TaskTold, task_or_404, told

noun = Noun(tags=["duties"])


class DutyTold(BaseModel):
    key: str = Field(examples=["pat_ovs_daily"])
    title: str = Field(examples=["OVS核查巡查"])
    book: str = Field(examples=["cluster"])
    clauses: list[str] = Field(examples=[["PAT-01"]])
    cadence: str = Field(examples=["FREQ=DAILY"])
    window: dict[str, Any]
    role: str = Field(examples=["steward"])
    scope: str = Field(examples=["zone"])
    form: str
    since: datetime


class GivenTo(Reason):
    person: Id


@noun.get("/duties", response=list[DutyTold], summary="Duties in force")
def list_duties(request: Any) -> Any:
    """With `duty.read`: what the adopted rulebooks and the settings ask for now."""
    request.reach.must("duty.read")
    rows = Duty.objects.at_estate(request.reach.estate).filter(ended_at__isnull=True).order_by("key")
    return [
        DutyTold(
            key=row.key, title=row.title, book=row.book, clauses=row.rows, cadence=row.cadence, window=row.window, role=row.role,
            scope=f"{row.scope}:{row.narrowed}" if row.narrowed else row.scope, form=row.form, since=row.laid_at,
        )
        for row in rows
    ]  # fmt: skip


def _now(reach: Any, pk: int) -> TaskTold:
    return told(Task.objects.at_estate(reach.estate).select_related(*LINKS).get(pk=pk))


@noun.post("/tasks/{id}/waiver", response=TaskTold, summary="Agree that it need not be done")
def task_waiver(request: Any, id: Id, body: Reason) -> Any:
    """With `duty.waive`, and a reason; one's own only as manager."""
    task_or_404(request.reach, id).waive(body.why, by=request.reach)
    return _now(request.reach, id)


@noun.post("/tasks/{id}/handover", response=TaskTold, summary="Give it to a colleague")
def task_handover(request: Any, id: Id, body: GivenTo) -> Any:
    """By whose it is, or with `duty.waive`."""
    row = task_or_404(request.reach, id)
    row.hand_over(colleague(request.reach, body.person, "person"), body.why, by=request.reach)
    return _now(request.reach, id)


@noun.post("/tasks/{id}/taking", response=TaskTold, summary="Do it oneself")
def task_taking(request: Any, id: Id) -> Any:
    """With `duty.work`: what nobody answers for, or a colleague's within reach."""
    task_or_404(request.reach, id).take(by=request.reach)
    return _now(request.reach, id)

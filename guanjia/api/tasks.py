"""Tasks of duties (任务): list, one with its form, and the record that finishes it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import File, Form, Query, Status
from ninja.files import UploadedFile
from pydantic import BaseModel, Field, ValidationError

from guanjia.duties.answers import Unanswered
from guanjia.duties.findings import open_at
from guanjia.duties.models import Record, Task
from guanjia.duties.models.finishable import Shot
from guanjia.duties.whereabouts import Position
from guanjia.rulebooks.form_book import form

from .door import Noun, staff_only
from .fields import Body, Id, Instant, perhaps
from .paging import NEWEST, Paging, page
from .problems import Slip, unfit

noun = Noun(tags=["tasks"])
LINKS = ("duty", "unit", "place", "building", "zone", "person")


class TaskTold(BaseModel):
    id: int
    duty: str = Field(examples=["pat_ovs_daily"])
    title: str = Field(examples=["OVS核查巡查"])
    where: str = Field(examples=["东区"], description="Empty for what concerns the whole estate.")
    day: date = Field(description="Business date.")
    opens_at: datetime
    due_at: datetime
    person: str | None
    done_at: datetime | None
    waived_at: datetime | None
    missed_at: datetime | None


class ItemTold(BaseModel):
    name: str = Field(examples=["cleaning"])
    title: str = Field(examples=["环境保洁"])
    kind: str = Field(examples=["check"], description="check: ok, bad, na; choice, members: of `choices`.")
    required: bool
    choices: dict[str, str]
    asks: list[str] = Field(description="What a bad answer needs: words (`cleaning-words`), photo.")


class RecheckTold(BaseModel):
    finding: int
    title: str
    words: str
    found_at: datetime
    ticket: str | None = Field(examples=["260310-0412"])


class TaskFull(TaskTold):
    form: str = Field(examples=["patrol"])
    photos: str = Field(examples=["optional"])
    items: list[ItemTold]
    rechecks: list[RecheckTold] = Field(description="Answer `recheck-<finding>`: mended or unmended.")


class RecordTold(BaseModel):
    id: int
    task: int
    late: bool
    done_at: datetime
    received_at: datetime
    suspicions: list[str] = Field(examples=[["too_fast"]], description="Why a reviewer will look at it.")
    tickets: list[str] = Field(examples=[["260310-0412"]], description="What its findings opened.")


class TaskPage(BaseModel):
    items: list[TaskTold]
    next: str | None


class TasksWanted(Paging):
    mine: bool = Field(True, description="Only those of the holder of the token.")
    open: bool | None = Field(None, description="Neither done nor waived; or only the others.")


class Where(Body):
    latitude: Decimal = Field(
        ge=-90, le=90, max_digits=9, decimal_places=6, examples=["30.572816"], description="degrees"
    )
    longitude: Decimal = Field(
        ge=-180, le=180, max_digits=9, decimal_places=6, examples=["104.066801"], description="degrees"
    )
    accuracy: int = Field(0, ge=0, le=100_000, description="metres")


class Recorded(Body):
    """`client_id` is the record's own id, made where it was written: sent again it is the same record."""

    answers: dict[str, str | int | list[str] | None] = Field(
        {}, examples=[{"cleaning": "bad", "cleaning-words": "大堂有积水"}]
    )
    client_id: UUID | None = None
    began_at: Instant | None = None
    done_at: Instant | None = Field(None, description="The device's word; now when it is left out.")
    sent_at: Instant | None = Field(None, description="The device's clock when it sends.")
    offline: bool = False
    beside: bool = Field(
        False, description="Keep it next to another's when the task was done, waived or handed over meanwhile."
    )
    mark: str = perhaps(200, "", description="Text of the label that was scanned.")
    position: Where | None = None


def _facts(row: Task) -> dict[str, Any]:
    plain = ("opens_at", "due_at", "day", "done_at", "waived_at", "missed_at")
    return {
        **{name: getattr(row, name) for name in plain}, "id": row.pk, "duty": row.key, "title": row.title, "where": row.whereabouts,
        "person": row.person.name if row.person else None,
    }  # fmt: skip


def told(row: Task) -> TaskTold:
    return TaskTold(**_facts(row))


def task_or_404(reach: Any, pk: int, *, any_ones: bool = False) -> Task:
    """One within reach; `any_ones` for a record, whose verb says that it went to somebody else."""
    staff_only(reach)
    rows = Task.objects.at_estate(reach.estate).select_related(*LINKS)
    row: Task = get_object_or_404((rows if any_ones else rows.visible_to(reach)), pk=pk)
    return row


@noun.get("/tasks", response=TaskPage, summary="Tasks")
def list_tasks(request: Any, response: HttpResponse, wanted: Query[TasksWanted]) -> Any:
    """Staff only: one's own, or with `mine=false` all within reach; newest first."""
    reach = request.reach
    staff_only(reach)
    rows = Task.objects.at_estate(reach.estate).visible_to(reach).select_related(*LINKS)
    rows = rows.filter(person_id=reach.person_id) if wanted.mine else rows
    if wanted.open is not None:
        rows = (
            rows.open()
            if wanted.open
            else rows.exclude(pk__in=Task.objects.at_estate(reach.estate).open().values("pk"))
        )
    return page(request, response, rows, wanted, NEWEST, told, TaskPage)


@noun.get("/tasks/{id}", response=TaskFull, summary="One task with its form")
def get_task(request: Any, id: Id) -> Any:
    row = task_or_404(request.reach, id)
    entry = form(row.duty.form)
    items = [
        ItemTold(
            name=name, title=_(item.title), kind=item.kind, required=item.required, asks=list(item.asks),
            choices=row.members_of(name) if item.kind == "members" else {key: _(title) for key, title in item.choices.items()},
        )
        for name, item in entry.items.items()
    ]  # fmt: skip
    rechecks = [
        RecheckTold(
            finding=each.pk,
            title=each.title,
            words=each.words,
            found_at=each.found_at,
            ticket=each.ticket.number if each.ticket else None,
        )
        for each in open_at(row)
    ]
    return TaskFull(**_facts(row), form=row.duty.form, photos=entry.photos, items=items, rechecks=rechecks)


@noun.post("/tasks/{id}/record", response={201: RecordTold}, summary="Finish it")
def finish_task(request: Any, id: Id, body: Recorded) -> Any:
    """Late is allowed. 409 `already_done`, `already_waived`, `not_yours` when somebody was faster; 422 names the items."""
    return _finish(request, id, body, [])


@noun.post("/tasks/{id}/record/photos", response={201: RecordTold}, summary="Finish it with photos")
def finish_task_with_photos(
    request: Any, id: Id, photos: File[list[UploadedFile]], record: Form[str] = "{}", items: Form[str] = ""
) -> Any:
    """`record` is the body of `record` as JSON; `items` names the item of each photo in their order, by commas (empty: the record's own)."""
    staff_only(request.reach)
    try:
        body = Recorded.model_validate_json(record)
    except ValidationError as wrong:
        return unfit(
            [
                Slip(at="/".join(["body", "record", *map(str, each["loc"])]), detail=each["msg"])
                for each in wrong.errors()
            ]
        )
    names = items.split(",")
    return _finish(
        request, id, body, [Shot(photo, names[n].strip() if n < len(names) else "") for n, photo in enumerate(photos)]
    )


def _finish(request: Any, pk: int, body: Recorded, shots: list[Shot]) -> Any:
    row = task_or_404(request.reach, pk, any_ones=True)
    where = Position(**body.position.model_dump()) if body.position else None
    said = body.model_dump(
        include={"answers", "client_id", "began_at", "done_at", "sent_at", "offline", "beside", "mark"}
    )
    try:
        made = row.finish(by=request.reach, photos=shots, position=where, **said)
    except Unanswered as lacking:
        return unfit([Slip(at=f"body/answers/{name}", detail=words) for name, words in lacking.items.items()])
    return Status(201, _record(made))


def _record(row: Record) -> RecordTold:
    tickets = row.findings.exclude(ticket=None).values_list("ticket__number", flat=True)
    return RecordTold(
        id=row.pk, task=row.task_id, late=row.is_late, done_at=row.done_at, received_at=row.received_at,
        suspicions=sorted(row.suspicions.values_list("why", flat=True)), tickets=sorted(tickets),
    )  # fmt: skip

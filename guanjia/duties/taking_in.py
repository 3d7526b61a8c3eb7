"""Many records at once: paper rounds of the days before the house was in use, and whatever else was written down elsewhere.

The same checks as `Task.finish`, set by set: a row that fails one is refused by name and the others are kept. What looks
wrong is kept and flagged. Only what opens something (a finding, a recheck) goes one by one, by the ordinary verbs.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.estates.marks import LETTERS
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.form_book import form
from guanjia.tenancy.scope import estate_scope

from . import findings
from .answers import Answers, checked, plain
from .doubting import doubt_many
from .filing import keep_photos, signatures, tell_owner
from .models import Record, Task

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from guanjia.estates.models import Estate
    from guanjia.people.reach import Reach

    from .models.finishable import Shot

OURS = uuid.UUID("6f1c1f2e-5a0b-4a57-9d0a-3a8f4f6f2a11")  # rows without an id of their own: one a task and instant


class Taken(NamedTuple):
    """A record as it was written down. `answers` by item, as `Task.finish` takes them."""

    task: int
    by: Reach
    done_at: datetime
    answers: Mapping[str, Any]
    began_at: datetime | None = None
    received_at: datetime | None = None  # when it reached us; with the batch, if nothing is said
    spot: Any = None  # whose label was scanned
    photos: tuple[Shot, ...] = ()
    client_id: uuid.UUID | None = None

    @property
    def number(self) -> uuid.UUID:
        return self.client_id or uuid.uuid5(OURS, f"{self.task} {self.done_at.isoformat()}")


@dataclass
class Batch:
    """What came of it: records kept, rows known already, and why others were refused."""

    records: list[Record] = field(default_factory=list)
    known: int = 0
    refused: list[tuple[Taken, str]] = field(default_factory=list)


def take_in(estate: Estate, rows: Iterable[Taken], *, by: Any, at: datetime | None = None) -> Batch:
    """Keep the records of a batch in one transaction; the same batch again keeps nothing twice.

    `by` is who takes them in (None: the house); each row's own `by` did the work.
    """
    at = at or clock.now()
    if by is not None:
        by.must("record.judge")
    with estate_scope(estate):
        found = Batch()
        good = _sifted(estate, list(rows), found)
        if not good:
            return found
        found.records = Record.objects.bulk_create(_record(task, row, said, at) for task, row, said in good)
        _close(estate, found.records)
        for record, (_task, row, said) in zip(found.records, good, strict=True):
            if shots := [*row.photos, *signatures(said, row.answers)]:
                keep_photos(record, shots)
        doubt_many(estate, found.records, {row.task: row.spot for _task, row, _said in good if row.spot}, at)
        _one_by_one(found.records, good)
        about = SimpleNamespace(noun="estate", pk=estate.pk, estate_id=estate.pk)
        Event.objects.record(
            Action.RECORDS_TAKEN_IN, about, by=by, at=at, told=False, count=len(good), refused=len(found.refused)
        )
    return found


def _sifted(estate: Estate, rows: list[Taken], found: Batch) -> list[tuple[Any, Taken, Answers]]:
    """Rows that may be kept, each with its locked task and its checked answers."""
    wanted = Task.objects.at_estate(estate).filter(pk__in={row.task for row in rows})
    links = ("duty", "zone", "building", "unit", "place")
    tasks: dict[int, Any] = {
        task.pk: task for task in wanted.select_related(*links).select_for_update(of=("self",)).order_by("pk")
    }
    known = set(
        Record.objects.at_estate(estate)
        .filter(client_id__in=[row.number for row in rows])
        .values_list("client_id", flat=True)
    )
    members = _members(estate)
    good: list[tuple[Any, Taken, Answers]] = []
    busy: set[int] = set()
    for row in rows:
        task = tasks.get(row.task)
        if row.number in known:
            found.known += 1
        elif why := _closed(task, row, busy):
            found.refused.append((row, why))
        else:
            assert task is not None  # `_closed` says so
            task.estate = estate
            said = _checked(task, row, members)
            if said.errors:
                found.refused.append((row, "；".join(said.errors.values())))
            else:
                busy.add(row.task)
                good.append((task, row, said))
    return good


def _closed(task: Any, row: Taken, busy: set[int]) -> str:
    """Why the task takes no record; empty when it does."""
    if task is None:
        return _("没有这项任务。")
    if task.done_at or row.task in busy:
        return _("这项任务已经做完。")
    if task.waived_at:
        return _("这项任务已经不用做了。")
    if not row.by.is_staff or (row.by.sees == "own" and task.person_id != row.by.person_id):
        return _("这项任务是别人的。")
    return ""


def _members(estate: Estate) -> dict[int | None, list[str]]:
    """Zone → its buildings' ids, None → all: read once instead of once a row."""
    from guanjia.estates.models import Building

    found: dict[int | None, list[str]] = defaultdict(list)
    for pk, zone in Building.objects.at_estate(estate).order_by("order", "pk").values_list("pk", "zone_id"):
        found[None].append(str(pk))
        if zone:
            found[zone].append(str(pk))
    return found


def _checked(task: Any, row: Taken, members: dict[int | None, list[str]]) -> Answers:
    entry = form(task.duty.form)
    may = {}
    for name, item in entry.items.items():
        if item.kind == "members":
            may[name] = (
                list(item.members.choices)
                if item.members
                else [str(task.building_id)]
                if task.building_id
                else members[task.zone_id]
            )
    found = checked(entry, row.answers, {shot.item for shot in row.photos}, may)
    if "photo" in task.duty.proof and not row.photos:
        found.errors.setdefault("photos", _("请至少拍一张照片。"))
    if "signature" in task.duty.proof and not any(item.kind == "signature" for item in entry.items.values()):
        task._sign(found, row.answers)
    found.errors |= findings.unanswered(task, row.answers) if row.answers.get("shown") else {}
    return found


def _record(task: Any, row: Taken, said: Answers, at: datetime) -> Record:
    return Record(
        estate_id=task.estate_id, task=task, form=task.duty.form, answers=said.said, words=plain(row.answers.get("words")),
        score=said.score, by_id=row.by.person_id, began_at=row.began_at if row.began_at and row.began_at <= row.done_at else None,
        done_at=row.done_at, received_at=row.received_at or at, offline=True, client_id=row.number,
        mark_kind=LETTERS[type(row.spot)] if row.spot else "", mark_id=row.spot.pk if row.spot else None,
    )  # fmt: skip


CLOSE = """
UPDATE duties_task AS task SET done_at = done.at, done_by_id = done.by
FROM unnest(%(tasks)s::bigint[], %(at)s::timestamptz[], %(by)s::bigint[]) AS done (task, at, by)
WHERE task.estate_id = %(estate)s AND task.id = done.task
"""


def _close(estate: Estate, records: list[Record]) -> None:
    values = {
        "estate": estate.pk, "tasks": [row.task_id for row in records], "by": [row.by_id for row in records],
        "at": [min(row.done_at, row.received_at) for row in records],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(CLOSE, values)  # type: ignore[arg-type]  # arrays
    for row in records:
        row.task.done_at, row.task.done_by_id = min(row.done_at, row.received_at), row.by_id


def _one_by_one(records: list[Record], good: list[tuple[Any, Taken, Answers]]) -> None:
    """What opens something, by the ordinary verbs: findings, rechecks, owners who hear of their home."""
    for record, (task, row, said) in zip(records, good, strict=True):
        if said.bad or any(name.startswith("recheck-") for name in row.answers):
            findings.file(record, said.bad, row.answers, by=row.by, at=record.received_at)
        if form(record.form).tells == "household" and task.unit_id and task.key == task.duty.key:
            tell_owner(task, record, row.by, record.received_at)

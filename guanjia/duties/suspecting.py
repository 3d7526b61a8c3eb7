"""What looks wrong about a record (design §5). Nothing is thrown away for it: a reviewer is shown why."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection

from guanjia.rulebooks.parameters import parameter

from .models.record import RecordPhoto
from .models.suspicion import Suspicion
from .sameness import ALIKE
from .whereabouts import belongs, located, metres

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from guanjia.rulebooks.form_book import FormEntry

    from .models import Record, Task
    from .whereabouts import Position

SKEW = timedelta(minutes=5)  # a device's clock may differ by
SEEN = timedelta(days=90)  # how far back a picture is remembered by its looks
Why = Suspicion.Why

ALIKE_SQL = """
SELECT photo.record_id FROM duties_recordphoto photo JOIN duties_record record
    ON record.estate_id = photo.estate_id AND record.id = photo.record_id
WHERE photo.estate_id = %(estate)s AND photo.record_id <> %(record)s AND photo.looks IS NOT NULL AND record.received_at > %(since)s
  AND bit_count((photo.looks # %(looks)s::bigint)::bit(64)) <= %(alike)s ORDER BY photo.id DESC LIMIT 1
"""


@dataclass
class Circumstances:
    """How a record came: by the device's word and by what the server knows."""

    at: datetime
    spot: Any = None  # of the scanned label
    forged: bool = False  # a label was sent that is none of ours
    position: Position | None = None
    sent_at: datetime | None = None  # the device's clock when it sent
    beside: bool = False
    photos: list[RecordPhoto] = field(default_factory=list)


def doubts(task: Task, record: Record, form: FormEntry, around: Circumstances) -> list[tuple[str, dict[str, Any]]]:
    """Every reason to look, with what it rests on."""
    return [*_in_time(task, record, form, around), *_in_place(task, around), *_photos(record, around)]


def _in_time(
    task: Task, record: Record, form: FormEntry, around: Circumstances
) -> Iterator[tuple[str, dict[str, Any]]]:
    if around.beside:
        yield Why.BESIDE, {}
    if record.done_at < task.opens_at:
        yield Why.EARLY, {"opens_at": task.opens_at.isoformat()}
    off = around.sent_at - around.at if around.sent_at else timedelta(0)
    ahead = record.done_at - around.at
    if max(abs(off), ahead) > SKEW or (not record.offline and -ahead > SKEW * 2):
        yield Why.SKEW, {"seconds": round((off or ahead).total_seconds())}
    if form.dwell and record.began_at and record.done_at - record.began_at < form.dwell:
        yield Why.TOO_FAST, {"seconds": max(0, round((record.done_at - record.began_at).total_seconds()))}
    if earlier := _skipped(task, record):
        yield Why.ORDER, {"slot": earlier.slot}


def _skipped(task: Task, record: Record) -> Task | None:
    """A round of the same day that should have come before this one and had not."""
    rows = type(task).objects.at_estate(task.estate_id).filter(
        key=task.key, day=task.day, subject_kind=task.subject_kind, subject_id=task.subject_id, due_at__lt=task.due_at, waived_at__isnull=True
    )  # fmt: skip
    open_then = rows.filter(done_at__isnull=True, due_at__gt=record.done_at) | rows.filter(done_at__gt=record.done_at)
    return open_then.order_by("due_at").first()


def _in_place(task: Task, around: Circumstances) -> Iterator[tuple[str, dict[str, Any]]]:
    asked = task.duty.proof
    if around.forged or (around.spot is not None and not belongs(task, around.spot)):
        yield Why.FAR, {"label": str(around.spot or "?")}
        return
    if "mark" in asked and around.spot is None:
        yield Why.NO_MARK, {}
    where = located(task)
    if around.position and where is not None and around.spot is None:
        away = metres(around.position, where) - around.position.accuracy
        if away > parameter(task.estate, "duties.far", around.at):
            yield Why.FAR, {"metres": round(away)}


def _photos(record: Record, around: Circumstances) -> Iterator[tuple[str, dict[str, Any]]]:
    rows = RecordPhoto.objects.at_estate(record.estate_id).exclude(record=record)
    same = rows.filter(digest__in=[photo.digest for photo in around.photos]).first() if around.photos else None
    seen = (
        same.record_id
        if same
        else next((found for photo in around.photos if (found := _alike(record, photo, around.at))), None)
    )
    if seen:
        yield Why.SEEN_PHOTO, {"record": seen}


def _alike(record: Record, photo: RecordPhoto, at: datetime) -> int | None:
    if photo.looks is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            ALIKE_SQL,
            {"estate": record.estate_id, "record": record.pk, "since": at - SEEN, "looks": photo.looks, "alike": ALIKE},
        )
        row = cursor.fetchone()
    return row[0] if row else None

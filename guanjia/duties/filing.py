"""Filing a record that was checked: the row, its photos, what looks wrong, what was found, who is told."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

from guanjia import clock
from guanjia.estates.marks import LETTERS, place_of
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.form_book import form
from guanjia.tenancy.pictures import cleaned

from . import findings
from .answers import drawn, plain
from .models.record import Record, RecordPhoto
from .models.suspicion import Suspicion
from .sameness import looks_of
from .suspecting import Circumstances, doubts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .answers import Answers
    from .models import Task
    from .models.finishable import Shot

SIGNATURE = "signature.png"  # how a drawn one is told from a photo


def file(
    task: Task, found: Answers, shots: list[Shot], *, by: Any, at: datetime, began_at: datetime | None, done_at: datetime, position: Any,
    mark: str, client_id: uuid.UUID, offline: bool, sent_at: datetime | None, beside: bool, raw: Mapping[str, Any],
) -> Record:  # fmt: skip
    """Everything a record consists of. Runs in the verb's transaction; a photo that is none refuses it all."""
    spot = place_of(mark, task.estate) if mark else None
    record = Record.objects.create(
        estate_id=task.estate_id, task=task, form=task.duty.form, answers=found.said, words=plain(raw.get("words")), score=found.score,
        by_id=by.person_id, began_at=began_at if began_at and began_at <= done_at else None, done_at=done_at, received_at=at, offline=offline,
        client_id=client_id, latitude=position and position.latitude, longitude=position and position.longitude,
        accuracy=position and position.accuracy, mark_kind=LETTERS[type(spot)] if spot else "", mark_id=spot.pk if spot else None, beside=beside,
    )  # fmt: skip
    photos = keep_photos(record, [*shots, *signatures(found, raw)])
    around = Circumstances(at, spot, bool(mark) and spot is None, position, sent_at, beside, photos)
    _flag(record, doubts(task, record, form(record.form), around), at)
    findings.file(record, found.bad, raw, by=by, at=at)
    if not beside and form(record.form).tells == "household" and task.unit_id and task.key == task.duty.key:
        tell_owner(task, record, by, at)
    return record


def keep_photos(record: Record, shots: Iterable[Shot]) -> list[RecordPhoto]:
    """Re-encoded; the digest is of what was sent, so that the same file is known again.

    An id that was used before is replaced: some apps name their pictures by one, and the same picture may come twice.
    """
    shots, made = list(shots), []
    photos = RecordPhoto.objects.at_estate(record.estate_id)
    used = set(photos.filter(client_id__in=[shot.client_id for shot in shots]).values_list("client_id", flat=True))
    for shot in shots:
        content = shot.upload.read()
        shot.upload.seek(0)
        picture = cleaned(shot.upload, transparent=shot.upload.name == SIGNATURE)
        number = shot.client_id if shot.client_id and shot.client_id not in used else uuid.uuid4()
        used.add(number)
        photo = RecordPhoto(
            estate_id=record.estate_id, record=record, item=shot.item, digest=hashlib.sha256(content).hexdigest(),
            looks=None if shot.upload.name == SIGNATURE else looks_of(picture.file), client_id=number,
        )  # fmt: skip
        picture.file.seek(0)
        photo.file.save(
            f"{record.estate_id}-{record.pk}-{photo.digest[:16]}.{picture.suffix}", picture.file, save=False
        )
        photo.save(force_insert=True)
        made.append(photo)
    return made


def signatures(found: Answers, raw: Mapping[str, Any]) -> list[Shot]:
    """Drawn on the phone: a PNG data URL in the answer becomes a picture of its item."""
    from .models.finishable import Shot

    return [Shot(SimpleUploadedFile(SIGNATURE, drawn(raw[name])), name) for name in found.signed]


def _flag(record: Record, reasons: list[tuple[str, dict[str, Any]]], at: datetime) -> None:
    rows = {
        why: Suspicion(estate_id=record.estate_id, record=record, why=why, detail=detail) for why, detail in reasons
    }
    Suspicion.objects.bulk_create(rows.values())
    if rows:
        why = [str(Suspicion.Why(each).label) for each in rows]
        Event.objects.record(
            Action.RECORD_FLAGGED,
            record,
            at=at,
            why=why[0],
            task=record.task.source_title,
            steward_id=record.by_id,
            reasons=[str(each) for each in rows],
        )


def tell_owner(task: Task, record: Record, by: Any, at: datetime) -> None:
    """VAC-05: the absent owner hears the result after each visit, with photos on the page that it leads to."""
    from guanjia.households.models import Occupancy

    day = clock.today(task.estate, record.done_at)
    homes = (
        Occupancy.objects.at_estate(task.estate_id)
        .filter(unit=task.unit, during__contains=day)
        .values_list("household_id", flat=True)
    )
    bad = record.findings.count()
    for household_id in set(homes):
        Event.objects.record(
            Action.VACANT_CHECKED,
            record,
            by=by,
            at=at,
            household_id=household_id,
            where=str(task.unit),
            count=bad,
            public=True,
        )

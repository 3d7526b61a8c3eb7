"""What looks wrong about many records at once: the questions of `suspecting`, each asked of the whole batch."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection

from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.form_book import form

from .models.suspicion import Suspicion
from .sameness import ALIKE
from .suspecting import SEEN
from .whereabouts import belongs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from .models import Record

Why = Suspicion.Why

# A round of the same day that should have come before and had not.
ORDER = """
SELECT DISTINCT ON (record.id) record.id, earlier.slot
FROM duties_record AS record
JOIN duties_task AS task ON task.estate_id = record.estate_id AND task.id = record.task_id
JOIN duties_task AS earlier ON earlier.estate_id = task.estate_id AND earlier.subject_kind = task.subject_kind
    AND earlier.subject_id = task.subject_id AND earlier.key = task.key AND earlier.day = task.day AND earlier.due_at < task.due_at
WHERE record.estate_id = %(estate)s AND record.id = ANY(%(records)s) AND earlier.waived_at IS NULL
    AND (earlier.done_at > record.done_at OR (earlier.done_at IS NULL AND earlier.due_at > record.done_at))
ORDER BY record.id, earlier.due_at
"""
SEEN_BEFORE = """
SELECT DISTINCT ON (mine.record_id) mine.record_id, other.record_id
FROM duties_recordphoto AS mine
JOIN duties_recordphoto AS other ON other.estate_id = mine.estate_id AND other.record_id <> mine.record_id AND other.id < mine.id
WHERE mine.estate_id = %(estate)s AND mine.record_id = ANY(%(records)s) AND (other.digest = mine.digest
    OR (bit_count((other.looks # mine.looks)::bit(64)) <= %(alike)s AND EXISTS (SELECT FROM duties_record AS before
        WHERE before.estate_id = other.estate_id AND before.id = other.record_id AND before.received_at > %(since)s)))
ORDER BY mine.record_id, other.id DESC
"""


def doubt_many(estate: Any, records: list[Record], spots: Mapping[int, Any], at: datetime) -> list[Suspicion]:
    """Flag those that look wrong; each is told like any other. `spots`: task → whose label was scanned."""
    found = {
        (record.pk, why): detail for record in records for why, detail in _alone(record, spots.get(record.task_id))
    }
    values = {"estate": estate.pk, "records": [record.pk for record in records], "since": at - SEEN, "alike": ALIKE}
    with connection.cursor() as cursor:
        for why, name, statement in ((Why.ORDER, "slot", ORDER), (Why.SEEN_PHOTO, "record", SEEN_BEFORE)):
            cursor.execute(statement, values)
            found |= {(pk, why): {name: told} for pk, told in cursor.fetchall()}
    made = Suspicion.objects.bulk_create(
        Suspicion(estate_id=estate.pk, record_id=pk, why=why, detail=detail) for (pk, why), detail in found.items()
    )
    _tell(records, made)
    return made


def _alone(record: Record, spot: Any) -> Iterator[tuple[Why, dict[str, Any]]]:
    """What a record shows by itself."""
    task, dwell = record.task, form(record.form).dwell
    if record.done_at < task.opens_at:
        yield Why.EARLY, {"opens_at": task.opens_at.isoformat()}
    if dwell and record.began_at and record.done_at - record.began_at < dwell:
        yield Why.TOO_FAST, {"seconds": max(0, round((record.done_at - record.began_at) / timedelta(seconds=1)))}
    if spot is not None and not belongs(task, spot):
        yield Why.FAR, {"label": str(spot)}
    elif spot is None and "mark" in task.duty.proof:
        yield Why.NO_MARK, {}


def _tell(records: list[Record], made: list[Suspicion]) -> None:
    reasons: dict[int, list[str]] = {}
    for row in made:
        reasons.setdefault(row.record_id, []).append(str(row.why))
    for record in records:
        if why := reasons.get(record.pk):
            Event.objects.record(
                Action.RECORD_FLAGGED, record, at=record.received_at, why=str(Why(why[0]).label), task=record.task.source_title,
                steward_id=record.by_id, reasons=why,
            )  # fmt: skip

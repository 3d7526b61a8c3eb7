"""On 今日: trainings one is asked to today, exams one may sit, with their deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.urls import reverse

from guanjia.tickets.agenda import Entry

if TYPE_CHECKING:
    from guanjia.people.reach import Reach

AHEAD = timedelta(hours=24)
# Trainings that begin soon or run, which one has not signed in to; an exam one has begun.
MINE = """
SELECT 'training', s.id, s.title, s.place, s.starts_at, s.ends_at FROM training_attendee a
    JOIN training_session s ON s.estate_id = a.estate_id AND s.id = a.session_id
    WHERE a.estate_id = %(e)s AND a.person_id = %(p)s AND a.signed_at IS NULL AND s.held_at IS NULL AND s.called_off_at IS NULL
        AND s.starts_at <= %(soon)s AND s.ends_at > %(now)s
UNION ALL
SELECT 'exam', t.id, x.title, '', t.began_at, t.due_at FROM training_attempt t
    JOIN training_exam x ON x.estate_id = t.estate_id AND x.id = t.exam_id
    WHERE t.estate_id = %(e)s AND t.person_id = %(p)s AND t.ended_at IS NULL AND t.due_at > %(now)s
ORDER BY 6 LIMIT 20
"""


@dataclass(frozen=True)
class Line:
    kind: str  # training, exam
    pk: int
    title: str
    place: str
    starts_at: datetime
    due_at: datetime
    url: str


class Training:
    """The source that training registers (guanjia/tickets/agenda.py). It takes part in no count: nothing of it is late."""

    def pressing(self, reach: Reach, show: str, now: datetime, most: int) -> list[Entry]:
        return self._entries(reach, now)[:most] if show in ("all", "mine") else []

    def worked(self, reach: Reach, show: str, now: datetime, most: int) -> list[Entry]:
        return self._entries(reach, now)[:most] if show == "todo" else []

    def counts(self, reach: Reach, now: datetime) -> dict[str, int]:
        return {}

    def here(self, reach: Reach, spot: Any) -> list[Entry]:
        return []

    def _entries(self, reach: Reach, now: datetime) -> list[Entry]:
        with connection.cursor() as cursor:
            cursor.execute(MINE, {"e": reach.estate.pk, "p": reach.person_id, "now": now, "soon": now + AHEAD})
            rows = cursor.fetchall()
        pages = {"training": "training:session", "exam": "training:paper"}
        lines = [
            Line(kind, pk, title, place, starts_at, due_at, reverse(pages[kind], args=[reach.estate.code, pk]))
            for kind, pk, title, place, starts_at, due_at in rows
        ]
        return [
            Entry("training/parts/agenda_line.html", "training/parts/agenda_card.html", line, line.starts_at if line.kind == "training" else line.due_at)
            for line in lines
        ]

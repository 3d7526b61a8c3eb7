"""What somebody has to put right, look at again, inspect or deliver: on 今日, in due order (issue 6 line 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.tickets.agenda import Entry

from .campaign_book import campaign_book

if TYPE_CHECKING:
    from guanjia.people.reach import Reach

AHEAD = timedelta(days=3)  # what falls due so soon is shown
# One's own: to put right, to inspect, to deliver.
MINE = """
SELECT 'fix', r.id, r.due_on AS day, r.words FROM quality_rectification r
    JOIN quality_fixround n ON n.estate_id = r.estate_id AND n.rectification_id = r.id AND n.number = r.round AND n.done_at IS NULL
    WHERE r.estate_id = %(e)s AND r.responsible_id = %(p)s AND r.closed_at IS NULL AND r.due_on <= %(until)s
UNION ALL
SELECT 'inspection', i.id, i.planned_on, i.title FROM quality_inspection i
    WHERE i.estate_id = %(e)s AND (i.inspector_id = %(p)s OR i.companion_id = %(p)s) AND i.finished_at IS NULL AND i.called_off_at IS NULL AND i.planned_on <= %(until)s
UNION ALL
SELECT 'step', s.id, s.due_on, s.key FROM quality_step s
    WHERE s.estate_id = %(e)s AND s.responsible_id = %(p)s AND s.done_at IS NULL AND s.due_on <= %(until)s
ORDER BY day, 2 LIMIT %(n)s
"""
COUNT = f"SELECT count(*), count(*) FILTER (WHERE day < %(today)s) FROM ({MINE}) AS due"
MOST = 1000


@dataclass(frozen=True)
class Line:
    kind: str  # fix, inspection, step
    pk: int
    day: date
    words: str
    due_at: datetime
    url: str

    keep: str = ""  # the page that the phone keeps for the time without signal

    @property
    def title(self) -> str:
        return _(campaign_book().steps[self.words].title) if self.kind == "step" else self.words

    @property
    def label(self) -> str:
        return {"fix": _("整改"), "inspection": _("检查"), "step": _("品质活动")}[self.kind]

    @property
    def act(self) -> str:
        return {"fix": _("交整改"), "inspection": _("打分"), "step": _("交资料")}[self.kind]


class Quality:
    """The source that quality registers (guanjia/tickets/agenda.py)."""

    def pressing(self, reach: Reach, show: str, now: datetime, most: int) -> list[Entry]:
        if show == "unassigned":
            return []
        return [self._entry(line) for line in self._lines(reach, now, most) if show != "late" or line.due_at < now]

    def worked(self, reach: Reach, show: str, now: datetime, most: int) -> list[Entry]:
        return [self._entry(line) for line in self._lines(reach, now, most)] if show == "todo" else []

    def counts(self, reach: Reach, now: datetime) -> dict[str, int]:
        if not reach.is_staff:
            return {}
        with connection.cursor() as cursor:
            cursor.execute(COUNT, {**self._named(reach, now), "n": MOST, "today": clock.today(reach.estate, now)})
            count, late = cursor.fetchone()
        return {"open": count, "late": late, "mine": count}

    def here(self, reach: Reach, spot: Any) -> list[Entry]:
        return []

    def _named(self, reach: Reach, now: datetime) -> dict[str, Any]:
        return {"e": reach.estate.pk, "p": reach.person_id, "until": clock.today(reach.estate, now) + AHEAD}

    def _lines(self, reach: Reach, now: datetime, most: int) -> list[Line]:
        if not reach.is_staff:
            return []
        with connection.cursor() as cursor:
            cursor.execute(MINE, {**self._named(reach, now), "n": most})
            rows = cursor.fetchall()
        zone, code = ZoneInfo(reach.estate.time_zone), reach.estate.code
        pages = {"fix": "quality:fix", "inspection": "quality:sheet", "step": "quality:step"}
        return [
            Line(kind, pk, day, words, datetime.combine(day + timedelta(1), time(), zone), reverse(pages[kind], args=[code, pk]),
                 reverse("quality:sheet", args=[code, pk]) if kind == "inspection" else "")
            for kind, pk, day, words in rows
        ]  # fmt: skip

    def _entry(self, line: Line) -> Entry:
        return Entry("quality/parts/agenda_line.html", "quality/parts/agenda_card.html", line, line.due_at)

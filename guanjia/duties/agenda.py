"""Tasks on 今日: one's own, nobody's and late ones, among the tickets and in due order (issue 3 point 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from guanjia import clock
from guanjia.estates.models import Entrance
from guanjia.tickets.agenda import Entry
from guanjia.tickets.workbench import SOON

from .models import Task
from .whereabouts import belongs

if TYPE_CHECKING:
    from guanjia.people.reach import Reach

LINKS = ("duty", "unit", "place", "building", "zone", "person")
KEPT = timedelta(hours=12)  # a task stays on the list that long after it fell due: late is better than never
FEW = 3  # equal tasks are shown as one line from so many on
MOST = 2000  # open tasks counted at most


@dataclass(frozen=True)
class Line:
    """A task as one line; costs no query when its links were brought along."""

    task: Task
    reach: Reach

    @property
    def mine(self) -> bool:
        return bool(self.task.person_id == self.reach.person_id)

    @property
    def spots(self) -> str:
        """Labels that fit, by letter and id: what the phone can check without signal."""
        pairs = (
            ("u", self.task.unit_id),
            ("p", self.task.place_id),
            ("e", self.task.subject_id if self.task.subject_kind == "entrance" else None),
        )
        return " ".join(f"{letter}{pk}" for letter, pk in pairs if pk)


@dataclass(frozen=True)
class Fold:
    """Many tasks of one duty as one line that opens."""

    entries: list[Entry]

    @property
    def title(self) -> str:
        title: str = self.entries[0].line.task.title
        return title

    @property
    def first(self) -> datetime | None:
        return self.entries[0].due_at


def folded(entries: list[Entry], now: datetime) -> list[Entry]:
    """Tasks of one duty and person that are not late, FEW or more, under one line where the first of them stands."""
    alike: dict[Any, list[Entry]] = {}
    for entry in entries:
        task = entry.line.task
        alike.setdefault((task.key, task.person_id, task.pk if task.due_at < now else 0), []).append(entry)
    found: list[Entry] = []
    for some in alike.values():
        many = len(some) >= FEW
        found += [Entry("duties/parts/fold.html", "", Fold(some), some[0].due_at)] if many else some
    return found


def midnight(reach: Reach, now: datetime) -> datetime:
    """The end of today at the estate."""
    day = clock.today(reach.estate, now) + timedelta(days=1)
    return datetime.combine(day, time(), ZoneInfo(reach.estate.time_zone))


def waiting(reach: Reach, now: datetime) -> Any:
    """Open tasks in reach that have begun or begin today, and were not due too long ago."""
    rows = Task.objects.at_estate(reach.estate).visible_to(reach).open()
    return rows.filter(opens_at__lt=midnight(reach, now), due_at__gt=now - KEPT)


def own(reach: Reach, now: datetime) -> Any:
    """What this person has to do today, in due order."""
    return waiting(reach, now).filter(person_id=reach.person_id).select_related(*LINKS).order_by("due_at", "pk")


def _segment(reach: Reach, show: str, now: datetime) -> Any:
    rows = waiting(reach, now)
    mine, begun = Q(person_id=reach.person_id), Q(opens_at__lte=now)
    match show:
        case "mine":
            return rows.filter(mine)
        case "late":
            return rows.filter(due_at__lt=now)
        case "unassigned":
            return rows.filter(begun, person__isnull=True)
    return rows.filter(mine | begun & Q(person__isnull=True))


class Tasks:
    """The source that duties register (guanjia/tickets/agenda.py)."""

    def pressing(self, reach: Reach, show: str, now: datetime, most: int) -> list[Entry]:
        rows = _segment(reach, show, now).select_related(*LINKS).order_by("due_at", "pk")[:most]
        return folded(self._entries(rows, reach), now)

    def worked(self, reach: Reach, show: str, now: datetime, most: int) -> list[Entry]:
        if show == "todo":
            return self._entries(own(reach, now)[:most], reach)
        if show == "done":
            rows = Task.objects.at_estate(reach.estate).filter(
                done_by_id=reach.person_id, done_at__gt=now - timedelta(days=7)
            )
            return self._entries(rows.select_related(*LINKS).order_by("-done_at")[:most], reach)
        return []

    def counts(self, reach: Reach, now: datetime) -> dict[str, int]:
        late, mine = Q(due_at__lt=now), Q(person_id=reach.person_id)
        nobodys = Q(person__isnull=True, opens_at__lte=now)
        rows = Task.objects.at_estate(reach.estate).filter(
            pk__in=waiting(reach, now).filter(mine | late | nobodys).order_by("due_at").values("pk")[:MOST]
        )
        found: dict[str, int] = rows.aggregate(
            open=Count("pk", filter=mine | nobodys), late=Count("pk", filter=late), mine=Count("pk", filter=mine), unassigned=Count("pk", filter=nobodys),
            soon=Count("pk", filter=Q(due_at__gte=now, due_at__lte=now + SOON)),
        )  # fmt: skip
        return found

    def here(self, reach: Reach, spot: Any) -> list[Entry]:
        return self._entries([task for task in own(reach, clock.now())[:200] if belongs(task, spot)], reach)

    def _entries(self, rows: Any, reach: Reach) -> list[Entry]:
        tasks = list(rows)
        with_entrances(reach, tasks)
        return [
            Entry("duties/parts/line.html", "duties/parts/card.html", Line(row, reach), row.due_at) for row in tasks
        ]


def with_entrances(reach: Reach, tasks: list[Task]) -> None:
    """Bring the entrances that tasks are about in one query."""
    about = [task for task in tasks if task.subject_kind == "entrance"]
    if about:
        found = (
            Entrance.objects.at_estate(reach.estate)
            .select_related("building")
            .in_bulk([task.subject_id for task in about])
        )
        for task in about:
            task.entrance = found.get(task.subject_id)

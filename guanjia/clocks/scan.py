"""The due scan: one indexed claim, then set-based writing, in one transaction per batch (design §5)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection

from guanjia.tenancy.scope import ALL, estate_scope

from .ladder import Telling, advance
from .models.clock import Clock, ClockQuerySet
from .rolling import roll
from .telling import announce

if TYPE_CHECKING:
    from guanjia.estates.models import Estate

MARGIN = timedelta(minutes=2)  # longer than any transaction that writes a clock
SWEEP = timedelta(minutes=10)

# What telling needs of a clock; the rest is not read five hundred times.
READ = ("estate", "ticket", "kind", "step", "steps", "tells", "due_at", "repeats", "allowed", "calendar", "next_at")

ADVANCE = """
UPDATE clocks_clock AS c SET step = n.step, next_at = n.next_at
FROM unnest(%s::bigint[], %s::bigint[], %s::smallint[], %s::timestamptz[]) AS n (estate_id, id, step, next_at)
WHERE c.estate_id = n.estate_id AND c.id = n.id
"""


def scan(now: datetime, estate: Estate | int | None = None, limit: int = 500, since: datetime | None = None) -> dict[str, int]:
    """Tell every step that fell due by `now`, each once. Returns {reminded, breached, escalated}.

    Any number of scanners may run at once; a crash loses nothing, since a batch is one transaction. `since` leaves out
    what was due before that instant (see Scanner).
    """
    counts: Counter[str] = Counter(reminded=0, breached=0, escalated=0)
    busy: set[int] = set()
    full = True
    while full:
        with estate_scope(ALL if estate is None else estate):
            rows = claim(now, estate, limit, since, busy)
            full = len(rows) == limit
            counts.update(_tell(rows, now, busy))
    return dict(counts)


def claim(
    now: datetime, estate: Estate | int | None = None, limit: int = 500, since: datetime | None = None, but: Any = ()
) -> list[Clock]:
    """Lock the clocks the house must look at, nearest first, leaving those another scanner holds."""
    return list(due(now, estate, limit, since, but).only(*READ))


def due(
    now: datetime, estate: Estate | int | None = None, limit: int = 500, since: datetime | None = None, but: Any = ()
) -> ClockQuerySet:
    """The claim as a query: one look into the partial index on `next_at`."""
    rows = Clock.objects.filter(stopped_at__isnull=True, paused_at__isnull=True, next_at__lte=now)
    if estate is not None:
        rows = rows.at_estate(estate)
    if since is not None:
        rows = rows.filter(next_at__gt=since)
    if but:
        rows = rows.exclude(pk__in=but)
    return rows.select_for_update(skip_locked=True, no_key=True).order_by("next_at")[:limit]


def _tell(rows: list[Clock], now: datetime, busy: set[int]) -> dict[str, int]:
    told: list[Telling] = []
    due_again = [row for row in rows if row.repeats and row.due_at < now]
    rolled, missed, left = roll(due_again, now)
    busy.update(left)
    for row in rows:
        if row.pk not in left:
            told += advance(row, now)
    _move([row for row in rows if row.pk not in left and row.pk not in rolled])
    return announce(told + missed, now)


def _move(rows: list[Clock]) -> None:
    if rows:
        columns = zip(*((row.estate_id, row.pk, row.step, row.next_at) for row in rows), strict=True)
        with connection.cursor() as cursor:
            cursor.execute(ADVANCE, list(map(list, columns)))


class Scanner:
    """A worker's memory of how far it has looked.

    Entries of clocks that were just closed stay in the index while an old snapshot is open, all before the last
    completed instant; reading from there steps over them. Every clock is written with `next_at` not before that
    moment, so nothing is passed by but by a transaction longer than MARGIN, and a full sweep finds that too.
    """

    def __init__(self) -> None:
        self.seen: datetime | None = None
        self.swept: datetime | None = None

    def __call__(self, now: datetime) -> dict[str, int]:
        """Scan all estates up to `now`."""
        whole = self.seen is None or self.swept is None or now < self.seen or now - self.swept >= SWEEP
        counts = scan(now, since=None if whole or self.seen is None else self.seen - MARGIN)
        self.seen = now
        self.swept = now if whole else self.swept
        return counts

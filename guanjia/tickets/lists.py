"""The ticket list: filters from the address, keyset pages, bounded walks.

Open tickets are walked by deadline (`ticket_open_due`), all others by time of report (`ticket_recent`). A filter that no
index serves looks at `WINDOW` tickets at most and then offers to go on from there: a page costs the same among a
thousand tickets and among a million. LIKE is not leakproof, so words are looked for inside that window only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q
from django.utils.dateparse import parse_datetime

from guanjia.tenancy.reading import row_id

from .callers import find_households
from .kinds import Channel, Kind, Klass, Stage
from .models import Ticket
from .workbench import LINKS, seen_by, shown, with_workers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guanjia.people.reach import Reach

PAGE = 50
WINDOW = 8_000  # tickets looked at for one page when no index serves the filter
PERIODS = {"7": 7, "30": 30, "90": 90, "365": 365, "all": 0}
SHOWS = ("open", "mine", "late", "unassigned", "all")
CHOICES = {"stage": Stage.values, "klass": Klass.values, "kind": Kind.values, "channel": Channel.values}
NUMBER = re.compile(r"^\d{6}-?\d{0,8}$")
SORTS = {"due": ("due_at", False), "-due": ("due_at", True), "reported": ("reported_at", False), "-reported": ("reported_at", True)}


def _one_of(known: Any, given: str, otherwise: str) -> str:
    return given if given in known else otherwise


@dataclass
class Page:
    rows: list[Ticket]
    previous: str = ""
    next: str = ""
    searched_to: datetime | None = None  # the window ended here; there may be more behind it


@dataclass
class ListQuery:
    """One reading of the address. Nonsense in it is ignored, never an error."""

    reach: Reach
    get: Mapping[str, str]
    now: datetime
    households: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        get = self.get
        self.q = get.get("q", "").strip()[:80]
        self.picked: dict[str, Any] = {name: value for name in CHOICES if (value := get.get(name, "")) in CHOICES[name]}
        self.picked |= {name: key for name in ("zone", "building", "steward") if (key := row_id(get.get(name, "")))}
        closed = self.picked.get("stage") in (Stage.ARCHIVED, Stage.CANCELLED, Stage.MERGED)
        self.show = _one_of(SHOWS, get.get("show", ""), "all" if self.q or closed else "open")
        if closed:
            self.show = "all"
        self.period = _one_of(PERIODS, get.get("period", ""), "90" if self.show == "all" else "all")
        self.sort = _one_of(SORTS, get.get("sort", ""), "due")
        if self.show == "all" and self.sort.endswith("due"):
            self.sort = "-reported"
        if self.q and not self.is_number and get.get("in") != "words":
            self.households = find_households(self.reach, self.q, 20)

    @property
    def is_number(self) -> bool:
        return bool(NUMBER.match(self.q))

    @property
    def in_words(self) -> bool:
        return bool(self.q) and not self.is_number and not self.households

    def page(self, size: int = PAGE) -> Page:
        rows, backward = self.rows(), bool(self.get.get("before"))
        cursor = self._cursor(self.get.get("before") or self.get.get("after", ""))
        end = self._window_end(cursor, backward)
        if cursor:
            rows = rows.filter(self._beyond(cursor, backward))
        if end:
            rows = rows.filter(reported_at__lte=end) if self._downward == backward else rows.filter(reported_at__gte=end)
        found = list(self._order(rows, backward).select_related(*LINKS)[: size + 1])
        more, found = len(found) > size, found[:size]
        if backward:
            found.reverse()
        with_workers(found)
        page = Page(found)
        if found and (more if backward else bool(cursor)):
            page.previous = self._key(found[0])
        if found and (more or backward):
            page.next = self._key(found[-1])
        if end and not more:
            page.searched_to, page.next = end, f"{end.isoformat()}_{0 if self._downward else 2**62}"
        return page

    def ordered(self) -> Any:
        """All of them in reading order, for the export."""
        return self._order(self.rows(), False)

    def rows(self) -> Any:
        """The filtered tickets, unordered."""
        rows = seen_by(self.reach) if self.show == "all" else shown(self.reach, self.show, self.now)
        if days := PERIODS[self.period]:
            rows = rows.filter(reported_at__gte=self.now - timedelta(days=days))
        picked = dict(self.picked)
        if building := picked.pop("building", None):
            rows = rows.filter(Q(unit__building=building) | Q(place__building=building))
        for name in ("zone", "steward"):
            if name in picked:
                picked[f"{name}_id"] = picked.pop(name)
        return self._searched(rows.filter(**picked))

    def _searched(self, rows: Any) -> Any:
        if not self.q:
            return rows
        if self.is_number:
            return self._numbered(rows)
        if self.households:
            units = [hit.unit_id for hit in self.households]
            which = Q(household_id__in=[hit.household_id for hit in self.households])
            return rows.filter(which | Q(unit_id__in=units) if self.show != "all" else which)
        return rows.filter(Q(words__icontains=self.q) | Q(reporter_name__icontains=self.q) | Q(where__icontains=self.q))

    def _numbered(self, rows: Any) -> Any:
        """A number begins with its day: look only there, and let the rest be compared row by row."""
        digits = self.q.replace("-", "")
        prefix = f"{digits[:6]}-{digits[6:]}"
        if len(digits) >= 10:
            return rows.filter(number=prefix)
        try:
            day = datetime.strptime(digits[:6] + "+0000", "%y%m%d%z")
        except ValueError:
            return rows.none()
        return rows.filter(reported_at__gte=day - timedelta(days=1), reported_at__lt=day + timedelta(days=2), number__startswith=prefix)

    @property
    def _downward(self) -> bool:
        return self.sort.startswith("-")

    @property
    def _needs_window(self) -> bool:
        """Whether a page might walk far: by time of report, with a filter (or a reach) that its index does not serve."""
        if self.show != "all" or self.households or self.is_number:
            return False
        served = set(self.picked) <= {"stage"} or set(self.picked) == {"zone"}
        return not served or self.in_words or self.reach.sees != "estate"

    def _window_end(self, cursor: tuple[datetime | None, int] | None, backward: bool) -> datetime | None:
        if not self._needs_window:
            return None
        walk = Ticket.objects.at_estate(self.reach.estate)
        if days := PERIODS[self.period]:
            walk = walk.filter(reported_at__gte=self.now - timedelta(days=days))
        down = self._downward != backward
        if cursor and cursor[0]:
            walk = walk.filter(reported_at__lte=cursor[0]) if down else walk.filter(reported_at__gte=cursor[0])
        order = ("-reported_at", "-id") if down else ("reported_at", "id")
        return next(iter(walk.order_by(*order).values_list("reported_at", flat=True)[WINDOW : WINDOW + 1]), None)

    def _order(self, rows: Any, backward: bool) -> Any:
        name, down = SORTS[self.sort]
        down = down != backward
        if name == "due_at":  # empty deadlines are last in reading order
            empty = {"nulls_first": True} if backward else {"nulls_last": True}
            return rows.order_by(F(name).desc(**empty) if down else F(name).asc(**empty), "-id" if down else "id")
        return rows.order_by(*(("-reported_at", "-id") if down else ("reported_at", "id")))

    def _key(self, row: Ticket) -> str:
        at = getattr(row, SORTS[self.sort][0])
        return f"{at.isoformat() if at else ''}_{row.pk}"

    def _cursor(self, key: str) -> tuple[datetime | None, int] | None:
        at, _line, last = key.rpartition("_")
        try:
            instant = parse_datetime(at) if at else None
        except ValueError:
            return None
        if (pk := row_id(last)) is None or (at and (instant is None or instant.tzinfo is None)) or (not at and not self.sort.endswith("due")):
            return None
        return instant, pk

    def _beyond(self, cursor: tuple[datetime | None, int], backward: bool) -> Q:
        """The rows behind the cursor in reading order; empty deadlines are last either way."""
        name, down = SORTS[self.sort]
        at, pk = cursor
        down = down != backward
        further = Q(id__lt=pk) if down else Q(id__gt=pk)
        if at is None:
            same = Q(**{f"{name}__isnull": True}) & further
            return same | Q(**{f"{name}__isnull": False}) if backward else same
        bound, strict = ("lte", "lt") if down else ("gte", "gt")
        found = Q(**{f"{name}__{bound}": at}) & (Q(**{f"{name}__{strict}": at}) | further)
        return found | Q(**{f"{name}__isnull": True}) if name == "due_at" and not backward else found

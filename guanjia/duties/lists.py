"""The list of tasks for who supervises: filters from the address, pages by keyset, the same rows as an Excel file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import IO, TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.clocks.calendars import workdays
from guanjia.people.roles import roles, title_of
from guanjia.rulebooks.books import Window
from guanjia.rulebooks.shifts import pattern_of, spans_of
from guanjia.tenancy.reading import row_id
from guanjia.tenancy.workbooks import Workbook

from .agenda import LINKS
from .cadence import Shift, parse, slots
from .models import Duty, Task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guanjia.people.reach import Reach

PAGE, FILE = 50, 20_000
SHOWS = ("open", "late", "unassigned", "coming", "done", "waived")
BACKWARD = ("late", "done", "waived")  # the newest first
FAR = timedelta(days=365)


@dataclass
class TaskQuery:
    """One reading of the address. Nonsense in it is ignored."""

    reach: Reach
    get: Mapping[str, str]
    now: datetime

    def __post_init__(self) -> None:
        get = self.get
        self.show = get.get("show", "") if get.get("show") in SHOWS else "open"
        self.role = get.get("role", "") if get.get("role") in roles() else ""
        self.key = get.get("duty", "")[:60]
        self.zone, self.person = row_id(get.get("zone")), row_id(get.get("person"))

    @property
    def narrowed(self) -> bool:
        return bool(self.role or self.key or self.zone or self.person)

    def rows(self) -> Any:
        rows = Task.objects.at_estate(self.reach.estate).visible_to(self.reach)
        picked = {"role": self.role, "key": self.key, "zone_id": self.zone, "person_id": self.person}
        return self.shown(rows.filter(**{name: value for name, value in picked.items() if value}))

    def shown(self, rows: Any) -> Any:
        now = self.now
        match self.show:
            case "late":
                return rows.open().filter(due_at__lt=now, due_at__gt=now - FAR)
            case "unassigned":
                return rows.open().filter(person__isnull=True, due_at__gte=now)
            case "coming":
                return rows.open().filter(opens_at__gt=now, due_at__gte=now)
            case "done":
                return rows.filter(done_at__isnull=False)
            case "waived":
                return rows.filter(waived_at__isnull=False)
        return rows.open().filter(opens_at__lte=now, due_at__gte=now)

    @property
    def order(self) -> tuple[str, str]:
        return ("-due_at", "-pk") if self.show in BACKWARD else ("due_at", "pk")

    def page(self) -> tuple[list[Task], str]:
        """The rows and the cursor of the next page."""
        found = list(self._after(self.rows()).select_related(*LINKS).order_by(*self.order)[: PAGE + 1])
        more = len(found) > PAGE
        last = found[PAGE - 1] if more else None
        return found[:PAGE], f"{last.due_at.isoformat()}_{last.pk}" if last else ""

    def _after(self, rows: Any) -> Any:
        text, _line, last = self.get.get("after", "").rpartition("_")
        try:
            at = parse_datetime(text)
        except ValueError:
            at = None
        if not at or at.tzinfo is None or (pk := row_id(last)) is None:
            return rows
        way = "lt" if self.show in BACKWARD else "gt"
        return rows.filter(Q(**{f"due_at__{way}": at}) | Q(due_at=at, **{f"pk__{way}": pk}))


def state_of(task: Task, now: datetime) -> tuple[str, str]:
    """(words, tone) of where a task stands."""
    if task.waived_at:
        return _("不用做"), "mute"
    if task.done_at:
        return (_("迟到完成"), "soon") if task.done_at > task.due_at else (_("已完成"), "good")
    if task.due_at < now:
        return _("到时未做"), "bad"
    return (_("未开始"), "mute") if task.opens_at > now else (_("进行中"), "info")


def workbook(query: TaskQuery) -> IO[bytes]:
    """The rows as a file, at most FILE of them."""
    book = Workbook(ZoneInfo(query.reach.estate.time_zone))
    heads: list[tuple[str, int, Any]] = [
        (_("任务"), 30, lambda row: row.title), (_("位置"), 20, lambda row: row.whereabouts), (_("岗位"), 14, lambda row: title_of(row.role)),
        (_("责任人"), 10, lambda row: row.person and row.person.name), (_("开始"), 17, lambda row: row.opens_at), (_("时限"), 17, lambda row: row.due_at),
        (_("状态"), 10, lambda row: state_of(row, query.now)[0]), (_("完成时间"), 17, lambda row: row.done_at),
    ]  # fmt: skip
    book.sheet(_("任务"), [(title, width) for title, width, _value in heads])
    rows = query.rows().select_related(*LINKS).order_by(*query.order)[:FILE].iterator(2000)
    book.rows([value(row) for _title, _width, value in heads] for row in rows)
    return book.done()


class Coming(NamedTuple):
    duty: Duty
    opens_at: datetime
    due_at: datetime


def week(reach: Reach, first: date, role: str = "") -> list[tuple[date, list[Coming]]]:
    """What the rules in force bring in the seven days from `first`: by day, what begins on it, in order."""
    estate, last = reach.estate, first + timedelta(days=6)
    found: dict[date, list[Coming]] = {first + timedelta(days=n): [] for n in range(7)}
    rows = Duty.objects.at_estate(estate).filter(ended_at__isnull=True)
    now, works = clock.now(), workdays(estate)
    for duty in rows.filter(role=role) if role else rows:
        shifts = [Shift(*span) for span in spans_of(pattern_of(estate, duty.role, now))]
        for slot in slots(parse(duty.cadence), first, last, estate.time_zone, Window(**duty.window), works, shifts):
            found[slot.day].append(Coming(duty, slot.opens_at, slot.due_at))
    return [(day, sorted(coming, key=lambda each: (each.opens_at, each.due_at, each.duty.key))) for day, coming in found.items()]

"""Making tasks ahead of time (decision 8): one statement an estate, run again harmlessly, healed after downtime."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q

from guanjia import clock
from guanjia.clocks.calendars import workdays
from guanjia.estates.models import Estate, Zone
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.books import Window
from guanjia.rulebooks.shifts import pattern_of, spans_of
from guanjia.tenancy.scope import estate_scope

from .cadence import Shift, Slot, event_slot, parse, slots
from .crew import Crew, Turn, crews
from .laying import LOOK_BACK, lay_changes, rules_digest
from .making import MAKE, SUBJECTS
from .models import Duty, Enactment
from .triggers import happened, moved_on
from .withdrawing import withdraw

HORIZON = timedelta(hours=48)
GRACE = timedelta(minutes=10)  # a task made so long after its window opened is not late
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Kind(NamedTuple):
    """Duties of one kind have the same slots."""

    cadence: str
    window: str
    pattern: str


class Place(NamedTuple):
    """A slot with the event that opened it and where that was; nothing for what the calendar opens."""

    slot: Slot
    event: int | None = None
    zone: int | None = None
    unit: int | None = None
    place: int | None = None
    household: int | None = None


Memory = dict[Any, list[Slot]]  # slots of one run, shared by the estates of a company


def generate(
    now: datetime, estate: Estate | None = None, *, until: datetime | None = None, memory: Memory | None = None
) -> int:
    """Make the tasks that open by `until` (48 hours ahead). Returns how many are new; run again, none.

    Each estate is one transaction: a crash between two leaves whole estates behind, never half of one.
    """
    count, memory = 0, {} if memory is None else memory
    for each in [estate] if estate else Estate.objects.order_by("pk"):
        with estate_scope(each):
            count += _generate(each, Enactment.objects.held(each), now, until or now + HORIZON, memory)
    return count


def make_up(estate: Estate, since: datetime, until: datetime, *, first: bool = False) -> int:
    """What the house would have made by `since`, had it been at work then, of what opens until `until`; how many are new.

    What the estate remembers of its generations stays. `first`: nothing was made before, what is open at `since` is made
    too. Events count that were recorded up to `since`."""
    with estate_scope(estate):
        before = None if first else since
        return Run(estate, Enactment(estate=estate, made_at=before, made_to=before), since, until, first, {}).make()[0]


def is_due(estate: Estate, now: datetime) -> bool:
    """Whether there is a reason to generate: a new hour, a new rule, something that sets off a duty."""
    state = Enactment.objects.at_estate(estate).first()
    if state is None or state.is_stale(now) or rules_digest(estate, now) != state.digest:
        return True
    return bool(happened(estate, state, _triggers(estate), now - LOOK_BACK, now) and _unheard(estate, state, now))


def _triggers(estate: Estate) -> set[str]:
    rows = (
        Duty.objects.at_estate(estate)
        .filter(ended_at__isnull=True, cadence__contains="EVENT:")
        .values_list("cadence", flat=True)
    )
    return {name for text in rows for name in parse(text).triggers}


def _unheard(estate: Estate, state: Enactment, now: datetime) -> bool:
    """Whether an event came after the last generation; those before it have their tasks."""
    newer = Enactment(estate_id=estate.pk, events_to=max(state.events_to, state.events_seen))
    return bool(happened(estate, newer, _triggers(estate), now - LOOK_BACK, now))


def _generate(estate: Estate, state: Enactment, now: datetime, until: datetime, memory: Memory) -> int:
    changed = lay_changes(estate, state, now)
    today = clock.today(estate, now)
    sweep = bool(changed) or state.swept_on != today or state.made_to is None
    if state.made_at:
        withdraw(estate, now, today)
    run = Run(estate, state, now, until, sweep, memory)
    count, alone = run.make()
    state.keep(
        made_at=max(now, state.made_at or now), made_to=max(until, state.made_to or until),
        swept_on=today, **moved_on(estate, state, now),
    )  # fmt: skip
    if count:
        about = SimpleNamespace(noun="estate", pk=estate.pk, estate_id=estate.pk)
        Event.objects.record(Action.TASKS_MADE, about, by=None, at=now, told=False, count=count, unassigned=alone)
    return count


class Run:
    """One generation at one estate."""

    def __init__(
        self, estate: Estate, state: Enactment, now: datetime, until: datetime, sweep: bool, memory: Memory
    ) -> None:
        self.estate, self.state, self.now, self.until, self.sweep = estate, state, now, until, sweep
        self.memory, self.tz = memory, ZoneInfo(estate.time_zone)
        self.today = clock.today(estate, now)
        self.earliest = now - LOOK_BACK
        self.made_to = max(state.made_to or LONG_AGO, self.earliest)
        rows = Duty.objects.at_estate(estate).filter(Q(ended_at__isnull=True) | Q(ended_at__gt=self.earliest))
        self.duties: list[Any] = list(
            rows.values_list("pk", "cadence", "window", "role", "scope", "narrowed", "laid_at", named=True)
        )

    def make(self) -> tuple[int, int]:
        """(new tasks, those of them that nobody answers for)."""
        kinds: dict[Kind, list[Any]] = defaultdict(list)
        patterns = {role: pattern_of(self.estate, role, self.now) for role in {duty.role for duty in self.duties}}
        for duty in self.duties:
            kinds[Kind(duty.cadence, repr(sorted(duty.window.items())), patterns[duty.role])].append(duty)
        heard = self._heard()
        sets: list[tuple[list[Any], list[Place]]] = []
        for kind, duties in kinds.items():
            if found := self._slots(kind, duties, heard):
                sets.append((duties, found))
        return self._insert(sets) if sets else (0, 0)

    def _fresh(self, duty: Any) -> bool:
        """Laid down since the last generation: what its slots are was not asked yet."""
        return self.state.made_at is None or duty.laid_at > self.state.made_at

    def _heard(self) -> list[Any]:
        names = {name for text in {duty.cadence for duty in self.duties} for name in parse(text).triggers}
        return happened(self.estate, self.state, names, self.earliest, self.now)

    def _slots(self, kind: Kind, duties: list[Any], heard: list[Any]) -> list[Place]:
        """Those that some of the duties may still lack."""
        cadence, window = parse(kind.cadence), Window(**duties[0].window)
        fresh = min((duty.laid_at for duty in duties if self._fresh(duty)), default=None)
        laid = min(duty.laid_at for duty in duties)  # none of them has a slot that was over by then
        since = max(
            min(self.now if self.sweep else self.made_to, self.made_to, fresh or self.made_to), self.earliest, laid
        )
        longest = max(_length(part) for part in cadence.parts) + _extra(window)
        first, last = (
            (since.astimezone(self.tz) - longest).date(),
            (self.until.astimezone(self.tz) + _extra(window)).date(),
        )
        key = (kind, first, last, self.estate.time_zone, self.estate.company_id)
        if key not in self.memory:
            shifts = [Shift(*span) for span in spans_of(kind.pattern)]
            self.memory[key] = slots(cadence, first, last, self.estate.time_zone, window, workdays(self.estate), shifts)
        found = self.memory[key]
        places = [
            Place(slot) for slot in found
            if slot.opens_at <= self.until and slot.due_at > self.earliest and slot.due_at > laid
            and ((fresh and slot.due_at > fresh) or slot.opens_at > self.made_to or (self.sweep and slot.due_at > self.now))
        ]  # fmt: skip
        for each in heard:
            if set(each.triggers) & set(cadence.triggers):
                slot = event_slot(each.id, each.at, self.estate.time_zone, window)
                places.append(Place(slot, each.id, each.zone, each.unit, each.place, each.household))
        return places

    def _turn(self, slot: Slot) -> Turn:
        """Whose post counts: that of its day, for what opened earlier and is still open that of today."""
        past = slot.day < self.today < slot.due_at.astimezone(self.tz).date()
        due = (slot.due_at - timedelta(seconds=1)).astimezone(self.tz).date()
        return Turn(self.today if past else slot.day, due, slot.shift, slot.shift_day)

    def _insert(self, sets: list[tuple[list[Any], list[Place]]]) -> tuple[int, int]:
        turns: dict[Turn, int] = {}
        rows: list[Any] = []
        wanted: set[tuple[str, Turn, int]] = set()
        for number, (duties, places) in enumerate(sets):
            roles = {duty.role for duty in duties}
            for place in places:
                slot, turn = place.slot, self._turn(place.slot)
                at = turns.setdefault(turn, len(turns))
                wanted |= {(role, turn, at) for role in roles}
                rows.append((number, slot.key, slot.day, slot.opens_at, slot.due_at, slot.shift, at, *place[1:]))
        work = [
            (duty.pk, number, self._fresh(duty)) for number, (duties, _places) in enumerate(sets) for duty in duties
        ]
        duties = [duty for some, _places in sets for duty in some]
        crew = Crew(self.estate, min(turn.shift_day or turn.day for turn in turns), max(turn.due for turn in turns))
        zones = [None, *Zone.objects.at_estate(self.estate).values_list("pk", flat=True)]
        hands = crews(crew, wanted, zones)
        staff = [
            (role, person, zone or 0, number)
            for role in {duty.narrowed for duty in duties if duty.scope == "staff"}
            for turn, number in turns.items() for person, zone in crew.at_work(role, turn)
        ]  # fmt: skip
        values: dict[str, Any] = {
            "estate": self.estate.pk, "now": self.now, "late": self.now - GRACE, "today": self.today, "made_to": self.made_to, "sweep": self.sweep,
            **_columns("slot", ("set", "key", "day", "opens", "due", "shift", "turn", "event", "zone", "unit", "place", "household"), rows),
            **_columns("duty", ("id", "set", "fresh"), work), **_columns("hand", ("role", "zone", "turn", "people"), hands),
            **_columns("staff", ("role", "person", "zone", "turn"), staff),
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(MAKE.format(subjects=_subjects({duty.scope for duty in duties})), values)
            count, alone = cursor.fetchone()
        return int(count), int(alone)


def _columns(name: str, columns: tuple[str, ...], rows: list[Any]) -> dict[str, list[Any]]:
    """Rows turned into the arrays of a statement: slot_key, slot_day, …"""
    turned = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    return {f"{name}_{column}": list(values) for column, values in zip(columns, turned, strict=True)}


def _subjects(scopes: set[str]) -> str:
    """What the duties at hand are about."""
    return " UNION ALL ".join(f"({SUBJECTS[scope]})" for scope in sorted(scopes))


def _length(part: Any) -> timedelta:
    unit, count = part.length
    return timedelta(days={"day": 1, "week": 7, "month": 31, "year": 366}[unit] * count)


def _extra(window: Window) -> timedelta:
    """How far a window reaches beyond the dates of its cadence."""
    days = window.days if isinstance(window.days, int) else 31 if window.until else 1
    spare = sum((each for each in (window.early, window.within) if isinstance(each, timedelta)), timedelta(days=2))
    return timedelta(days=days) + spare

"""The ladder of a clock: its instants, what falls due, how a pause moves it. One clock at a time; nothing is written
here but by `hush`."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

from guanjia import clock as house_clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.schema import limits_book

from .calendars import calendar
from .models.clock import Clock

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.rulebooks.limits import Limit


AFTER = timedelta(microseconds=1)


class Telling(NamedTuple):
    """A step that fell due: what the event will say."""

    clock: Clock
    number: int  # of the step, from one
    action: Action
    tell: str
    at: datetime  # when it fell due
    times: int = 1  # intervals of a repeating limit that this one stands for


def wind(limit: Limit, ticket: Any, moment: str, start: datetime) -> Clock:
    """A clock for a limit, started and not yet saved; every instant of its ladder is planned now."""
    hours = calendar(ticket.estate_id, limit.calendar)
    allowed = limit.allows(ticket.klass)
    rungs = limit.rungs(allowed)
    row = Clock(
        estate_id=ticket.estate_id,
        ticket_id=ticket.pk,
        kind=limit.key,
        klass=ticket.klass,
        moment=moment,
        started_at=start,
        allowed=allowed,
        calendar=limit.calendar,
        due_at=hours.add(start, allowed),
        stops_on=list(limit.stops_on),
        repeats=limit.entry.repeat or "",
        pausable=limit.entry.pauses_on_hold,
        steps=[hours.add(start, after) for after, _tell in rungs],
        tells=[tell for _after, tell in rungs],
    )
    look(row)
    return row


def look(row: Clock, now: datetime | None = None) -> None:
    """Set when the house must look again: the next step, but never before now (the scan reads from a watermark)."""
    ahead = _heard_at(row)
    row.next_at = max(ahead, now or house_clock.now()) if ahead and not row.paused_at else None


def _heard_at(row: Clock) -> datetime | None:
    """From when on the next step is told: a reminder at its instant; a breach after it, as what comes at the very
    deadline is in time."""
    if row.step >= len(row.steps):
        return None
    at: datetime = row.steps[row.step]
    return at + AFTER if at >= row.due_at else at


def advance(row: Clock, now: datetime) -> list[Telling]:
    """Every step that fell due by `now` and was not told yet; the clock moves on past them."""
    told = []
    while (ahead := _heard_at(row)) and ahead <= now:
        row.step += 1
        told.append(telling(row, row.step))
    row.next_at = ahead
    return told


def breach_untold(row: Clock, by: datetime) -> list[Telling]:
    """The breach of a clock that ended late before the house had looked; reminders are no news any more."""
    number = row.breach_step
    if by <= row.due_at or row.step >= number:
        return []
    row.step = number
    return [telling(row, number)]


def telling(row: Clock, number: int) -> Telling:
    at = row.steps[number - 1]
    action = Action.CLOCK_REMINDED if at < row.due_at else Action.CLOCK_BREACHED if at == row.due_at else Action.CLOCK_ESCALATED
    return Telling(row, number, action, row.tells[number - 1], at)


def shift(row: Clock, resumed_at: datetime) -> Any:
    """Move what lay ahead when the clock was paused by the working time it was paused. Returns that time."""
    hours, paused_at = row.hours, row.paused_at
    assert paused_at is not None

    def moved(instant: datetime) -> datetime:
        return instant if instant <= paused_at else hours.add(resumed_at, hours.elapsed(paused_at, instant))

    waited = hours.elapsed(paused_at, resumed_at if row.due_at > paused_at else paused_at)
    row.steps = [moved(instant) for instant in row.steps]
    row.due_at = moved(row.due_at)
    row.paused_total += waited
    row.paused_at = None
    return waited


def hush(row: Clock, by: Any, at: datetime) -> None:
    """Acknowledge: nobody is told any more; a breach is still noted, since it is a fact."""
    by.must("clock.acknowledge")
    mine = Clock.objects.at_estate(row.estate_id).filter(pk=row.pk)
    row.__dict__.update(mine.select_for_update(no_key=True).get().__dict__)
    if row.acknowledged_at or row.stopped_at:
        return
    told, ahead = row.step, row.breach_step > row.step
    row.steps = row.steps[:told] + [row.due_at] * ahead
    row.tells = row.tells[:told] + [""] * ahead
    row.acknowledged_at, row.acknowledged_by_id = at, by.person_id
    look(row)
    row.save(update_fields=["steps", "tells", "acknowledged_at", "acknowledged_by", "next_at"])
    about = SimpleNamespace(noun="ticket", pk=row.ticket_id, estate_id=row.estate_id)
    Event.objects.record(Action.CLOCK_ACKNOWLEDGED, about, by=by, at=at, told=False, limit=plain_title(row.kind), kind=row.kind, clock=row.pk)


def plain_title(key: str) -> str:
    """A limit's title as the rulebook has it: events are translated when they are read."""
    entry = limits_book().limits.get(key)
    return entry.title if entry else key

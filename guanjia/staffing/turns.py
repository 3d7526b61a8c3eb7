"""Which shift somebody is in: the roster's, else the pattern of their post."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from guanjia import clock
from guanjia.clocks.calendar import shown
from guanjia.duties.models import Absence, Roster
from guanjia.people.models import Post
from guanjia.rulebooks.shifts import REST, pattern_of, shifts_book, spans_of

if TYPE_CHECKING:
    from guanjia.estates.models import Estate

EARLY = timedelta(hours=2)  # before a shift begins it is the one that somebody comes for
LATE = timedelta(hours=3)  # after its end somebody may still be handing over


class Turn(NamedTuple):
    day: date
    shift: str
    starts: datetime
    ends: datetime


def turn_of(estate: Estate, person_id: int, at: datetime) -> Turn | None:
    """The shift that runs, is about to begin or has just ended; nothing on a day of rest or for who has no post."""
    today = clock.today(estate, at)
    turns = [
        turn
        for day in (today, today - timedelta(days=1), today + timedelta(days=1))
        for turn in _turns(estate, person_id, day, at)
    ]
    near = [turn for turn in turns if turn.starts - EARLY <= at <= turn.ends + LATE]
    return min(near, key=lambda turn: (not turn.starts - EARLY <= at < turn.ends, abs(at - turn.starts)), default=None)


def _turns(estate: Estate, person_id: int, day: date, at: datetime) -> list[Turn]:
    tz = ZoneInfo(estate.time_zone)
    said = Roster.objects.at_estate(estate).filter(person_id=person_id, day=day).values_list("shift", flat=True).first()
    if said == REST:
        return []
    if said and said in shifts_book().shifts:
        spans = [(said, *shifts_book().shifts[said].span)]
    else:
        role = (
            Post.objects.at_estate(estate)
            .held_on(day)
            .filter(person_id=person_id)
            .values_list("role", flat=True)
            .first()
        )
        spans = list(spans_of(pattern_of(estate, role, at))) if role else []
    return [Turn(day, shift, shown(day, start, tz), shown(day, end, tz)) for shift, start, end in spans]


def on_shift(estate: Estate, at: datetime) -> dict[int, str]:
    """Who should be at work this instant and is not away: person → role. By the roster, else by the pattern of their post; two statements for everybody."""
    tz, today = ZoneInfo(estate.time_zone), clock.today(estate, at)
    days = (today, today - timedelta(days=1))
    said = {(person, day): shift for person, day, shift in Roster.objects.at_estate(estate).filter(day__in=days).values_list("person_id", "day", "shift")}
    away = Absence.objects.at_estate(estate).filter(during__contains=today).values("person_id")
    patterns: dict[str, list[Any]] = {}
    found: dict[int, str] = {}
    for person, role in Post.objects.at_estate(estate).held_on(today).exclude(person_id__in=away).order_by("pk").values_list("person_id", "role"):
        if role not in patterns:
            patterns[role] = list(spans_of(pattern_of(estate, role, at)))
        for day in days:
            shift = said.get((person, day))
            spans = [] if shift == REST else [(shift, *shifts_book().shifts[shift].span)] if shift in shifts_book().shifts else patterns[role]
            if any(shown(day, start, tz) <= at < shown(day, end, tz) for _shift, start, end in spans):
                found.setdefault(person, role)
    return found

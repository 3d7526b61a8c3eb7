"""Who is on duty at this moment, post by post: of the roster and the posts, as the duties find their people (EMG-03, EMG-09)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from guanjia import clock
from guanjia.duties.crew import Crew, Turn
from guanjia.rulebooks.shifts import REST, pattern_of, shifts_book, spans_of

if TYPE_CHECKING:
    from datetime import datetime

DAY = 1440  # minutes


class Found(NamedTuple):
    people: tuple[int, ...]
    on_duty: bool  # in their shift now; else they are called in


class Watch:
    """Asked for several posts of one moment; everything is read once."""

    def __init__(self, estate: Any, at: datetime) -> None:
        self.estate, self.at = estate, at
        self.day = clock.today(estate, at)
        self.crew = Crew(estate, self.day - timedelta(days=1), self.day)

    def who(self, role: str, zone: int | None) -> Found:
        """The nearest who are in their shift; where nobody is, whoever holds the post is called in; at last, nobody."""
        if turn := self._turn(role):
            people = self.crew.people(role, zone, turn)
            if people:
                return Found(people, True)
        return Found(self.crew.people(role, zone, Turn(self.day, self.day)), False)

    def at_work(self, role: str) -> set[int]:
        """Everybody of the post who is in their shift now."""
        turn = self._turn(role)
        return {person for person, _zone in self.crew.at_work(role, turn)} if turn else set()

    def _turn(self, role: str) -> Turn | None:
        """The shift of this moment in which somebody of the post is on the roster; else the one of its pattern."""
        book = shifts_book().shifts
        every = [(key, *entry.span) for key, entry in book.items() if key != REST]
        for turn in self._running(every):
            here = self.crew.roster.get(turn.shift_day or self.day, {})
            if any(here.get(post.person_id) == turn.shift for post in self.crew.posts.get(role, ())):
                return turn
        return next(iter(self._running(list(spans_of(pattern_of(self.estate, role, self.at))))), None)

    def _running(self, spans: list[tuple[str, int, int]]) -> list[Turn]:
        here = self.at.astimezone(ZoneInfo(self.estate.time_zone))
        minute, found = here.hour * 60 + here.minute, []
        for shift, start, end in spans:
            if start <= minute < end:
                found.append(Turn(self.day, self.day, shift, self.day))
            elif start <= minute + DAY < end:
                found.append(Turn(self.day, self.day, shift, self.day - timedelta(days=1)))
        return found

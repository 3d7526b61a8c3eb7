"""Who does it: of the posts in force that day, by zone, shift and absence. Read once for a run, then nothing but look-ups.

The nearest post that has somebody: of the zone, then estate-wide, the holder before a deputy; who is at work in that
shift before who is not on the roster; who is away is stood in for by their cover. Where nobody holds the post, the
posts it falls to; at the end of the chain, nobody.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from guanjia.people.models import Person, Post
from guanjia.people.roles import fallbacks, stand_ins
from guanjia.rulebooks.shifts import REST

from .models import Absence, Roster

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from guanjia.estates.models import Estate


class Turn(NamedTuple):
    """When somebody is wanted: equal turns have equal crews."""

    day: date  # whose post counts
    due: date  # who must not be away
    shift: str = ""
    shift_day: date | None = None


class Crew:
    def __init__(self, estate: Estate, first: date, last: date) -> None:
        self.estate, self.first, self.last = estate, first, last
        self._answers: dict[tuple[str, int | None, Turn], tuple[int, ...]] = {}

    @cached_property
    def posts(self) -> dict[str, list[Post]]:
        """Role → posts, the holder before deputies; of people who are still here."""
        rows = list(
            Post.objects.at_estate(self.estate).filter(during__overlap=(self.first, None)).order_by("deputy", "pk")
        )
        active = set(
            Person.objects.filter(pk__in={row.person_id for row in rows}, is_active=True).values_list("pk", flat=True)
        )
        found: dict[str, list[Post]] = defaultdict(list)
        for row in rows:
            if row.person_id in active:
                found[row.role].append(row)
        return found

    @cached_property
    def roster(self) -> dict[date, dict[int, str]]:
        found: dict[date, dict[int, str]] = defaultdict(dict)
        rows = Roster.objects.at_estate(self.estate).filter(day__gte=self.first, day__lte=self.last)
        for person, day, shift in rows.values_list("person_id", "day", "shift"):
            found[day][person] = shift
        return found

    @cached_property
    def absences(self) -> dict[int, list[Absence]]:
        found: dict[int, list[Absence]] = defaultdict(list)
        rows = Absence.objects.at_estate(self.estate).filter(ended_at__isnull=True, during__overlap=(self.first, None))
        for row in rows:
            found[row.person_id].append(row)
        return found

    def people(self, role: str, zone: int | None, turn: Turn) -> tuple[int, ...]:
        """Who may do it, equally near; nobody when nobody holds the post or one it falls to."""
        key = (role, zone, turn)
        if key not in self._answers:
            standing_in = stand_ins(role) if self._held(role, turn.day) else ()  # for who is away, not for a vacant post
            chain = (role, *standing_in, *fallbacks(role))
            self._answers[key] = next((some for each in chain if (some := self._nearest(each, zone, turn))), ())
        return self._answers[key]

    def at_work(self, role: str, turn: Turn) -> list[tuple[int, int | None]]:
        """(person, zone) of everybody in the role who works that turn and is not away."""
        rows = self._held(role, turn.day)
        if turn.shift:
            here = self.roster.get(turn.shift_day or turn.day, {})
            rows = [row for row in rows if here.get(row.person_id) == turn.shift] or [
                row for row in rows if row.person_id not in here
            ]
        people: dict[int, int | None] = {}
        for row in rows:
            if not self._away(row.person_id, turn.due):
                people.setdefault(row.person_id, row.zone_id)
        return sorted(people.items())

    def _held(self, role: str, day: date) -> list[Post]:
        return [row for row in self.posts.get(role, ()) if day in row.during]

    def _nearest(self, role: str, zone: int | None, turn: Turn) -> tuple[int, ...]:
        ranked: dict[tuple[int, int, bool], list[int]] = defaultdict(list)
        for row in self._held(role, turn.day):
            near = self._nearness(row, zone)
            work = self._working(row.person_id, turn)
            person = self._present(row.person_id, turn.due)
            if near is not None and work is not None and person is not None:
                ranked[(near, work, row.deputy)].append(person)
        return tuple(dict.fromkeys(ranked[min(ranked)])) if ranked else ()

    @staticmethod
    def _nearness(row: Post, zone: int | None) -> int | None:
        """0 the zone's own, 1 estate-wide, 2 a zone's for what belongs to none; another zone's is not near."""
        if row.zone_id is None:
            return 1
        if zone is None:
            return 2
        return 0 if row.zone_id == zone else None

    def _working(self, person: int, turn: Turn) -> int | None:
        """0 at work in that shift, 1 not on the roster; None when resting or in another shift."""
        said = self.roster.get(turn.shift_day or turn.day, {}).get(person)
        if said is None:
            return 1
        if said == REST or (turn.shift and said != turn.shift):
            return None
        return 0

    def _away(self, person: int, day: date) -> Absence | None:
        return next((row for row in self.absences.get(person, ()) if day in row.during), None)

    def _present(self, person: int, day: date) -> int | None:
        """The person, or their cover, or the cover's cover; nobody when all are away."""
        seen: set[int] = set()
        while (away := self._away(person, day)) is not None:
            if away.cover_id is None or person in seen:
                return None
            seen.add(person)
            person = away.cover_id
        return person


def crews(
    crew: Crew, wanted: Iterable[tuple[str, Turn, int]], zones: list[int | None]
) -> list[tuple[str, int, int, str]]:
    """(role, zone or 0, number of the turn, people as an array) for the statement that makes tasks."""
    return [
        (role, zone or 0, number, "{" + ",".join(map(str, people)) + "}")
        for role, turn, number in wanted
        for zone in zones
        if (people := crew.people(role, zone, turn))
    ]

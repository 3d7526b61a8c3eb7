"""Ninety believable days, made by the real verbs with the clock set back; today first, so that screens come alive.

Each day is told by itself, to the end of what was reported on it, in one transaction. A small simulation: people act after delays drawn from the day's mood; what they do is what a page would do. Some are
late, so that clocks breach; some forget, so that something is waiting today.
"""

from __future__ import annotations

import heapq
import itertools
import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from guanjia import clock
from guanjia.clocks.scan import scan
from guanjia.duties.models import Enactment
from guanjia.events.models import Outbox
from guanjia.people.models import Person
from guanjia.people.reach import reach_of
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope

from .bulletins import bulletins
from .life import Life
from .welcome import welcome

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import date

    from guanjia.estates.models import Estate

DAYS = 90
PER_DAY = 5.0  # reports
TODAY = 30  # a busy day: something of everything is open


class History:
    """A heap of acts to come, in the order of their time."""

    def __init__(self, estate: Estate, until: datetime, seed: int = 11) -> None:
        self.estate, self.until, self.days, self.seed = estate, until, DAYS, seed
        self.dice = random.Random(seed)
        self.order = itertools.count()
        self.acts: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self.reaches: dict[int, Any] = {}
        self.made = 0

    def later(self, at: datetime, act: Callable[[datetime], None]) -> None:
        """Do something at an instant, unless it lies in the future."""
        if at <= self.until:
            heapq.heappush(self.acts, (at, next(self.order), act))

    def is_today(self, at: datetime) -> bool:
        return self.until - at < timedelta(days=1)

    def reach(self, person: Person) -> Any:
        """Posts do not change during the history: build each reach once."""
        if person.pk not in self.reaches:
            self.reaches[person.pk] = reach_of(person, self.estate)
        return self.reaches[person.pk]

    def tell(
        self, progress: Callable[[int, int], None] = lambda done, total: None,
        remember: Callable[[date, int], None] = lambda day, made: None, but: Collection[date] = (),
        follow: Callable[[datetime], None] = lambda morning: None, life: Life | None = None,
    ) -> int:  # fmt: skip
        """Live through the days, newest first, `but` those told before. Returns how many tickets.

        `remember` is called within a day's own transaction: a day is there and remembered, or neither. `follow` tells what
        its tickets set off.
        """
        midnight = self.until.astimezone(ZoneInfo(self.estate.time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)
        with estate_scope(self.estate):
            life = life or Life(self)
        for ago in range(self.days + 1):
            morning = midnight - timedelta(days=ago)
            if morning.date() not in but:
                before = self.made
                with estate_scope(self.estate):
                    Enactment.objects.held(self.estate)  # before any task: the house's own turn waits for the day, or the day for it
                    self._tell_day(life, morning, follow)
                    remember(morning.date(), self.made - before)
            progress(ago + 1, self.days + 1)
        return self.made

    def _tell_day(self, life: Life, morning: datetime, follow: Callable[[datetime], None]) -> None:
        self.dice.seed(f"{self.seed} {morning:%F}")  # the same day again is the same day
        self._fill(life, morning)
        if self.is_today(morning):
            welcome(life)
            bulletins(life)
        self.live()
        follow(morning)
        if self.acts:
            self.live()
        # Nobody wants ninety days of messages this morning; the last day's are delivered.
        Outbox.objects.at_estate(self.estate).filter(ready_at__lt=self.until - timedelta(days=1)).delete()

    def _fill(self, life: Life, morning: datetime) -> None:
        count = max(1, round(self.dice.gauss(PER_DAY + (2 if morning.weekday() >= 5 else 0), 1.5)))
        if self.is_today(morning):
            count = TODAY
        for _ in range(count):
            hour = self.dice.choices(range(24), [1, 1, 0, 0, 0, 1, 3, 6, 9, 9, 8, 6, 5, 5, 6, 6, 7, 9, 11, 12, 9, 6, 3, 2])[0]
            at = (morning + timedelta(hours=hour, minutes=self.dice.randint(0, 59), seconds=self.dice.randint(0, 59))).astimezone(UTC)
            if at > self.until and count == TODAY:
                at = self.until - timedelta(minutes=self.dice.randint(2, 400))
            self.later(at, life.report)

    def live(self) -> None:
        watched = None
        while self.acts:
            at, _order, act = heapq.heappop(self.acts)
            if watched is None or at - watched > timedelta(hours=2):
                watched = at
                self._watch(at)
            with clock.at(at):
                try:
                    act(at)
                except Refused:
                    continue  # somebody was faster, as in life
        self._watch(self.until)

    def _watch(self, at: datetime) -> None:
        with clock.at(at):
            scan(at, estate=self.estate)

"""Ninety believable days, made by the real verbs with the clock set back.

A small simulation: people act after delays drawn from the day's mood; what they do is what a page would do. Some are
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
from guanjia.events.models import Outbox
from guanjia.people.models import Person
from guanjia.people.reach import reach_of
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope

from .life import Life

if TYPE_CHECKING:
    from collections.abc import Callable

    from guanjia.estates.models import Estate

DAYS = 90
PER_DAY = 5.0  # reports
TODAY = 30  # a busy day: something of everything is open


class History:
    """A heap of acts to come, in the order of their time."""

    def __init__(self, estate: Estate, until: datetime, days: int = DAYS, seed: int = 11) -> None:
        self.estate, self.until, self.days = estate, until, days
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

    def tell(self, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
        """Live through the days in one transaction: killed half-way, nothing is half told. Returns how many tickets."""
        zone = ZoneInfo(self.estate.time_zone)
        first = (self.until.astimezone(zone) - timedelta(days=self.days)).replace(hour=0, minute=0, second=0, microsecond=0)
        with estate_scope(self.estate):
            life = Life(self)
            for day in range(self.days + 1):
                morning = first + timedelta(days=day)
                self._fill(life, morning)
                self._live(min((morning + timedelta(days=1)).astimezone(UTC), self.until))
                progress(day + 1, self.days + 1)
            # Nobody wants ninety days of messages this morning; the last day's are delivered.
            Outbox.objects.at_estate(self.estate).filter(ready_at__lt=self.until - timedelta(days=1)).delete()
        return self.made

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

    def _live(self, until: datetime) -> None:
        watched = None
        while self.acts and self.acts[0][0] <= until:
            at, _order, act = heapq.heappop(self.acts)
            if watched is None or at - watched > timedelta(hours=2):
                watched = at
                self._watch(at)
            with clock.at(at):
                try:
                    act(at)
                except Refused:
                    continue  # somebody was faster, as in life
        self._watch(until)

    def _watch(self, at: datetime) -> None:
        with clock.at(at):
            scan(at, estate=self.estate)

"""What waits for the resident whose login `bin/demo` prints: one report under way, one to rate, older ones archived.

Told step by step, nothing by chance, so that whoever signs in first sees each of them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from guanjia.tickets.categories import categories
from guanjia.tickets.models import Ticket

if TYPE_CHECKING:
    from datetime import datetime

    from .life import Life


class Story(NamedTuple):
    """`steps`: what happens how many minutes after the report."""

    ago: timedelta
    category: str
    words: str
    steps: dict[str, int]


UNDER_WAY = {"classify": 4, "dispatch": 9, "take": 12, "arrive": 30, "progress": 45}
MENDED = {"classify": 5, "dispatch": 14, "take": 18, "arrive": 52, "finish": 95, "confirm": 100}
OVER = {**MENDED, "rate": 130, "archive": 260}
STORIES = [
    Story(timedelta(minutes=70), "leak", "卫生间天花板渗水，顺着灯往下滴", UNDER_WAY),
    Story(timedelta(hours=5), "lighting", "我家门口的楼道灯一闪一闪的", MENDED),
    Story(timedelta(days=6), "drain", "厨房下水慢，有异味", OVER),
    Story(timedelta(days=31), "door_lock", "单元门关不严，风一吹就开", OVER),
]


def welcome(life: Life) -> None:
    """Set every story in motion."""
    for story in STORIES if life.apps else ():
        told = Told(life, story)
        start = life.history.until - story.ago
        life.history.later(start, told.report)
        for step, minutes in story.steps.items():
            life.history.later(start + timedelta(minutes=minutes), getattr(told, step))


class Told:
    """One story: its acts are the verbs, by whom they are for."""

    def __init__(self, life: Life, story: Story) -> None:
        self.life, self.story = life, story
        self.unit, self.household, self.person = life.apps[0]
        self.ticket_pk = self.order_pk = 0

    @property
    def ticket(self) -> Ticket:
        return self.life.fetch(self.ticket_pk)

    @property
    def order(self) -> Any:
        return self.ticket.works.select_related("worker", "ticket").get(pk=self.order_pk)

    @property
    def steward(self) -> Any:
        return self.life.steward_of(self.ticket)

    @property
    def worker(self) -> Any:
        return self.life.history.reach(self.order.worker)

    @property
    def resident(self) -> Any:
        return self.life.history.reach(self.person)

    def report(self, at: datetime) -> None:
        kind = categories()[self.story.category].kind
        made = Ticket.objects.report(by=self.resident, estate=self.life.estate, words=self.story.words, kind=kind, unit=self.unit, household_id=self.household.pk)
        self.ticket_pk = made.pk
        self.life.history.made += 1

    def classify(self, at: datetime) -> None:
        self.ticket.classify(by=self.steward, klass=categories()[self.story.category].klass, category=self.story.category)

    def dispatch(self, at: datetime) -> None:
        worker = self.life.any_of(categories()[self.story.category].trade)
        ticket = self.ticket
        self.order_pk = ticket.dispatch(by=self.steward, worker=worker, wishes="上门前请先电话", priority=ticket.priority).pk

    def take(self, at: datetime) -> None:
        self.order.take(by=self.worker)

    def arrive(self, at: datetime) -> None:
        self.order.arrive(by=self.worker)

    def progress(self, at: datetime) -> None:
        self.ticket.progress("师傅在楼上排查，已关水阀，找到漏点后马上修", by=self.steward)

    def finish(self, at: datetime) -> None:
        self.order.finish("已修好，试用正常", by=self.worker)

    def confirm(self, at: datetime) -> None:
        self.ticket.confirm("satisfied", by=self.steward, words="好了，谢谢")

    def rate(self, at: datetime) -> None:
        self.ticket.rate(by=self.resident, speed=5, result=5, attitude=5, words="来得快，修得好")

    def archive(self, at: datetime) -> None:
        self.ticket.archive(by=self.steward)

"""The demo estate's voice: a closed yearly survey, one of the staff, an open quarterly consultation, officers and open days."""

from __future__ import annotations

import random
import uuid
from contextlib import suppress
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from guanjia import clock
from guanjia.duties.models.finishable import Shot
from guanjia.households.models import Household
from guanjia.people.models import Person, Post
from guanjia.people.reach import reach_of
from guanjia.surveys.models import Invitation, Officer, OpenDay, Opinion, Poll
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope

from .pictures import place
from .surveys_words import ACTS, QUARTER, REPLIES, SAID

if TYPE_CHECKING:
    from guanjia.estates.models import Estate

YEARLY, ANSWERED = 160, 122
# How often 5, 4, 3, 2, 1 is given to a question.
LIKES = {
    "overall": (34, 48, 12, 4, 2), "speed": (38, 50, 8, 3, 1), "solved": (33, 50, 11, 4, 2), "steward": (52, 38, 7, 2, 1), "repair": (35, 46, 12, 5, 2),
    "clean": (40, 42, 13, 4, 1), "green": (30, 44, 18, 6, 2), "order": (34, 45, 13, 6, 2), "support": (20, 46, 22, 9, 3), "fair": (18, 44, 25, 10, 3),
}  # fmt: skip


def surveys(estate: Estate, residents: list[Person]) -> None:
    """Harmless when run again."""
    with estate_scope(estate):
        if Poll.objects.at_estate(estate).exists():
            return
        dice = random.Random(2026)
        boss = _reach(estate, "manager1")
        _yearly(estate, dice, boss)
        _staff(estate, dice, boss)
        _quarterly(estate, dice, boss, residents)
        _answers(estate, dice)
        _officers(estate, boss)
        _open_days(estate, dice, boss)


def _at(estate: Estate, ago: int, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(clock.today(estate) - timedelta(days=ago), time(hour, minute), ZoneInfo(estate.time_zone))


def _reach(estate: Estate, login: str) -> Any:
    return reach_of(Person.objects.get(username=login), estate)


def _mark(dice: random.Random, name: str, shift: int = 0) -> str:
    weights = LIKES.get(name, LIKES["overall"])
    return str(max(1, dice.choices((5, 4, 3, 2, 1), weights)[0] - shift))


def _yearly(estate: Estate, dice: random.Random, boss: Any) -> None:
    """Of 1,200 homes 160 drawn by zone, 122 answered without names; closed six weeks ago."""
    day, at = clock.today(estate) - timedelta(days=63), _at(estate, 63, 9)
    poll = Poll.objects.draft(estate, "annual", by=boss, at=at, begins_on=day, ends_on=day + timedelta(days=20), size=YEARLY)
    poll.publish(by=boss, seed=20260920, at=at)
    rows = list(Invitation.objects.at_estate(estate).filter(poll=poll, drawn=True).select_related("poll__version", "poll__estate", "household").order_by("rank"))
    asking = [_reach(estate, f"steward{n}") for n in range(1, 9)]
    for n, row in enumerate(dice.sample(rows, ANSWERED)):
        said: dict[str, Any] = {name: _mark(dice, name) for name in ("overall", "speed", "solved", "steward", "repair", "clean", "green", "order")}
        said["first"] = dice.sample(["repair", "clean", "order", "parking", "green", "activity", "fee"], dice.randint(1, 2))
        said["again"] = "yes" if int(said["overall"]) >= 4 else "no"
        said |= {"words": SAID[n][1]} if n < len(SAID) else {}
        row.answer(said, by=asking[n % 8], way="door" if n % 3 else "phone", at=_at(estate, 62 - n // 8, 9 + n % 8))
    poll.close(at=_at(estate, 42, 0, 5))
    about = {words: topic for topic, words in SAID}
    for one in Opinion.objects.at_estate(estate).filter(poll=poll):
        one.sort(about[one.words], by=boss, at=_at(estate, 41, 9))


def _staff(estate: Estate, dice: random.Random, boss: Any) -> None:
    day, at = clock.today(estate) - timedelta(days=35), _at(estate, 35, 9)
    poll = Poll.objects.draft(estate, "staff", by=boss, at=at, begins_on=day, ends_on=day + timedelta(days=9))
    poll.publish(by=boss, at=at)
    people = {post.person_id: post.person for post in Post.objects.at_estate(estate).select_related("person")}
    for n, row in enumerate(Invitation.objects.at_estate(estate).filter(poll=poll).select_related("poll__version", "poll__estate").order_by("rank")):
        if n % 6 and row.person_id:
            said = {"overall": _mark(dice, "support"), "support": _mark(dice, "support"), "fair": _mark(dice, "fair"), "load": dice.choices(["light", "right", "heavy"], [1, 6, 4])[0]}
            row.answer(said, by=reach_of(people[row.person_id], estate), at=_at(estate, 34, 12, n))
    poll.close(at=_at(estate, 25, 0, 5))


def _quarterly(estate: Estate, dice: random.Random, boss: Any, residents: list[Person]) -> None:
    """Open now; the first resident of the demo has not answered."""
    day, at = clock.today(estate) - timedelta(days=4), _at(estate, 4, 10)
    poll = Poll.objects.draft(estate, "quarter", by=boss, at=at, begins_on=day, ends_on=day + timedelta(days=13))
    poll.publish(by=boss, at=at)
    rows = Invitation.objects.at_estate(estate).filter(poll=poll).select_related("poll__version", "poll__estate", "household")
    for n, person in enumerate(residents[1 : len(QUARTER) + 1]):
        by = reach_of(person, estate)
        row = rows.filter(household_id__in=by.households).first() if by else None
        if row:
            topic, words = QUARTER[n]
            with suppress(Refused):
                row.answer({"overall": _mark(dice, "overall"), "about": topic, "words": words}, by=by, at=_at(estate, 3 - n % 3, 19, n))


def _answers(estate: Estate, dice: random.Random) -> None:
    """Most opinions were answered; some wait, one asked the fund."""
    by = _reach(estate, "supervisor1")
    for n, one in enumerate(Opinion.objects.at_estate(estate).open().select_related("estate", "household", "zone").order_by("pk")[:24]):
        if n % 6 == 5:
            continue
        outcome = "ticket" if n % 8 == 3 and one.household_id else ("done", "noted", "no")[n % 3]
        at = min(one.at + timedelta(days=2, hours=dice.randint(1, 30)), clock.now() - timedelta(hours=3))
        with suppress(Refused):
            one.settle(outcome, REPLIES[outcome], by=by, at=at)


def _officers(estate: Estate, boss: Any) -> None:
    homes = list(Household.objects.at_estate(estate).filter(occupancies__isnull=False).distinct().order_by("pk")[2:140:6])
    Officer.objects.invite(estate, homes, by=boss, at=_at(estate, 20, 9))
    today = clock.today(estate)
    for n, row in enumerate(Officer.objects.at_estate(estate).select_related("household", "estate").order_by("pk")):
        if n < 20:
            row.reply(n % 10 != 9, by=boss, at=_at(estate, 18, 10, n))
        if n < len(ACTS):
            joined, words, mood = ACTS[n]
            with suppress(Refused):  # a quarter that has only begun
                row.join(joined, today - timedelta(days=12 - 2 * n), words, mood, by=boss, at=_at(estate, max(0, 11 - 2 * n), 17))


def _open_days(estate: Estate, dice: random.Random, boss: Any) -> None:
    begun = _at(estate, 75, 14)
    day = OpenDay.objects.plan(estate, "秋季服务开放日", ["monitoring", "plant", "tools"], begun, begun + timedelta(hours=3), by=boss, places=30, words="看看监控室和设备机房，工程师傅现场讲解", at=_at(estate, 85, 9))
    homes = list(Household.objects.at_estate(estate).filter(occupancies__isnull=False).distinct().order_by("pk")[5:90:5])
    for home in homes:
        day.enter(home, by=boss, at=_at(estate, 80, 10))
    for n, home in enumerate(homes[:4]):
        day.feed_back(home, dice.choice((4, 5, 5)), ("机房很干净，放心了", "希望孩子也能参加", "", "讲解很清楚")[n], by=boss, at=begun + timedelta(hours=2))
    day.hold([home.pk for home in homes[:14]], "14 户到场，看了监控室、配电房和工具间，住户最关心电梯维保，当场答复。", by=boss, photos=[Shot(place(random.Random("open day"), ""), "", uuid.uuid4())], at=begun + timedelta(hours=4))
    coming = _at(estate, -9, 14)
    OpenDay.objects.plan(estate, "冬季服务开放日", ["pumps", "plant", "desk"], coming, coming + timedelta(hours=3), by=boss, places=30, words="看看二次供水是怎样清洗和化验的", at=_at(estate, 2, 9))

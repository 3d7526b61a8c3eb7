"""What the stewards of the demo estate know of its households: needs with consent, visits, promises, key customers, answers."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.care import coverage
from guanjia.care.models import Answer, KeyCustomer, Movement, Visit
from guanjia.care.retiering import retier
from guanjia.duties.generation import generate
from guanjia.duties.models import Task
from guanjia.duties.taking_in import Taken, take_in
from guanjia.households.models import Consent, Household, Member, Need, Occupancy, Pet
from guanjia.people.models import Person
from guanjia.people.reach import reach_of
from guanjia.people.responsibility import responsible_for
from guanjia.tenancy.scope import estate_scope

from .replies import replies

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from guanjia.estates.models import Estate

STEP = 10  # every tenth household is visited
HEARD = [
    ("楼道感应灯反应慢，晚上回家看不清", "当场报给工程，今晚换", 4), ("周末装修声音大，孩子要午睡", "会约装修户把电锤改到下午三点后", 3), ("快递柜经常满，想加一组", "", 4),
    ("电梯偶尔异响", "已转工程检查", 4), ("都挺好，就是希望多组织老人活动", "下月有重阳后的健康讲座，送一张邀请", 5), ("车位旁边的消防通道总被占", "", 3), ("对保洁很满意，想谢谢张阿姨", "会转达并登记表扬", 5),
    ("担心高空抛物，楼下有小孩玩", "说明已装摄像头，再贴一次提示", 4),
]  # fmt: skip
NEEDS = [
    ("mobility", "膝盖手术后坐轮椅，上下坡要搭把手"),
    ("medication", "每天早晚服降压药，独自在家时电话提醒"),
    ("senses", "听力不好，敲门要久一点，发微信更方便"),
    ("chronic", "糖尿病，胰岛素放在楼下前台冰箱备用"),
]
LIKES = [
    ("下午三点以后方便，先发微信", "家里有大型犬，敲门前先电话", "afternoon", "wechat"),
    ("晚上七点后在家", "", "evening", "phone"),
    ("周末上午上门", "有新生儿，请轻声", "weekend", "wechat"),
    ("", "老人耳背，多敲几下", "morning", "door"),
]
PETS = [("dog", "豆豆", "金毛"), ("cat", "年糕", "英短"), ("dog", "元宝", "柯基")]
KEYS = [
    (
        "一年内三次投诉停车，业主群里影响大",
        "每两周由客服主管上门一次，先把车位划线办完再谈其他",
        "半年内满意度回到四星",
    ),
    ("老业主代表，热心公共事务", "季度座谈先征求意见，节日登门", "保持五星"),
]


def homes(estate: Estate, now: datetime) -> int:
    """Tell them once; how many visits were told."""
    with estate_scope(estate):
        if Visit.objects.at_estate(estate).exists():
            return 0
        count = Stewards(estate, now).tell()
        for ago in range(84, -1, -7):
            at = now - timedelta(days=ago)
            retier(estate, at)
            coverage.keep(estate, at)
        contacts(estate, now)
        return count


def contacts(estate: Estate, now: datetime) -> int:
    """The contacts that the tiers ask for: most of this week's were made, a few are still to do (HSE-05..07)."""
    generate(now, estate)
    dice, rows = random.Random(11), []
    reaches: dict[int, Any] = {}
    due = Task.objects.at_estate(estate).open().filter(subject_kind="household", person__isnull=False, opens_at__lt=now)
    for n, task in enumerate(due.select_related("person", "duty").order_by("due_at", "pk")):
        if n % 8 and task.duty.form == "call":
            by: Any = reaches.setdefault(task.person_id, reach_of(task.person, estate))
            since = max(task.opens_at, now - timedelta(days=6))
            at = since + (now - since) * dice.random()
            rows.append(Taken(task.pk, by, at, replies("call", dice, [], ""), max(since, at - timedelta(minutes=6))))
    return len(take_in(estate, [row for row in rows if row.by], by=None, at=now).records)


class Stewards:
    def __init__(self, estate: Estate, now: datetime) -> None:
        self.estate, self.now, self.dice = estate, now, random.Random(7)
        self.reaches: dict[int | None, Any] = {}

    def tell(self) -> int:
        told = 0
        for n, (household, zone) in enumerate(self._somebody()):
            steward = self._steward(zone)
            if steward is None:
                continue
            if n % 3 != 2:
                Answer.objects.give(household, {"people": self.dice.randint(1, 5)}, by=steward, at=self._ago(80))
            if n % STEP == 0:
                self._know(household, steward, n // STEP)
                told += 1
        self._keys()
        return told

    def _somebody(self) -> Iterator[tuple[Household, int | None]]:
        """Households with the zone of their home, two of three."""
        held = (
            Occupancy.objects.at_estate(self.estate)
            .filter(during__contains=clock.today(self.estate, self.now))
            .select_related("household", "unit")
            .order_by("unit__code", "pk")
        )
        for n, row in enumerate(held):
            if n % 3:
                yield row.household, row.unit.zone_id

    def _steward(self, zone: int | None) -> Any:
        if zone not in self.reaches:
            person = responsible_for(self.estate, zone, at=self.now)
            self.reaches[zone] = person and reach_of(Person.objects.get(pk=person.pk), self.estate)
        return self.reaches[zone]

    def _ago(self, days: int) -> datetime:
        return self.now - timedelta(days=self.dice.randint(1, days), minutes=self.dice.randint(0, 300))

    def _know(self, household: Household, by: Any, n: int) -> None:
        heard, answered, mood = HEARD[n % len(HEARD)]
        at = self._ago(60)
        open_promise = n % 5 == 2
        Visit.objects.note(
            household, by=by, outcome="absent" if n % 9 == 4 else "met", way=["door", "phone", "chance"][n % 3], met_whom=household.name, heard=heard, answered=answered, mood=mood,
            promise="三天内答复能不能加快递柜" if open_promise else "", due_on=clock.today(self.estate, at) + timedelta(days=3 if n % 2 else 70) if open_promise else None, at=at,
        )  # fmt: skip
        if n % 4 == 1:
            Visit.objects.plan(
                household,
                clock.today(self.estate, self.now) + timedelta(days=n % 6),
                by=by,
                why="回访上次的诉求",
                at=self.now,
            )
        if n % 2 == 0:
            likes, hints, slot, way = LIKES[(n // 2) % len(LIKES)]
            household.keep_preferences(likes, hints, by=by, slot=slot, way=way, at=at)
        member = (
            Member.objects.at_estate(self.estate)
            .filter(household=household, left_on__isnull=True)
            .order_by("pk")
            .first()
        )
        if member and n % 3 == 0:
            self._care(household, member, by, n, at)
        if n % 6 == 5:
            kind, name, breed = PETS[n % len(PETS)]
            Pet(
                estate=self.estate,
                household=household,
                kind=kind,
                name=name,
                breed=breed,
                vaccinated_on=date(2026, 5, 12),
            ).keep(by=by, at=at)
        if n % 11 == 3:
            Movement.objects.note(household, "suggestion", "建议小区门口加一排自行车架，邻居们也在说", by=by, at=at)

    def _care(self, household: Household, member: Member, by: Any, n: int, at: datetime) -> None:
        member.keep(by=by, at=at, born_year=1944 + n % 9)
        for purpose in ("health", "birthday"):
            Consent.objects.give(member, purpose, "paper", by=by, at=at)
        kind, words = NEEDS[(n // 3) % len(NEEDS)]
        Need.objects.add(household, kind, words, by=by, member=member, at=at)

    def _keys(self) -> None:
        supervisor = next(
            (
                reach_of(person, self.estate)
                for person in Person.objects.filter(username__in=["supervisor1", "manager1"]).order_by("-username")
            ),
            None,
        )
        rows = (
            Household.objects.at_estate(self.estate).filter(visits__isnull=False).order_by("pk").distinct()[: len(KEYS)]
        )
        for household, (why, plan, goal) in zip(rows, KEYS, strict=False):
            if supervisor and supervisor.may("household.tier"):
                key = KeyCustomer.objects.put_down(household, why, plan, goal, by=supervisor, at=self._ago(50))
                key.act(
                    "客服主管上门，听了意见，约定下次带方案",
                    by=supervisor,
                    plan_for=clock.today(self.estate, self.now) + timedelta(days=6),
                    at=self._ago(20),
                )

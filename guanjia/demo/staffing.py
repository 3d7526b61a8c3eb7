"""The demo estate's staffing: assistants, a zone that was redrawn and drawn back, leave, marks, facts, a week of handover books."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from guanjia import clock
from guanjia.estates.models import Building, Entrance, Unit, Zone
from guanjia.estates.zoning import draw_zone
from guanjia.people.models import Person
from guanjia.people.posting import appoint
from guanjia.people.reach import reach_of
from guanjia.people.roles import Role
from guanjia.staffing.models import Appraisal, Attendance, Award, FactRecord, Leave, LedgerItem, ShiftBook, ZoneNote
from guanjia.staffing.models.book import CHECKS
from guanjia.tenancy.scope import estate_scope

from .replies import drawn
from .staff import PASSWORD

if TYPE_CHECKING:
    from guanjia.estates.models import Estate

ASSISTANTS = [("assistant1", "林小雨", ("1", "2")), ("assistant2", "高洁", ("3", "4"))]
MATTERS = [
    "3 栋水箱清洗，明早 9–11 点停水",
    "南大门道闸检修，车辆走北门",
    "物业费对账单今天起送达，住户询问请答复",
    "周末有社区义诊，请通知老人",
    "1 单元电梯年检，张贴提示",
]
ITEMS = [
    ("301 快递两件代收", "已送到住户手中"), ("单元门闭门器异响", "已转维修，更换闭门器"), ("住户询问充电桩", "已答复办理流程"),
    ("楼道灯不亮", ""), ("业主委托浇花钥匙待还", ""),
]  # fmt: skip


def staffing(estate: Estate) -> None:
    """Harmless when run again."""
    with estate_scope(estate):
        if FactRecord.objects.at_estate(estate).exists():
            return
        _assistants(estate)
        _redrawn(estate)
        _leave(estate)
        _team(estate)
        _week(estate)


def _at(estate: Estate, ago: int, hour: int, minute: int = 0) -> datetime:
    day = clock.today(estate) - timedelta(days=ago)
    return datetime.combine(day, time(hour, minute), ZoneInfo(estate.time_zone))


def _reach(estate: Estate, login: str) -> Any:
    return reach_of(Person.objects.get(username=login), estate)


def _assistants(estate: Estate) -> None:
    secret = make_password(PASSWORD)
    since = clock.today(estate) - timedelta(days=200)
    for login, name, codes in ASSISTANTS:
        person, _new = Person.objects.get_or_create(
            username=login,
            defaults={"name": name, "company": estate.company, "password": secret, "joined_at": clock.now()},
        )
        for zone in Zone.objects.at_estate(estate).filter(code__in=codes):
            appoint(person, estate, Role.ASSISTANT_STEWARD, by=None, zone=zone, since=since)


def _redrawn(estate: Estate) -> None:
    """One entrance was lent to the neighbouring zone for six weeks."""
    building = Building.objects.at_estate(estate).filter(number="9", zone__isnull=False).select_related("zone").first()
    lent = Entrance.objects.at_estate(estate).filter(building=building, number="2").first()
    other = Zone.objects.at_estate(estate).filter(code="2").first()
    if building and building.zone and lent and other:
        draw_zone(estate, other.code, other.name, entrances=[lent], by=None, at=_at(estate, 70, 9))
        draw_zone(estate, building.zone.code, building.zone.name, [building], by=None, at=_at(estate, 28, 9))


def _leave(estate: Estate) -> None:
    today, boss = clock.today(estate), _reach(estate, "supervisor1")
    asked = Leave.objects.ask(
        "annual",
        today - timedelta(days=40),
        today - timedelta(days=38),
        "回老家",
        by=_reach(estate, "steward1"),
        at=_at(estate, 45, 10),
    )
    absence = asked.grant(by=boss, at=_at(estate, 44, 16))
    absence.begin(at=_at(estate, 40, 0, 5))
    absence.come_back(at=_at(estate, 37, 0, 5))
    days = today + timedelta(days=5), today + timedelta(days=6)
    Leave.objects.ask("personal", *days, "孩子家长会", by=_reach(estate, "steward3"), at=_at(estate, 1, 17))


def _team(estate: Estate) -> None:
    steward, boss = _reach(estate, "steward1"), _reach(estate, "manager1")
    crew = list(
        Person.objects.filter(username__in=["repairer1", "repairer2", "cleaner1", "guard1"]).order_by("username")
    )
    for person, score in zip(crew, (92, 88, 95, 85), strict=False):
        Appraisal.objects.mark(person, score, "", by=steward)
    zone = Zone.objects.at_estate(estate).filter(code="1").first()
    ZoneNote.objects.write(
        "meeting",
        "通报本周报事和欠费，确定 3 栋单元门更换时间",
        by=steward,
        zone=zone,
        attended="周师傅、孙阿姨、孙班长",
        at=_at(estate, 3, 9),
    )
    ZoneNote.objects.write(
        "praise", "雨夜主动巡查地下车库，及时清理排水口", by=steward, person=crew[-1], at=_at(estate, 2, 9)
    )
    agreed = Award.objects.propose(
        crew[-1], "reward", Decimal("100"), "雨夜清理排水口，避免车库进水", by=steward, at=_at(estate, 2, 10)
    )
    agreed.decide(True, "", by=boss, at=_at(estate, 2, 15))
    Award.objects.propose(crew[0], "penalty", Decimal("30"), "两次未着工装上门", by=steward, at=_at(estate, 1, 11))
    head = Person.objects.get(username="supervisor1")
    day = clock.today(estate) - timedelta(days=6)
    FactRecord.objects.note(
        head,
        day,
        "3 栋单元门三次报修，请主管加派人手，一周没有安排",
        by=steward,
        wanted="加派一名维修工",
        at=_at(estate, 5, 16),
    )


def _week(estate: Estate) -> None:
    """Five days of three stewards: in, written, given, taken by the next, reviewed; the last one still open."""
    logins = ["steward1", "steward2", "steward3"]
    reaches = [_reach(estate, login) for login in logins]
    boss, dice = _reach(estate, "supervisor1"), random.Random(5)
    units = list(Unit.objects.at_estate(estate).order_by("pk")[:30])
    for ago in range(5, 0, -1):
        for number, by in enumerate(reaches):
            here = Attendance.objects.clock_in(by=by, at=_at(estate, ago, 8, 5 + 2 * number + 4 * (ago % 3)))
            book = ShiftBook.objects.begin(by=by, at=_at(estate, ago, 9))
            words, result = ITEMS[(ago + number) % len(ITEMS)]
            item = LedgerItem.objects.enter(
                book, words, by=by, unit=units[(ago * 3 + number) % len(units)], at=_at(estate, ago, 11)
            )
            if result:
                item.finish(result, by=by, at=_at(estate, ago, 15))
            else:
                item.follow("住户不在家，明天再联系", by=by)
            book.write(
                by=by, matters=MATTERS[ago % len(MATTERS)], guests="无", plan="巡楼、回访两户", checks=list(CHECKS)
            )
            book.give(drawn=drawn(dice), by=by, at=_at(estate, ago, 17, 50))
            book.take(
                drawn=drawn(dice), by=reaches[(number + 1) % 3], at=_at(estate, ago - 1, 0, 5) if ago > 1 else _at(estate, 1, 17, 58)
            )
            if ago > 1:
                book.look_over("记录清楚", drawn=drawn(dice), by=boss, at=_at(estate, ago - 1, 0, 20))
            here.clock_out(by=by, at=_at(estate, ago, 18, 2))

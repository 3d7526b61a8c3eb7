"""The demo estate's activities: an autumn fair archived, a tea party to follow up, a lecture to join, last Wednesday's steward's day and the next, Friday evening's Q&A."""

from __future__ import annotations

import io
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from guanjia import clock
from guanjia.activities.models import Activity, Question
from guanjia.households.models import Household
from guanjia.people.models import Person
from guanjia.people.reach import reach_of
from guanjia.tenancy.scope import estate_scope

if TYPE_CHECKING:
    from guanjia.estates.models import Estate
    from guanjia.people.reach import Reach

DAY: dict[str, Any] = {"title": "管家接待日", "place": "客服中心", "words": "管家在服务台接待，随到随谈。"}
SAID = ["孩子玩得很开心，下次还来", "希望多办周末的活动", "", "老人很喜欢，音响可以小一点", "组织得很好", ""]


def activities(estate: Estate, residents: list[Person]) -> None:
    """Harmless when run again."""
    with estate_scope(estate):
        if Activity.objects.at_estate(estate).exists():
            return
        homes = list(Household.objects.at_estate(estate).filter(occupancies__isnull=False).distinct().order_by("pk")[3:93:5])
        steward, boss = _reach(estate, "steward1"), _reach(estate, "manager1")
        _fair(estate, steward, boss, homes)
        _tea(estate, steward, boss, homes)
        _coming(estate, steward, boss, homes)
        _wednesdays(estate, steward, boss)
        _friday(estate, steward, boss, residents)
        _draft(estate, steward)


def _reach(estate: Estate, login: str) -> Reach:
    found = reach_of(Person.objects.get(username=login), estate)
    assert found
    return found


def _at(estate: Estate, ago: int, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(clock.today(estate) - timedelta(days=ago), time(hour, minute), ZoneInfo(estate.time_zone))


def _picture(sky: str, ground: str) -> SimpleUploadedFile:
    """A small drawing: lawn, bunting and people."""
    image = Image.new("RGB", (640, 420), sky)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 260, 640, 420), fill=ground)
    for n in range(9):
        draw.polygon([(20 + n * 70, 40), (70 + n * 70, 40), (45 + n * 70, 90)], fill=("#d9534f", "#f0ad4e", "#5bc0de")[n % 3])
        draw.ellipse((40 + n * 66, 230 + n % 3 * 22, 66 + n * 66, 256 + n % 3 * 22), fill="#8d6e63")
        draw.rectangle((38 + n * 66, 258 + n % 3 * 22, 68 + n * 66, 318 + n % 3 * 22), fill=("#3f6fb5", "#b5563f", "#4c8a57")[n % 3])
    file = io.BytesIO()
    image.save(file, "JPEG", quality=80)
    return SimpleUploadedFile("activity.jpg", file.getvalue(), content_type="image/jpeg")


def _plan(estate: Estate, kind: str, by: Any, boss: Any, days: int, hour: int, planned: int, **said: Any) -> Activity:
    """Written `planned` days ago for `days` ago (negative: to come), judged the same day."""
    begins, written = _at(estate, days, hour), _at(estate, planned, 9, 30)
    row = Activity.objects.plan(kind, by=by, at=written, begins_at=begins, ends_at=begins + timedelta(hours=2), **said)
    row.send_in(by=by, at=written + timedelta(minutes=20))
    if row.state == "asked":
        row.judge_it(True, by=boss, at=written + timedelta(hours=5))
    return row


def _fair(estate: Estate, steward: Any, boss: Any, homes: list[Household]) -> None:
    row = _plan(
        estate, "culture", steward, boss, 38, 9, 50, title="秋日邻里运动会", theme="fitness", place="中心广场", places=60, budget=Decimal(1200),
        words="目的：让邻居认识邻居。\n流程：亲子接力、拔河、踢毽子，11 点颁奖。\n物料：奖品 60 份、饮水、急救箱。\n安全：秩序部两人值守，雨天顺延一周。",
    )  # fmt: skip
    for n, home in enumerate(homes):
        row.enter(home, 1 + n % 3, by=steward, at=_at(estate, 45, 10, n))
    for n, home in enumerate(homes[:15]):
        row.arrive(home, by=steward, at=row.begins_at + timedelta(minutes=n))
    row.hold(
        "15 户 30 余人参加，秩序良好。住户希望增加室内项目，老人区要多备座椅。", by=steward, spent=Decimal("1086.50"),
        photos=[_picture("#9fd3ff", "#7fbf6a"), _picture("#ffe0b2", "#c9b27c")], at=row.ends_at + timedelta(hours=1),
    )  # fmt: skip
    for n, words in enumerate(SAID):
        row.follow(homes[n], 5 - n % 2, words, by=steward, at=_at(estate, 36, 10, n))
    row.archive(by=steward, at=_at(estate, 35, 16))


def _tea(estate: Estate, steward: Any, boss: Any, homes: list[Household]) -> None:
    row = _plan(
        estate, "tea", steward, boss, 4, 15, 12, title="十一月业主茶话会", place="客服中心会客区", places=15, budget=Decimal(300),
        words="邀请 15 户代表轻松座谈，备茶点。\n话题：地库照明、快递柜位置、冬季供暖准备。",
    )  # fmt: skip
    for n, home in enumerate(homes[:13]):
        row.enter(home, by=steward, at=_at(estate, 10, 11, n))
        if n < 12:
            row.arrive(home, by=steward, at=row.begins_at + timedelta(minutes=n))
    row.hold("12 户到场。地库照明和快递柜两条已转工程部，供暖准备现场说明。", by=steward, spent=Decimal(264), photos=[_picture("#e8d5c4", "#a1887f")], at=row.ends_at)
    row.follow(homes[0], 5, "这样面对面聊很好，建议每季度公布落实情况", by=steward, at=_at(estate, 2, 10))


def _next(estate: Estate, weekday: int) -> int:
    """Days until that day of the week (Monday 0), today not counted."""
    return (weekday - clock.today(estate).weekday() - 1) % 7 + 1


def _coming(estate: Estate, steward: Any, boss: Any, homes: list[Household]) -> None:
    row = _plan(
        estate, "culture", steward, boss, -6, 14, 2, title="家庭消防小课堂", theme="science", place="物业培训室", places=20, budget=Decimal(200),
        words="消防员讲厨房油火、电动车充电和逃生，现场试用灭火器。",
    )  # fmt: skip
    for n, home in enumerate(homes[:11]):
        row.enter(home, 1 + n % 2, by=steward, at=_at(estate, 1, 10, n))


def _wednesdays(estate: Estate, steward: Any, boss: Any) -> None:
    """管家接待日: Wednesday afternoon at the service centre (COM-06)."""
    ahead = _next(estate, 2)
    over = _plan(estate, "reception", steward, boss, 7 - ahead, 14, 8 - ahead + 1, **DAY) if ahead < 7 else None
    if over:
        over.hold("接待 6 人：两位问公摊怎么算，当面看了账单；三位报修已下单；一位建议南门加雨棚，记入意见库。", by=steward, photos=[_picture("#dfe7d8", "#9c8f7a")], at=over.ends_at)
    _plan(estate, "reception", steward, boss, -ahead, 14, 1, **DAY)


def _friday(estate: Estate, steward: Any, boss: Any, residents: list[Person]) -> None:
    """线上答疑: Friday evening (COM-07)."""
    evening = _plan(estate, "qa", steward, boss, -_next(estate, 4), 19, 1, title="本周线上答疑", place="业主群", words="提前在这里留下问题，当晚逐条答复，共性问题大家都能看到。")
    reach = reach_of(residents[0], estate) if residents else None
    if reach and reach.households:
        mine = Household.objects.at_estate(estate).filter(pk__in=reach.households).first()
        Question.objects.ask(evening, "地库 B 区的灯什么时候换完？", by=reach, household=mine, at=_at(estate, 0, 0, 5))
    asked = Question.objects.ask(evening, "快递柜能不能加一组冷藏的？", by=steward, at=_at(estate, 0, 0, 6))
    asked.reply("已向快递公司申请，下月答复；先在前台设了冷藏箱。", by=steward, at=_at(estate, 0, 0, 20))


def _draft(estate: Estate, steward: Any) -> None:
    begins = _at(estate, -20, 10)
    row = Activity.objects.plan(
        "culture", by=steward, title="旧衣旧书换绿植", theme="environment", place="2 栋架空层", places=80, budget=Decimal(800), begins_at=begins, ends_at=begins + timedelta(hours=3),
        words="三件旧衣或五本旧书换一盆绿植，衣物交公益机构。", at=_at(estate, 1, 16),
    )  # fmt: skip
    row.send_in(by=steward, at=_at(estate, 1, 16, 10))

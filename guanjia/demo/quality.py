"""The demo estate's quality: a finished inspection with two deductions, one of them still to be put right, a campaign under way, a proposal; last month's assessment, decided and paid."""

from __future__ import annotations

import random
import uuid
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db.backends.postgresql.psycopg_any import DateRange

from guanjia import clock
from guanjia.duties.models.finishable import Shot
from guanjia.people.models import CompanyPost, Person
from guanjia.people.reach import reach_of
from guanjia.quality.models import Assessment, Campaign, Inspection, Rectification
from guanjia.tenancy.scope import estate_scope
from guanjia.training.models import Exam, Session

from .pictures import place
from .staff import PASSWORD

if TYPE_CHECKING:
    from guanjia.estates.models import Estate

COMPANY = [("inspector1", "许静", "company_quality"), ("leader0", "高卫东", "general_manager"), ("centre1", "何敏", "project_centre")]
LACKS = {
    "customer_service-CS03-c": ("1", "抽查 10 张报事单，2 张没有回访记录"),
    "customer_service-CS11-b": ("0.5", "两把备用钥匙没有放进钥匙柜"),
}
ASKED = [("前台", "92", "不熟悉停水公告发布流程"), ("秩序岗", "88", "外来车辆登记缺一栏"), ("维修岗", "95", "工具箱标签脱落"), ("保洁岗", "100", "")]
CALLED = [("3-1-501", "95", "希望维修后当天回电"), ("5-2-302", "90", "楼道灯报修两次"), ("8-1-1101", "100", ""), ("12-2-702", "85", "电话等待较久")]


def quality(estate: Estate) -> None:
    """Harmless when run again."""
    with estate_scope(estate):
        if Inspection.objects.at_estate(estate).exists():
            return
        reaches = quality_people(estate)
        campaign = _campaign(estate, reaches)
        _inspection(estate, reaches, campaign)
        _assessment(estate, reaches, campaign)
        _last_month(estate, reaches)


def quality_people(estate: Estate) -> dict[str, Any]:
    secret, since = make_password(PASSWORD), clock.today(estate) - timedelta(days=400)
    for login, name, role in COMPANY:
        more = {"name": name, "company": estate.company, "password": secret, "joined_at": clock.now()}
        person, _new = Person.objects.get_or_create(username=login, defaults=more)
        CompanyPost.objects.get_or_create(company=estate.company, person=person, role=role, defaults={"during": DateRange(since, None)})
    logins = [login for login, _name, _role in COMPANY] + ["manager1", "supervisor1", "steward1", "steward2"]
    return {login: reach_of(Person.objects.get(username=login), estate) for login in logins}


def _at(estate: Estate, ago: int, hour: int) -> datetime:
    return datetime.combine(clock.today(estate) - timedelta(days=ago), time(hour), ZoneInfo(estate.time_zone))


def _shot(item: str = "") -> Shot:
    return Shot(place(random.Random(item), item), item, uuid.uuid4())


def _campaign(estate: Estate, by: dict[str, Any]) -> Campaign:
    today = clock.today(estate)
    made = Campaign.objects.begin(today.year, by=by["centre1"], at=_at(estate, 60, 9))
    steps = {step.key: step for step in made.steps.all()}
    for key, title, words, held in (
        ("draft", "活动方案", "方案已报公司领导批准：五个阶段、三个重点（回访、钥匙、公示）。", 58),
        ("kickoff", "发动会纪要", "公司和项目共 42 人到会，明确各岗位服务标准和自查安排。", 44),
        ("critic", "批评与自我批评会纪要", "找出回访不及时、钥匙归还登记不全、公示栏更新慢三个问题。", 36),
    ):
        day = today - timedelta(days=held)
        said: dict[str, Any] = {"attended": 42, "notes": 42} if key != "draft" else {}
        steps[key].show(title, words, by=by["centre1"], held_on=day, at=_at(estate, held, 16), **said)
        steps[key].deliver(by=by["centre1"], at=_at(estate, held, 17))
    _trained(estate, by["centre1"], steps)
    _issues(estate, by, made)
    steps["plan"].deliver(by=by["centre1"], at=_at(estate, 33, 10))
    return made


def _trained(estate: Estate, by: Any, steps: dict[str, Any]) -> None:
    """The rules were studied and the theory taught in trainings, and examined: what shows it stands there."""
    for key, session in zip(("study", "training"), Session.objects.at_estate(estate).filter(held_at__isnull=False).order_by("starts_at"), strict=False):
        steps[key].show_training(session, by=by, at=session.held_at)
        steps[key].deliver(by=by, at=session.held_at)
    if exam := _exams(estate).last():
        steps["exam"].show_exam(exam, by=by, at=exam.reported_at)
        steps["exam"].deliver(by=by, at=exam.reported_at)


def _issues(estate: Estate, by: dict[str, Any], campaign: Campaign) -> None:
    """What self-check found: one put right in a second round, one open."""
    today, boss = clock.today(estate), by["manager1"]
    first = Rectification.objects.ask(
        "公示栏收费标准还是旧版", by["steward1"].person, today - timedelta(days=20), by=boss, campaign=campaign, at=_at(estate, 34, 9)
    )
    first.submit("换上新版收费标准", [_shot()], by=by["steward1"], at=_at(estate, 24, 15))
    first.judge(False, "停车收费那一页还没换", by=boss, due_on=today - timedelta(days=15), at=_at(estate, 23, 9))
    first.submit("停车收费一并换好", [_shot()], by=by["steward1"], at=_at(estate, 18, 15))
    first.judge(True, "", by=by["supervisor1"], at=_at(estate, 17, 9))
    Rectification.objects.ask(
        "钥匙领用本缺归还时间", by["steward2"].person, today + timedelta(days=2), by=boss, campaign=campaign, at=_at(estate, 6, 9)
    )


def _inspection(estate: Estate, by: dict[str, Any], campaign: Campaign) -> None:
    me, day = by["inspector1"], clock.today(estate) - timedelta(days=4)
    row = Inspection.objects.plan(
        "四季度客服检查", "open", day, me.person, by=me, rubrics={"customer_service": Decimal(100)}, campaign=campaign, at=_at(estate, 9, 10)
    )
    _mark(row, LACKS, me, _at(estate, 4, 11))
    row.finish("整体规范，回访和钥匙管理要改", by=me, at=_at(estate, 4, 12))
    lack = row.item_scores.get(item="CS11").deductions.get()
    Rectification.objects.ask(
        "备用钥匙全部入柜并登记", by["steward1"].person, clock.today(estate) + timedelta(days=1), by=me, deduction=lack, at=_at(estate, 4, 13)
    )
    Inspection.objects.plan("设备房月查", "open", clock.today(estate), me.person, by=me, rubrics={"equipment": Decimal(100)})


def _mark(row: Inspection, lacks: dict[str, tuple[str, str]], me: Any, at: datetime) -> None:
    """Everything is well but what is lacking."""
    said: dict[str, Any] = {}
    for item in row.rubrics[0]["items"]:
        for check in item["checks"]:
            name = f"customer_service-{item['key']}-{check}"
            said[name] = "bad" if name in lacks else "ok"
    for name, (amount, words) in lacks.items():
        said |= {f"{name}-amount": amount, f"{name}-words": words}
    row.mark(said, [_shot(name) for name in lacks], by=me, at=at)


def _assessment(estate: Estate, by: dict[str, Any], campaign: Campaign) -> None:
    me, site = by["inspector1"], list(Inspection.objects.at_estate(estate).filter(finished_at__isnull=False))
    finished = [*site, *_sampled(estate, me, 3, _exams(estate).last(), campaign)]
    Assessment.objects.combine("四季度综合考评", finished, by=me, campaign=campaign, at=_at(estate, 2, 10))


def _exams(estate: Estate) -> Any:
    return Exam.objects.at_estate(estate).filter(reported_at__isnull=False).order_by("reported_at")


def _sampled(estate: Estate, me: Any, ago: int, exam: Exam | None, campaign: Campaign | None = None) -> list[Inspection]:
    """Questions at posts, calls to customers and the written test, so many days ago."""
    found, done = [], _at(estate, ago - 1, 9)
    for method, title, rows in (("questions", "岗位询问", ASKED), ("callback", "客户回访", CALLED), ("test", "笔试", [])):
        row = Inspection.objects.plan(title, method, clock.today(estate) - timedelta(days=ago), me.person, by=me, campaign=campaign, at=_at(estate, ago + 2, 10))
        for who, score, words in rows:
            row.note(who, score, words, by=me, at=_at(estate, ago, 14))
        if method == "test" and exam:
            row.take_exam(exam, by=me, at=done)
        row.finish(by=me, at=done + timedelta(minutes=30))
        found.append(row)
    return found


def _last_month(estate: Estate, by: dict[str, Any]) -> None:
    """Excellent: the company's manager grants the reward, which so stands in that month's money (QLT-22, QLT-23)."""
    me, began = by["inspector1"], clock.today(estate).day - 1
    site = Inspection.objects.plan(
        "客服月查", "open", clock.today(estate) - timedelta(days=began + 5), me.person, by=me, rubrics={"customer_service": Decimal(100)}, at=_at(estate, began + 8, 10)
    )
    _mark(site, {}, me, _at(estate, began + 5, 11))
    site.finish("规范，没有扣分", by=me, at=_at(estate, began + 5, 12))
    month = clock.today(estate, _at(estate, began + 3, 10)).month
    made = Assessment.objects.combine(f"{month} 月综合考评", [site, *_sampled(estate, me, began + 5, _exams(estate).first())], by=me, at=_at(estate, began + 3, 10))
    made.decide(True, "同意，随当月奖惩发放", by=by["leader0"], at=_at(estate, began + 2, 15))

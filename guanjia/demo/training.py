"""The demo estate's trainings: the bank, an outline, one held and one to come, an exam passed and failed, certificates."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from guanjia import clock
from guanjia.people.models import Person
from guanjia.people.reach import reach_of
from guanjia.tenancy.scope import estate_scope
from guanjia.training.models import Attempt, Certificate, Clearance, Exam, Outline, OutlineItem, Question, Session
from guanjia.training.starter import take_starter

if TYPE_CHECKING:
    from guanjia.estates.models import Estate

TOPICS = [
    ("cs", 3, "接待礼仪与电话规范", "service", 2), ("cs", 6, "报事分类与沟通技巧", "service", 2), ("cs", 9, "民法典物业条款与百问百答", "law", 2),
    ("cs", 11, "服务礼仪与业务技能", "service", 2), ("order", 4, "夜巡与应急处置", "security", 3), ("order", 11, "消防四懂四会", "fire", 2),
]  # fmt: skip
HELD = [
    ("steward1", "先倾听再答复；分类十分钟内完成，办不到的时间不许诺。"), ("steward2", "电话三声内接，复述房号和诉求。"),
    ("steward3", "投诉要当天给说法。"), ("desk1", ""),
]  # fmt: skip
SAT = [("repairer1", 1), ("repairer2", 5), ("repairer3", 2), ("repairer4", 0), ("guard1", 1), ("guard2", 4), ("leader1", 1)]  # login, wrong answers
SAT_BEFORE = [("repairer1", 0), ("repairer3", 1), ("guard1", 0), ("guard3", 2)]
CERTIFICATES = [  # login, kind, days from today until it ends (none: for life)
    ("steward1", "steward", None), ("steward2", "steward", None), ("steward3", "steward", None), ("steward4", "steward", None),
    ("repairer1", "repair", 400), ("repairer2", "repair", 21), ("repairer3", "repair", -9),
    ("repairer4", "repair", 230), ("repairer5", "repair", 75), ("repairer6", "repair", 510),
    ("assistant1", "steward", None), ("steward5", "steward", None), ("steward6", "steward", None), ("steward7", "steward", None),
    ("assistant2", "steward", None), ("guard1", "guard", None), ("guard2", "guard", None),
    ("leader1", "guard", None), ("manager1", "manager", 600),
]  # fmt: skip


def training(estate: Estate) -> None:
    """Harmless when run again."""
    with estate_scope(estate):
        if Session.objects.at_estate(estate).exists():
            return
        boss = _reach(estate, "supervisor1")
        take_starter(by=boss, at=_at(estate, 100, 9))
        _outline(estate, boss)
        _sessions(estate, boss)
        _last_months_exam(estate, boss)
        _exam(estate, boss)
        _certificates(estate, boss)


def _at(estate: Estate, ago: int, hour: int, minute: int = 0) -> datetime:
    day = clock.today(estate) - timedelta(days=ago)
    return datetime.combine(day, time(hour, minute), ZoneInfo(estate.time_zone))


def _reach(estate: Estate, login: str) -> Any:
    return reach_of(Person.objects.get(username=login), estate)


def _outline(estate: Estate, boss: Any) -> None:
    year, at = clock.today(estate).year, _at(estate, 90, 10)
    for group, month, title, course, hours in TOPICS:
        Outline.objects.of(year, group, by=boss, at=at).add(month, title, course, hours, by=boss)
    Outline.objects.of(year, "cs", by=boss, at=at).issue("人人能按十分钟分类、两小时响应说清楚每一单", by=boss, at=at)


def _sessions(estate: Estate, boss: Any) -> None:
    """One three weeks ago, with notes, absent people, a make-up and its effect; one tomorrow."""
    at, now = _at(estate, 21, 14), clock.now()
    held = Session.objects.plan(
        "报事分类与沟通技巧", "service", at, at + timedelta(hours=2), by=boss, trainer=boss.person, groups=["cs"], place="会议室", words="十分钟分类的标准、常见误判、回访话术",
        item=OutlineItem.objects.at_estate(estate).filter(title="报事分类与沟通技巧").first(), at=_at(estate, 26, 9),
    )  # fmt: skip
    for minute, (login, words) in enumerate(HELD):
        by = _reach(estate, login)
        seat = held.sign_in(held.code, by=by, at=at - timedelta(minutes=10 - minute))
        if words:
            seat.note(words, by=by, rating=4 + minute % 2, at=at + timedelta(hours=3))
    held.hold("逐条讲分类标准，演练三通来电；每人写一条改进。", by=boss, at=at + timedelta(hours=2))
    held.evaluate(4, "两周抽查 20 单，分类超时由 5 单降到 1 单。", by=boss, at=_at(estate, 6, 10))
    again = _at(estate, -2, 14)
    held.make_up(again, again + timedelta(hours=1), by=boss, at=now)
    guards = _at(estate, 12, 9)
    drill = Session.objects.plan(
        "夜巡与应急处置", "security", guards, guards + timedelta(hours=2), by=boss, trainer=Person.objects.get(username="leader1"), groups=["order"],
        place="岗亭", at=_at(estate, 15, 9),
    )  # fmt: skip
    drill.tick_off(Person.objects.filter(username__in=["guard1", "guard2", "guard3", "leader1"]).values_list("pk", flat=True), by=boss, at=guards)
    drill.hold("夜巡两人一组，发现异常先报监控中心。", by=boss, at=guards + timedelta(hours=2))
    for login in ("guard1", "guard2"):
        Clearance.objects.review(Person.objects.get(username=login), "order", "队列、巡逻、应急三项合格", by=boss, at=guards + timedelta(hours=3))
    soon = _at(estate, -1, 15)
    Session.objects.plan(
        "消防四懂四会与灭火器实操", "fire", soon, soon + timedelta(hours=2), by=boss, trainer=boss.person, place="消防通道旁空地", words="请穿平底鞋；先讲后练", at=now
    )


def _exam(estate: Estate, boss: Any) -> None:
    """A month's exam: most pass, two fail; the paper for the stewards is still open."""
    opens = _at(estate, 8, 9)
    exam = _sat(estate, boss, "安全应知考试", opens, SAT)
    exam.report("基本掌握；手指口述和灭火器使用要再练。", by=boss, at=_at(estate, 2, 16))
    Exam.objects.set_up("steward", "管家上岗考试", _at(estate, 1, 9), _at(estate, -6, 18), by=boss, at=_at(estate, 1, 9))
    Question.objects.keep("G01", {
        "kind": "short", "topic": "request", "groups": ["cs"], "stem": "本小区电梯困人，您接报后怎么做？", "source": "REQ-05",
        "answer": "安抚并问清楼栋单元层数；立即通知电梯维保和监控中心；30 分钟内到场；全程保持通话，救出后回访。",
    }, by=boss)  # fmt: skip


def _sat(estate: Estate, boss: Any, title: str, opens: datetime, rows: list[tuple[str, int]]) -> Exam:
    exam = Exam.objects.set_up("safety", title, opens, opens + timedelta(days=5), by=boss, at=opens)
    for login, wrong in rows:
        by = _reach(estate, login)
        attempt = Attempt.objects.begin(exam, by=by, at=opens + timedelta(hours=2))
        said = {row.place: [str(place) for place in row.key] for row in attempt.answers.all()}
        attempt.give_in({place: key for place, key in said.items() if place > wrong}, by=by, at=opens + timedelta(hours=2, minutes=9))
    return exam


def _last_months_exam(estate: Estate, boss: Any) -> None:
    """What last month's assessment takes its written test from; everybody passes."""
    ago = clock.today(estate).day - 1  # since the month began
    exam = _sat(estate, boss, "上岗安全考试", _at(estate, ago + 13, 9), SAT_BEFORE)
    exam.report("全部合格。", by=boss, at=_at(estate, ago + 7, 16))


def _certificates(estate: Estate, boss: Any) -> None:
    today = clock.today(estate)
    people = {person.username: person for person in Person.objects.filter(username__in=[login for login, _kind, _left in CERTIFICATES])}
    for number, (login, kind, left) in enumerate(CERTIFICATES):
        until = today + timedelta(days=left) if left is not None else None
        Certificate.objects.keep(
            people[login], kind, f"川{2019 + number % 5}-{480216 + number * 731}", by=boss, issued_on=today - timedelta(days=700 + 9 * number), valid_until=until,
            at=_at(estate, 60, 10),
        )  # fmt: skip

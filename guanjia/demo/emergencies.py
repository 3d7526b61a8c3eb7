"""The demo estate's emergencies: plans read by most, a burst pipe from tap to signed report, people in a lift, a fire drill, hazards."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.emergencies.book import emergency_book
from guanjia.emergencies.drilling import startable
from guanjia.emergencies.models import Analysis, Emergency, Evaluation, Fire, Hazard, Measure, Plan
from guanjia.estates.models import Building, Unit
from guanjia.tenancy.scope import estate_scope

from .pictures import corner
from .replies import drawn
from .staffing import _at, _reach

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate

PLANS = {
    "fire": "集合点：中心花园喷泉旁。消火栓：每层电梯厅左侧；微型消防站在南大门岗亭。配电总闸在 3 栋地下一层，燃气总阀在各单元东侧。消防车从南大门进，登高面为各楼北侧。",
    "flood": "生活水泵房在地下车库 A 区，分区阀门在各栋地下管廊；沙袋和挡水板在车库入口岗亭，排水泵控制箱在车库 B3 柱。",
    "lift": "维保单位 24 小时电话在轿厢和监控室张贴，三角钥匙由持证维修工保管；监控室可与轿厢对讲。",
    "outage": "配电室在 3 栋地下一层，发电机房在其旁；发电机带电梯一台、消防和应急照明，燃油可用四小时。",
    "security": "监控室值班两人，录像保存三十天；防暴器材在南大门岗亭和监控室。辖区派出所在小区东侧八百米。",
    "medical": "急救箱在服务中心和南大门岗亭，除颤器在服务中心门口；救护车从南大门进，担架可进 2 号电梯。",
}
CREW = ("steward1", "steward2", "steward3", "repairer1", "repairer2", "guard1", "guard2", "leader1", "dispatcher1", "desk1", "supervisor1", "manager1")
HAZARDS = [
    ("5 栋北侧消防通道停了两辆电动车", "high", "5 栋北侧", "已拉警戒线并联系车主", 3, "车主已移车，加装隔离桩"),
    ("地下车库 B 区应急照明三盏不亮", "middle", "地下车库 B 区", "", 2, ""),
    ("2 栋外墙砖空鼓，离地约四米", "high", "2 栋西侧", "已围挡，行人改道", 4, ""),
    ("儿童游乐区滑梯螺丝松动", "middle", "中心花园", "已停用", 9, "更换螺丝并复查"),
]


DRILL = timedelta(days=24)  # ago it was held


def emergencies(estate: Estate) -> None:
    """Harmless when run again."""
    with estate_scope(estate):
        if Plan.objects.at_estate(estate).exists():
            return
        _plans(estate)
        _pipe(estate)
        _lift(estate)
        _drill(estate)
        _hazards(estate)
        _fires(estate)


def _plans(estate: Estate) -> None:
    manager, at = _reach(estate, "manager1"), _at(estate, 60, 9)
    for kind, words in PLANS.items():
        plan = Plan.objects.issue(kind, words, by=manager, at=at)
        for number, login in enumerate(CREW):
            plan.acknowledge(by=_reach(estate, login), at=at + timedelta(hours=2 + number))


def _worked(row: Emergency, estate: Estate, at: datetime, minutes: dict[str, tuple[str, int]]) -> None:
    for key, (login, after) in minutes.items():
        row.orders.select_related("emergency__building", "emergency__unit").get(key=key).finish(by=_reach(estate, login), at=at + timedelta(minutes=after))


def _pipe(estate: Estate) -> None:
    """A burst pipe in the second zone, a month ago: two homes hit, one claim paid."""
    unit = Unit.objects.at_estate(estate).filter(zone_id__in=_reach(estate, "steward2").zones, occupancies__isnull=False).select_related("building", "zone").order_by("code")[6]
    at = _at(estate, 31, 14, 20)
    guard, supervisor, steward = _reach(estate, "guard1"), _reach(estate, "supervisor1"), _reach(estate, "steward2")
    row = Emergency.objects.start("flood", building=unit.building, place="1 单元管道井", words="立管接头爆裂，水流入电梯厅", by=guard, at=at)
    _worked(row, estate, at, {"call": ("dispatcher1", 2), "repair": ("repairer1", 9), "confirm": ("guard1", 5), "site": ("steward2", 12), "clean": ("cleaner1", 26), "report": ("supervisor1", 15)})
    row.log("阀门已关闭", by=_reach(estate, "repairer1"), at=at + timedelta(minutes=9))
    row.tell_area("本楼 1 单元水管爆裂，已关阀抢修，预计 17 点恢复供水，请留意家中进水。", buildings=[unit.building_id], by=_reach(estate, "dispatcher1"), at=at + timedelta(minutes=11))
    row.stand_down("更换接头，16:10 恢复供水", by=supervisor, at=at + timedelta(minutes=112))
    first = row.affect(unit, "客厅木地板进水约六平方米", by=steward, at=at + timedelta(hours=3))
    row.note_damage("客厅木地板 6 平方米", Decimal("1800"), home=first, by=steward, at=at + timedelta(hours=3))
    row.note_damage("电梯底坑排水、轿厢地板", Decimal("600"), by=steward, at=at + timedelta(hours=3))
    first.visited("已致歉，保险公司次日定损，住户认可", by=steward, at=at + timedelta(hours=4))
    claim = row.claim("人保财险", "公众责任险 PZAE-2026-0318", Decimal("2400"), by=supervisor, at=at + timedelta(hours=20))
    claim.close("paid", Decimal("2150"), "免赔额二百五十元", by=supervisor, at=at + timedelta(days=12))
    row.declare("公司安委会", "管道老化爆裂，无人员受伤", by=supervisor, at=at + timedelta(hours=5))
    said = {
        "cause": "1 单元立管铜接头使用十一年，丝口腐蚀后在早高峰水压下爆裂。",
        "course": "秩序员巡逻发现后一键启动，九分钟关阀，十二分钟管家到场，一小时五十二分恢复供水。",
        "liable": "设备老化，非操作责任；保洁到场晚六分钟，已提醒。",
        "measures": "排查同批次接头，三个月内分批更换；管道井加装水浸报警。",
        "lessons": "关键阀门位置图补进预案，夜班每季度演练一次关阀。",
    }
    report = Analysis.objects.write(row, said, by=supervisor, at=at + timedelta(days=1))
    due = clock.today(estate) + timedelta(days=20)
    Measure.objects.ask(row, "排查并更换 1 单元立管同批次接头", _reach(estate, "repairer1").person, due, by=supervisor, at=at + timedelta(days=1))
    report.sign(drawn(random.Random(31)), by=_reach(estate, "manager1"), at=at + timedelta(days=2))


def _lift(estate: Estate) -> None:
    building = Building.objects.at_estate(estate).order_by("order").first()
    at = _at(estate, 2, 18, 40)
    row = Emergency.objects.start("lift", building=building, place="1 单元电梯 6 楼", words="被困两人，一名老人", by=_reach(estate, "desk1"), at=at)
    _worked(row, estate, at, {"call": ("dispatcher1", 1), "confirm": ("guard2", 4), "repair": ("repairer2", 13), "site": ("steward1", 8)})
    row.log("人员已救出", by=_reach(estate, "repairer2"), at=at + timedelta(minutes=13))
    row.stand_down("门锁触点故障，13 分钟救出，电梯停用检修", by=_reach(estate, "supervisor1"), at=at + timedelta(minutes=40))


def _drill(estate: Estate) -> None:
    building = Building.objects.at_estate(estate).order_by("order")[2]
    at, supervisor = _at(estate, DRILL.days, 10), _reach(estate, "supervisor1")
    task = startable(supervisor, at).filter(due_at__gt=at).first()
    row = Emergency.objects.start("fire", building=building, place="地下车库", words="模拟电动车起火", drill=True, task=task, by=supervisor, at=at)
    _worked(row, estate, at, {"confirm": ("guard1", 2), "call": ("dispatcher1", 1), "lead": ("leader1", 4), "repair": ("repairer1", 7), "site": ("steward1", 9), "gate": ("guard2", 6), "report": ("supervisor1", 8), "command": ("manager1", 12)})
    row.stand_down("演练结束，清点 43 人", by=supervisor, at=at + timedelta(minutes=35))
    Measure.objects.ask(row, "工程岗位迫降电梯超时，补练两次", _reach(estate, "repairer1").person, clock.today(estate) + timedelta(days=6), by=supervisor, at=at + timedelta(hours=1))
    points = dict.fromkeys(emergency_book().points, "ok") | {"people": "bad"}
    Evaluation.objects.evaluate(row, points, 43, "疏散有序；工程岗位对迫降电梯步骤不熟，超时两分钟", photos=[corner(random.Random(24))], by=supervisor, at=at + timedelta(hours=2))


def _hazards(estate: Estate) -> None:
    guard: Any = _reach(estate, "guard2")
    supervisor = _reach(estate, "supervisor1")
    for words, severity, where, measure, ago, cleared in HAZARDS:
        at = _at(estate, ago, 9, 30)
        row = Hazard.objects.find(words, severity, where, measure=measure, by=guard, at=at)
        row.plan(measure or "今日安排维修", _reach(estate, "repairer1").person, by=supervisor, at=at + timedelta(hours=1))
        if cleared:
            row.clear(cleared, by=supervisor, at=at + timedelta(hours=6))


def _fires(estate: Estate) -> None:
    """A kitchen two months ago, a shed this week whose cause is looked for, one that was none."""
    guard, desk, supervisor, manager = (_reach(estate, login) for login in ("guard1", "desk1", "supervisor1", "manager1"))
    unit = Unit.objects.at_estate(estate).filter(occupancies__isnull=False).select_related("building").order_by("code")[40]
    at = _at(estate, 52, 11, 40)
    kitchen = Fire.objects.register("油锅起火，住户用锅盖和灭火器扑灭", at, by=guard, building=unit.building, unit=unit, where="厨房", reporter="住户本人", at=at + timedelta(minutes=20))
    kitchen.settle("cooking", "炒菜时离开，油温过高", Decimal(800), by=supervisor, at=at + timedelta(days=1))
    at = _at(estate, 3, 21, 15)
    Fire.objects.register("电动车充电器冒烟起火，巡逻用灭火器扑灭，烧坏一个插座", at, by=guard, where="西侧车棚", at=at + timedelta(minutes=25))
    at = _at(estate, 12, 18, 5)
    steam = Fire.objects.register("走廊有烟，住户报火警", at, by=desk, building=unit.building, where="2 单元走廊", reporter="同层住户", at=at + timedelta(minutes=5))
    steam.strike("查实是浴室蒸汽，没有火", by=manager, at=at + timedelta(hours=1))

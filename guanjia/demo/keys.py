"""The demo estate's keys: a cabinet, loans of the week, one that is overdue, an owner's key in custody."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.estates.models import Unit
from guanjia.keys import alarm
from guanjia.keys.models import Custody, Key, Loss
from guanjia.people.models import Person
from guanjia.tenancy.scope import estate_scope

from .replies import drawn
from .staffing import _at, _reach

if TYPE_CHECKING:
    from guanjia.estates.models import Estate

WORK = [
    ("GZ-001", "1–4 栋配电间", "前台钥匙柜 A-01", "repairer"), ("GZ-002", "地下车库水泵房", "前台钥匙柜 A-02", "repairer"),
    ("GZ-003", "电梯机房", "前台钥匙柜 A-03", "repairer"), ("GZ-004", "保洁工具间", "前台钥匙柜 B-01", "cleaner"),
    ("GZ-005", "南大门岗亭", "监控室钥匙柜 1 格", "order_keeper"), ("GZ-006", "消防控制室", "监控室钥匙柜 2 格", "order_leader"),
]  # fmt: skip
SPARE = [("GG-001", "屋面天台门", "前台钥匙柜 C-01"), ("GG-002", "信报箱万能钥匙", "前台钥匙柜 C-02"), ("GG-003", "架空层活动室", "前台钥匙柜 C-03")]
DEVICES = [("XG-001", "对讲机 1 号", "监控室充电架"), ("XG-002", "对讲机 2 号", "监控室充电架"), ("XG-003", "巡更棒", "监控室抽屉")]


def keys(estate: Estate) -> None:
    """Harmless when run again."""
    with estate_scope(estate):
        if Key.objects.at_estate(estate).exists():
            return
        desk, at = _reach(estate, "desk1"), _at(estate, 40, 9)
        for code, opens, place, role in WORK:
            Key.objects.register(code, "work", opens, place, role=role, by=desk, at=at)
        for code, opens, place in SPARE:
            Key.objects.register(code, "spare", opens, place, by=desk, at=at)
        for code, opens, place in DEVICES:
            Key.objects.register(code, "device", opens, place, by=desk, at=at)
        _lent(estate, desk)
        _entrusted(estate)
        alarm.run_once(clock.now(), estate)


def _lent(estate: Any, desk: Any) -> None:
    """A week of borrowing; today one is out, and one should have been back an hour ago."""
    mark = drawn(random.Random(7))
    people = {login: Person.objects.get(username=login) for login in ("repairer1", "repairer2")}
    rows = {row.code: row for row in Key.objects.at_estate(estate)}
    for ago in range(6, 0, -1):
        who = people["repairer1" if ago % 2 else "repairer2"]
        loan = rows["GZ-002"].lend(
            "水泵房日常巡检", person=who, proof_seen=True, overtime="排班巡检", signature=mark, due_at=_at(estate, ago, 12), by=desk, at=_at(estate, ago, 9),
        )  # fmt: skip
        loan.take_back(by=desk, signature=mark, at=_at(estate, ago, 11 + (ago == 4) * 2, 30))
    now = clock.now()
    rows["GZ-003"].lend(
        "电梯月度维保", person=people["repairer1"], proof_seen=True, overtime="维保当班", signature=mark, due_at=now - timedelta(hours=1), by=desk,
        at=now - timedelta(hours=5),
    )  # fmt: skip
    rows["GG-001"].lend("屋面防水查看", name="防水公司 刘工", signature=mark, due_at=now + timedelta(hours=3), by=desk, at=now - timedelta(hours=1))
    loss = Loss.objects.report(rows["GG-002"], "派送信件后发现不在包里，已回找一遍", by=desk, at=_at(estate, 12, 15))
    loss.close("none", "次日在信报间找回，已提醒随身携带", found=True, by=_reach(estate, "supervisor1"), at=_at(estate, 11, 9))


def _entrusted(estate: Any) -> None:
    """林小雨 and 李明's zone: an owner abroad, flowers watered on Wednesdays."""
    steward, second = _reach(estate, "steward1"), _reach(estate, "assistant1")
    unit = Unit.objects.at_estate(estate).filter(zone_id__in=steward.zones, occupancies__isnull=False).order_by("code").first()
    if unit is None:
        return
    home, mark = unit.occupancies.select_related("household").get(), drawn(random.Random(8))
    key = Key.objects.register("TG-101" if "101" not in unit.room else "TG-7", "entrusted", "入户门备用钥匙", "保险柜 2 格", unit=unit, by=steward, at=_at(estate, 20, 10))
    row = Custody.objects.agree(key, home.household, steward.person, second.person, "每周三上午浇花、开窗通风，用完当天放回", by=steward, at=_at(estate, 20, 10))
    row.sign(mark, by=steward, name=home.household.name, at=_at(estate, 20, 10, 30))
    for ago in (14, 7):
        loan = key.lend("浇花、开窗通风", person=steward.person, signature=mark, due_at=_at(estate, ago, 12), by=steward, at=_at(estate, ago, 9))
        loan.countersign(by=second, at=_at(estate, ago, 9, 5))
        loan.take_back(by=second, signature=mark, at=_at(estate, ago, 10))

"""The demo estate's decorations: one under way with an inspection today, one waiting for approval, one archived."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.collection.models import Payment
from guanjia.collection.models.payer import Payer
from guanjia.decoration.book import wanted
from guanjia.decoration.charging import deposited, owed
from guanjia.decoration.models import Permit, Worker
from guanjia.estates.models import Unit, UnitState
from guanjia.tenancy.scope import estate_scope

from .staffing import _at, _reach

if TYPE_CHECKING:
    from guanjia.estates.models import Estate

WORKS = "厨房、卫生间翻新，全屋水电改造，重做防水；不动承重墙"


def decorations(estate: Estate) -> None:
    """Harmless when run again."""
    with estate_scope(estate):
        if Permit.objects.at_estate(estate).exists():
            return
        steward = _reach(estate, "steward1")
        homes = list(Unit.objects.at_estate(estate).filter(zone_id__in=steward.zones, state=UnitState.OCCUPIED, occupancies__isnull=False).order_by("code")[4:40:12])
        site, waiting, done = (homes + [None] * 3)[:3]
        if site:
            _site(estate, site)
        if waiting:
            _apply(estate, waiting, 1, 10, 60)
        if done:
            _archived(estate, done)


def _apply(estate: Any, unit: Any, ago: int, begins: int, days: int) -> Permit:
    """Filed by the desk `ago` days before today, complete, handed in."""
    desk, at = _reach(estate, "desk1"), _at(estate, ago, 9, 20)
    home = unit.occupancies.select_related("household").order_by("-during").first()
    first = clock.today(estate, at) + timedelta(days=begins)
    row = Permit.objects.apply(unit, home.household, WORKS, "成都宏达装饰工程有限公司", "刘建军", "19900001234", first, first + timedelta(days=days), by=desk, at=at)
    for key in wanted(row.owner):
        row.supply(key, by=desk, at=at + timedelta(minutes=5))
    row.submit(by=desk, at=at + timedelta(minutes=10))
    return row


def _begun(estate: Any, unit: Any, ago: int, days: int) -> Permit:
    """Approved by two, paid, with two passes, begun a day after the approval."""
    row = _apply(estate, unit, ago, 3, days)
    row.decide(True, "水电图已核对，不涉及承重结构", by=_reach(estate, "supervisor1"), at=_at(estate, ago - 1, 10))
    row.decide(True, "同意", by=_reach(estate, "manager1"), at=_at(estate, ago - 1, 15))
    desk, at = _reach(estate, "desk1"), _at(estate, ago - 2, 11)
    Payment.objects.take(Payer(estate, row.household_id, unit.pk), owed(row), way="transfer", key=f"demo decoration {row.pk}", by=None, only={pk for pk in (row.deposit_id, row.charges_id) if pk}, at=at)
    for name, trade in (("张大勇", "水电工"), ("王小军", "泥瓦工")):
        Worker.objects.admit(row, name, trade, row.begins_on, row.ends_on, by=desk, at=at)
    row.begin(by=_reach(estate, "steward1"), at=_at(estate, ago - 3, 9))
    return row


def _site(estate: Any, unit: Any) -> None:
    """Stopped once for waste in the corridor, mended the next day; progress told last week."""
    row = _begun(estate, unit, 16, 60)
    steward = _reach(estate, "steward1")
    breach = row.stop("waste", "装修垃圾堆在楼道，占用消防通道", by=steward, at=_at(estate, 8, 15))
    breach.mend("已清运，通道恢复", by=steward, at=_at(estate, 7, 9))
    row.tell_progress("水电改造完成，本周做防水和闭水试验，噪声施工集中在上午", by=steward, at=_at(estate, 4, 10))


def _archived(estate: Any, unit: Any) -> None:
    row = _begun(estate, unit, 75, 40)
    desk, boss = _reach(estate, "desk1"), _reach(estate, "supervisor1")
    row.finish(by=desk, at=_at(estate, 30, 9))
    points = dict.fromkeys(("structure", "water", "gas", "electricity", "fire", "waste"), "ok")
    row.accept({**points, "waste": "bad"}, "楼道墙面磕碰一处，请修补", by=boss, at=_at(estate, 29, 10))
    row.finish(by=desk, at=_at(estate, 27, 9))
    row.accept(points, "", by=boss, at=_at(estate, 26, 10))
    back = row.ask_deposit(deposited(row), Decimal(0), "", by=desk, at=_at(estate, 25, 9))
    back.judge_it(True, by=_reach(estate, "manager1"), at=_at(estate, 25, 14))
    row.refresh_from_db()
    row.archive(by=desk, at=_at(estate, 25, 15))

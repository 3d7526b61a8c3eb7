"""The demo estate's front desk: one home taken over and archived, one under way, a move out today, visitors, cards, articles."""

from __future__ import annotations

import random
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.estates.models import Unit, UnitState
from guanjia.gate.models import Article, Card, Guest
from guanjia.households.models import Household
from guanjia.keys.models import Key
from guanjia.moves.book import moves_book, wanted
from guanjia.moves.models import Handover, Move
from guanjia.tenancy.scope import estate_scope

from .replies import drawn as signature
from .staffing import _at, _reach

if TYPE_CHECKING:
    from guanjia.estates.models import Estate

MARK = signature(random.Random(9))
GOODS = ["沙发、双门冰箱、纸箱 30 个", "床、衣柜、洗衣机", "钢琴一台（专业搬运）、书柜两组"]


def moves(estate: Estate) -> None:
    """Harmless when run again."""
    with estate_scope(estate):
        if Handover.objects.at_estate(estate).exists():
            return
        empty = list(Unit.objects.at_estate(estate).filter(state__in=[UnitState.VACANT, UnitState.UNSOLD], occupancies__isnull=True).order_by("code")[:2])
        if empty:
            _moved_in(estate, empty[0], "沈佳宁", 9)
        if len(empty) > 1:
            _looked_at(_open(estate, empty[1], "韩立群", 0), _reach(estate, "desk1"))
        homes = [row for row in Unit.objects.at_estate(estate).filter(state=UnitState.OCCUPIED, occupancies__isnull=False).distinct().order_by("code")[7:120:40]]
        _goods(estate, homes)
        _gate(estate, homes)


def _open(estate: Any, unit: Any, name: str, ago: int) -> Handover:
    """Booked by the desk three days before; papers in, a key on the list."""
    desk = _reach(estate, "desk1")
    known = Household.objects.open(name, "", by=desk, at=_at(estate, ago + 3, 10))
    row = Handover.objects.book(unit, known, "in", clock.today(estate) - timedelta(days=ago), time(10), by=desk, at=_at(estate, ago + 3, 10, 5))
    for key in wanted("in", False):
        row.supply(key, by=desk, at=_at(estate, ago + 2, 11))
    label = f"KF-{11 + Key.objects.at_estate(estate).filter(code__startswith='KF-').count()}"  # two digits name no room
    Key.objects.register(label, "spare", "入户门、单元门、信箱", "交房钥匙柜 3 格", copies=5, unit=unit, by=desk, at=_at(estate, ago + 3, 9))
    row.sign("covenant", MARK, by=desk, name=name, at=_at(estate, ago + 1, 10))
    return row


def _looked_at(row: Handover, desk: Any) -> None:
    """Two rooms so far, with one defect: a ticket of this minute."""
    for room, bad in (("entry", {}), ("bedroom", {"window": "窗扇关闭不严，缝隙透风"})):
        points = moves_book().rooms[room].points
        row.look(room, {point: "bad" if point in bad else "ok" for point in points}, words=bad, by=desk)
    for look in row.looks.filter(ticket__isnull=False).select_related("ticket"):
        if look.ticket:
            look.ticket.classify(by=desk, klass="routine", category="door_lock")


def _moved_in(estate: Any, unit: Any, name: str, ago: int) -> None:
    """Taken over, lived in, archived."""
    desk, row, at = _reach(estate, "desk1"), _open(estate, unit, name, ago), _at(estate, ago, 10)
    for key in list(moves_book().agreements)[1:]:
        row.sign(key, MARK, by=desk, name=name, at=at)
    for room, entry in moves_book().rooms.items():
        row.look(room, dict.fromkeys(entry.points, "ok"), by=desk, at=at)
    row.accept(MARK, by=desk, name=name, at=at + timedelta(minutes=50))
    for meter in row.meters():
        row.read_meter(meter, meter.initial, by=desk, at=at + timedelta(minutes=55))
    row.hand_keys(list(row.ring()), MARK, by=desk, name=name, at=at + timedelta(minutes=60))
    Card.objects.issue(unit, row.household, name, f"ZK{unit.pk % 1_000_000:06d}", by=desk, at=at + timedelta(minutes=65))
    row.complete(by=desk, at=at + timedelta(minutes=70))
    row.archive(by=desk, at=at + timedelta(minutes=80))


def _goods(estate: Any, homes: list[Any]) -> None:
    desk, guard, today = _reach(estate, "desk1"), _reach(estate, "leader1"), clock.today(estate)
    for number, (unit, (way, ahead, slot)) in enumerate(zip(homes, [("in", 1, "morning"), ("out", 0, "afternoon"), ("in", -3, "morning")], strict=False)):
        row = Move.objects.book(
            unit, _of(unit), way, today + timedelta(days=ahead), slot, GOODS[number], vehicle=f"川A{10000 + number * 7}", by=desk, at=_at(estate, max(1, 2 - ahead), 10)
        )
        if ahead <= 0:
            row.release(by=desk, owner_agrees=True, at=_at(estate, -ahead, 8, 30))
        if ahead < 0:
            row.let_through(by=guard, at=_at(estate, -ahead, 11))


def _gate(estate: Any, homes: list[Any]) -> None:
    desk, guard = _reach(estate, "desk1"), _reach(estate, "leader1")
    for number, unit in enumerate(homes):
        known = _of(unit)
        Card.objects.issue(unit, known, known.name, f"ZK9{unit.pk % 1_000_000:06d}", by=desk, at=_at(estate, 30, 10))
        Article.objects.keep(unit, known, ["快递纸箱 2 个", "钥匙一串（朋友留）", "礼盒"][number % 3], f"前台货架 B{number + 1}", by=desk, left_by="中通快递", at=_at(estate, 3 * number, 9))
        came = _at(estate, number + 1, 15)
        Guest.objects.register(unit, ["送货员", "亲戚来访", "推销员"][number % 3], "" if number % 3 == 2 else known.name, by=guard, purpose="上门", at=came)
    if homes:
        now = clock.now()
        Guest.objects.announce(homes[0], _of(homes[0]), "王小姐", now, now + timedelta(hours=12), by=guard, plate="川A88888", purpose="做客")


def _of(unit: Any) -> Any:
    return unit.occupancies.select_related("household").order_by("-during").first().household

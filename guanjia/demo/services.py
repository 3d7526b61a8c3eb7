"""The demo estate's services: two suppliers, prices of its own, orders in every state, told by the real verbs."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.collection.models import Payment
from guanjia.collection.models.payer import Payer
from guanjia.estates.models import Unit, UnitState
from guanjia.households.models import Occupancy
from guanjia.people.models import Person
from guanjia.people.reach import reach_of
from guanjia.services.book import services_book
from guanjia.services.charging import owed
from guanjia.services.models import HouseFile, Offer, ServiceOrder, Supplier
from guanjia.tenancy.scope import estate_scope

from .pictures import corner
from .staffing import _at, _reach

if TYPE_CHECKING:
    from guanjia.estates.models import Estate

SUPPLIERS = [
    ("洁好家政服务有限公司", "唐敏", "19900000321", ["housekeeping", "chores"], 200),
    ("一路畅行汽车服务部", "袁涛", "19900000322", ["car_beauty", "car_hire"], 60),
]
# item, ago, details, words, who, stars: done and paid
DONE = [
    ("housekeeping", 40, {"work": "深度保洁"}, "厨房油烟重", "s0", 5, "擦得很干净"),
    ("car_beauty", 21, {"plate": "川A3K521", "space": "B1-016"}, "", "s1", 4, "洗得不错，来得稍晚"),
    ("errand", 12, {"what": "取快递，买一袋米"}, "", "w", 5, ""),
    ("birthday", 6, {"who": "父亲 70 岁"}, "晚饭前送到", "w", 5, "老人很高兴"),
]


def services(estate: Estate) -> None:
    """Harmless when run again."""
    with estate_scope(estate):
        if ServiceOrder.objects.at_estate(estate).exists():
            return
        steward = _reach(estate, "steward1")
        rows = Unit.objects.at_estate(estate).filter(zone_id__in=steward.zones, state=UnitState.OCCUPIED, occupancies__isnull=False)
        homes = list(rows.order_by("code")[6:60:8])
        suppliers = [_supplier(estate, *said) for said in SUPPLIERS]
        today = clock.today(estate)
        Offer.objects.set(estate, "car_beauty", today, on=True, amount=Decimal(40), within=timedelta(hours=12), why="与供应商谈定的会员价", by=_reach(estate, "manager1"))
        for unit, said in zip(homes, DONE, strict=False):
            _done(estate, unit, suppliers, *said)
        if len(homes) > len(DONE) + 1:
            _repair(estate, homes[-1])
            _place(estate, homes[-2], "flowers", 0, {"place": "送到家", "card": "生日快乐"}, "")
        _mine(estate)
        _houses(estate, homes)


def _houses(estate: Any, homes: list[Any]) -> None:
    """One home's care was ordered a fortnight ago; its diagnosis is due."""
    home = homes[0].occupancies.select_related("household").order_by("-during").first()
    desk = _reach(estate, "desk1")
    row = HouseFile.objects.open(homes[0], home.household, "电话订购，签了服务单", by=desk, at=_at(estate, 14, 10))
    today = clock.today(estate)
    heater = row.install("gas", "燃气热水器", brand="16 升恒温", place="厨房", installed_on=today - timedelta(days=900), warranty_until=today + timedelta(days=195), by=desk, at=_at(estate, 13, 9))
    row.install("climate", "客厅柜机空调", brand="3 匹", place="客厅", installed_on=today - timedelta(days=1500), by=desk, at=_at(estate, 13, 9, 5))
    row.install("water", "前置净水器", place="厨房水槽下", installed_on=today - timedelta(days=400), warranty_until=today - timedelta(days=35), by=desk, at=_at(estate, 13, 9, 10))
    row.mend(heater, today - timedelta(days=9), "更换点火电池，清理火排", by=desk, at=_at(estate, 9, 16))


def _supplier(estate: Any, name: str, contact: str, phone: str, items: list[str], ago: int) -> Supplier:
    """Looked at, under contract, followed up once where it was long enough ago."""
    desk, at = _reach(estate, "desk1"), _at(estate, ago, 10)
    row = Supplier.objects.register(estate, name, phone, items, contact=contact, address="成都市示范路", licence="91510100MA6000000X", by=desk, at=at)
    row.vet(dict.fromkeys(services_book().vetting, "ok"), "查验证照，走访在服务客户两家，试做合格", by=desk, at=at + timedelta(hours=2))
    first = clock.today(estate) - timedelta(days=ago)
    row.contract(first, first + timedelta(days=364), by=desk, at=at + timedelta(days=1))
    if ago > 90:
        row.review(5, "抽查三单，住户都满意", on=clock.today(estate) - timedelta(days=30), by=desk, at=_at(estate, 30, 11))
    return row


def _place(estate: Any, unit: Any, item: str, ago: int, details: dict[str, str], words: str, hour: int = 8) -> Any:
    home = unit.occupancies.select_related("household").order_by("-during").first()
    return ServiceOrder.objects.place(unit, home.household, item, details=details, words=words, by=_reach(estate, "desk1"), at=_at(estate, ago, hour, 40))


def _done(estate: Any, unit: Any, suppliers: list[Supplier], item: str, ago: int, details: dict[str, str], words: str, who: str, stars: int, said: str) -> None:
    row, desk = _place(estate, unit, item, ago, details, words), _reach(estate, "desk1")
    worker = Person.objects.get(username="repairer1")
    hand: dict[str, Any] = {"worker": worker} if who == "w" else {"supplier": suppliers[int(who[1])]}
    row.assign(by=desk, at=_at(estate, ago, 9), **hand)
    row.finish("已按要求办妥", [corner(random.Random(row.pk))] if row.amount else [], by=desk, at=_at(estate, ago, 11))
    if row.amount:
        Payment.objects.take(Payer(estate, row.household_id, unit.pk), owed(row), way="transfer", key=f"demo service {row.pk}", by=None, only={row.bill_id}, at=_at(estate, ago, 18))
    _rate(estate, row, stars, said, ago)


def _rate(estate: Any, row: ServiceOrder, stars: int, words: str, ago: int) -> None:
    """By somebody of the household who signs in; others leave it open."""
    member = row.household.members.filter(login__isnull=False, left_on__isnull=True).select_related("login").first()
    if member and member.login and (reach := reach_of(member.login, estate)):
        row.rate(stars, words, by=reach, at=_at(estate, ago, 20))


def _repair(estate: Any, unit: Any) -> None:
    """Looked at yesterday afternoon and quoted; it waits for the owner."""
    row, steward = _place(estate, unit, "indoor_repair", 1, {"part": "水"}, "厨房水槽下水慢，偶尔返味", 15), _reach(estate, "steward1")
    row.assign(worker=Person.objects.get(username="repairer1"), by=steward, at=_at(estate, 1, 16))
    row.quote([("疏通下水管", Decimal(80)), ("更换存水弯（含材料）", Decimal("45.50"))], "材料用国标件，保修三个月", by=_reach(estate, "repairer1"), at=_at(estate, 1, 17))


def _mine(estate: Any) -> None:
    """The first login of the demo has a quote to agree to."""
    person = Person.objects.filter(username="resident1").first()
    reach = reach_of(person, estate) if person else None
    home = Occupancy.objects.at_estate(estate).filter(household__in=list(reach.households)).select_related("unit", "household").first() if reach else None
    if reach is None or home is None:
        return
    row = ServiceOrder.objects.place(home.unit, home.household, "indoor_repair", details={"part": "电"}, words="客厅两个插座没电", by=reach, at=_at(estate, 0, 8, 30))
    row.assign(worker=Person.objects.get(username="repairer1"), by=_reach(estate, "desk1"), at=_at(estate, 0, 8, 50))
    row.quote([("检查线路", Decimal(50)), ("更换五孔插座 2 个", Decimal(76))], "", by=_reach(estate, "repairer1"), at=_at(estate, 0, 9, 40))

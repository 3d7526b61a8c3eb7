"""Two further small estates of the demo's company, so that the company's view compares something: one keeps its promises, one does not.

Their people act as those of the demo estate do, with other moods; each estate is told whole, once, after the demo's own history.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password

from guanjia import clock
from guanjia.estates.models import Building, Estate
from guanjia.estates.zoning import draw_zone
from guanjia.households.models import Member
from guanjia.importing.importer import import_workbook
from guanjia.people.models import Person, Post
from guanjia.people.posting import appoint
from guanjia.people.roles import Role
from guanjia.tenancy.scope import estate_scope

from .places import places
from .sister_life import tell
from .staff import PASSWORD
from .workbook import Size, write

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Company

LOGINS = 12  # households of each that report on the phone


@dataclass(frozen=True)
class Sister:
    """`pace` stretches everybody's delays, `forgets` is how often they stretch further; `happy`, `paid`, `kept`: shares of one. `lacks`: what the inspection deducts for."""

    code: str
    name: str
    address: str
    hotline: str
    people: tuple[str, ...]  # two stewards, two repairers, cleaner, guard, leader, dispatcher, supervisor, manager
    size: Size
    seed: int
    tickets: int
    pace: float
    forgets: float
    happy: float
    paid: float
    kept: float
    familiar: int  # of five answers of a steward about a household
    lacks: dict[str, tuple[str, str]]


KEEN = Sister(
    "hupan", "湖畔雅苑", "成都市示范路 88 号", "028-8000 0088", ("林静", "许文博", "唐师傅", "邓师傅", "罗玉兰", "蒋卫国", "谭志强", "彭雪", "曾主管", "顾雅琴"),
    Size(buildings=2, units=44, parkings=22, shops=0, phones=19900005000, towers=False), 21, 28, 0.6, 0.02, 0.97, 0.97, 0.985, 5,
    {"customer_service-CS15-c": ("0.5", "公示栏两处字号不一致")},
)  # fmt: skip
SLACK = Sister(
    "fenglin", "枫林小区", "成都市示范路 156 号", "028-8000 0156", ("范小军", "邹红", "石师傅", "方师傅", "雷桂芳", "龚建民", "段志勇", "侯敏", "邵主管", "毛国庆"),
    Size(buildings=3, units=50, parkings=18, shops=0, phones=19900006000, towers=False), 22, 28, 1.9, 0.3, 0.66, 0.58, 0.84, 3,
    {
        "customer_service-CS03-c": ("2", "抽查 12 张报事单，7 张没有回访"), "customer_service-CS13-c": ("1.5", "空置房巡查记录缺三周"),
        "customer_service-CS16-a": ("2", "催费没有记录"), "customer_service-CS15-b": ("1", "收费标准还是去年的"), "customer_service-CS11-b": ("1", "备用钥匙散放在抽屉"),
    },
)  # fmt: skip
POSTS = (Role.REPAIRER, Role.REPAIRER, Role.CLEANER, Role.ORDER_KEEPER, Role.ORDER_LEADER, Role.DISPATCHER, Role.SUPERVISOR, Role.MANAGER)


def sisters(company: Company, until: datetime) -> int:
    """Harmless when run again. How many estates were told."""
    told = 0
    for one in (KEEN, SLACK):
        estate = _estate(company, one)
        with estate_scope(estate):
            _people(estate, one)
        places(estate)
        with estate_scope(estate):
            _logins(estate, one)
        told += tell(estate, one, until)
    return told


def _estate(company: Company, one: Sister) -> Estate:
    said = {"company": company, "name": one.name, "hotline": one.hotline, "address": one.address}
    estate, _new = Estate.objects.get_or_create(code=one.code, defaults=said)
    with estate_scope(estate):
        if Building.objects.at_estate(estate).exists():
            return estate
    with tempfile.TemporaryDirectory() as folder:
        import_workbook(write(Path(folder) / f"{one.code}.xlsx", one.size, one.seed), estate)
    return estate


def _people(estate: Estate, one: Sister) -> None:
    """Two zones with a steward each, the crew and a manager; the demo's password."""
    if Post.objects.at_estate(estate).exists():
        return
    secret, since = make_password(PASSWORD), clock.today(estate) - timedelta(days=300)
    buildings = list(Building.objects.at_estate(estate).order_by("order"))
    half = len(buildings) // 2
    zones = [draw_zone(estate, str(n), title, rows, by=None) for n, title, rows in ((1, "东区", buildings[:half]), (2, "西区", buildings[half:]))]
    roles = (*((Role.STEWARD, zone) for zone in zones), *((role, None) for role in POSTS))
    for number, (name, (role, zone)) in enumerate(zip(one.people, roles, strict=True), 1):
        person, _new = Person.objects.get_or_create(
            username=f"{one.code}{number}", defaults={"name": name, "company": estate.company, "password": secret, "joined_at": clock.now(), "phone": f"+86{one.size.phones + 900 + number}"}
        )
        appoint(person, estate, role, by=None, zone=zone, since=since)
    for index, building in enumerate(buildings):
        building.plan_x, building.plan_y = 15 + index * 22, 40
        building.save(update_fields=["plan_x", "plan_y"])


def _logins(estate: Estate, one: Sister) -> None:
    owners = Member.objects.at_estate(estate).filter(kind=Member.Kind.OWNER, household__occupancies__isnull=False, login__isnull=True).exclude(phone="").order_by("pk").distinct()
    if Member.objects.at_estate(estate).filter(login__isnull=False).exists():
        return
    for index, member in enumerate(owners[:LOGINS], 1):
        said = {"name": member.name, "kind": Person.Kind.RESIDENT, "phone": member.phone, "phone_verified": True, "joined_at": clock.now()}
        person, _new = Person.objects.get_or_create(username=f"{one.code}-home{index}", defaults=said)
        member.login = person
        member.save(update_fields=["login"])

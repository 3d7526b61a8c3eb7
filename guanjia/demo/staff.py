"""The demo estate's people: who holds which post, and one login per role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import make_password
from django.db.backends.postgresql.psycopg_any import DateRange

from guanjia import clock
from guanjia.estates.models import Building
from guanjia.estates.zoning import draw_zone
from guanjia.households.models import Household, Member
from guanjia.people.models import CompanyPost, Person, Post
from guanjia.people.posting import appoint
from guanjia.people.roles import Role, title_of
from guanjia.tenancy.scope import estate_scope

if TYPE_CHECKING:
    from guanjia.estates.models import Estate

PASSWORD = "guanjia-demo"
CODE = "246810"  # residents' one-time code, only where GUANJIA_DEMO is set
ZONES = ["一", "二", "三", "四", "五", "六", "七", "八"]
STEWARDS = ["李明", "王芳", "陈晓梅", "赵志强", "刘婷", "孙海涛", "周丽", "吴建国"]


@dataclass(frozen=True)
class Colleague:
    login: str
    name: str
    role: str


CREW = [
    *[Colleague(f"repairer{n}", name, Role.REPAIRER) for n, name in enumerate(["周师傅", "郑师傅", "李志强", "何师傅", "冯师傅", "王海涛"], 1)],
    *[Colleague(f"cleaner{n}", name, Role.CLEANER) for n, name in enumerate(["孙阿姨", "钱阿姨", "何秀兰", "马玉芳"], 1)],
    *[Colleague(f"guard{n}", name, Role.ORDER_KEEPER) for n, name in enumerate(["郑保安", "冯刚", "韩磊"], 1)],
    Colleague("leader1", "孙班长", Role.ORDER_LEADER),
    Colleague("dispatcher1", "陈静", Role.DISPATCHER),
    Colleague("dispatcher2", "杨帆", Role.DISPATCHER),
    Colleague("desk1", "何小雨", Role.FRONT_DESK),
    Colleague("supervisor1", "赵主管", Role.SUPERVISOR),
    Colleague("manager1", "周建国", Role.MANAGER),
    Colleague("cashier1", "沈会计", Role.CASHIER),
    Colleague("quality1", "丁敏", Role.QUALITY),
]


def people(estate: Estate) -> None:
    """Zones of four buildings, their stewards, the crew, the company's people; harmless when run again."""
    secret = make_password(PASSWORD)  # hashed once: thirty logins share the demo's password
    since = clock.today(estate) - timedelta(days=400)

    def person(login: str, name: str) -> Person:
        return Person.objects.get_or_create(
            username=login,
            defaults={"name": name, "company": estate.company, "password": secret, "email": f"{login}@guanjia.example",
                      "phone": f"+86199900{abs(hash_of(login)) % 100000:05d}", "joined_at": clock.now()},
        )[0]  # fmt: skip

    with estate_scope(estate):
        if Post.objects.at_estate(estate).exists():
            return
        buildings = list(Building.objects.at_estate(estate).order_by("order"))
        size = -(-len(buildings) // len(ZONES))
        for index, title in enumerate(ZONES):
            zone = draw_zone(estate, str(index + 1), f"{title}片区", buildings[index * size : (index + 1) * size], by=None)
            appoint(person(f"steward{index + 1}", STEWARDS[index]), estate, Role.STEWARD, by=None, zone=zone, since=since)
        for row in CREW:
            appoint(person(row.login, row.name), estate, row.role, by=None, since=since)
        admin = person("admin1", "公司管理员")
        CompanyPost.objects.get_or_create(
            company=estate.company, person=admin, role=Role.COMPANY_ADMIN, defaults={"during": DateRange(since, None)}
        )
        _plan(buildings)
        _arrears(estate)


def hash_of(text: str) -> int:
    """A number that is the same in every process."""
    return int.from_bytes(text.encode(), "big") % 1_000_003


def _plan(buildings: list[Building]) -> None:
    """Eight columns of four on the estate's plan, in per cent."""
    for index, building in enumerate(buildings):
        building.plan_x, building.plan_y = 6 + (index % 8) * 12.5, 10 + (index // 8) * 24
        building.save(update_fields=["plan_x", "plan_y"])


def _arrears(estate: Estate) -> None:
    """Some households owe, some have wishes, so that the desk has something to see."""
    rows = Household.objects.at_estate(estate)
    rows.filter(pk__in=list(rows.order_by("pk").values_list("pk", flat=True)[::11])).update(in_arrears=True)
    wishes = ["下午三点后上门", "请先电话，家有婴儿午睡", "工作日只有晚上在家", "微信联系即可"]
    hints = ["独居老人，敲门请稍等", "家有大型犬，请电话确认后上门", "听力不便，请按门铃两次"]
    for index, pk in enumerate(rows.order_by("pk").values_list("pk", flat=True)[:120]):
        if index % 3 == 0:
            rows.filter(pk=pk).update(preferences=wishes[index % 4], hints=hints[index % 3] if index % 5 == 0 else "")


def residents(estate: Estate, count: int = 60) -> list[Person]:
    """The first owners with a telephone get a login, as their first sign-in would give them."""
    made: list[Person] = []
    with estate_scope(estate):
        owners = Member.objects.at_estate(estate).filter(kind=Member.Kind.OWNER).exclude(phone="").order_by("pk")
        owners = owners.filter(household__occupancies__isnull=False).select_related("household")[:count]
        for index, member in enumerate(owners, 1):
            person, _new = Person.objects.get_or_create(
                username=f"resident{index}",
                defaults={"name": member.name, "kind": Person.Kind.RESIDENT, "phone": member.phone, "phone_verified": True, "joined_at": clock.now()},
            )
            if member.login_id != person.pk:
                member.login = person
                member.save(update_fields=["login"])
            made.append(person)
    return made


def logins(estate: Estate, first_resident: Person | None) -> list[dict[str, Any]]:
    """One login per role, as bin/demo prints them."""
    shown = ["steward1", "dispatcher1", "desk1", "repairer1", "cleaner1", "leader1", "supervisor1", "manager1", "cashier1", "quality1", "inspector1", "admin1"]
    names = dict(Person.objects.filter(username__in=shown).values_list("username", "name"))
    roles = {"steward1": Role.STEWARD, "inspector1": Role.COMPANY_QUALITY, "admin1": Role.COMPANY_ADMIN, **{row.login: row.role for row in CREW}}
    table = [
        {"role": title_of(roles[login]), "name": names[login], "login": login, "password": PASSWORD} for login in shown if login in names
    ]
    if first_resident:
        phone = (first_resident.phone or "").removeprefix("+86")
        table.insert(0, {"role": "业主", "name": first_resident.name, "login": phone, "password": CODE})
    return table

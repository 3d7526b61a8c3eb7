"""The cast: a small estate and people with motives, shared by all tests.

阳光花园 (sunny): building 3 with entrances 1 and 2, and building 5; zone east = 3, zone west = 5.
翠湖里 (lake): the other estate, whose people must never see anything of sunny's.

- 李明 (ming) — steward of the east zone; conscientious, walks with his phone.
- 王芳 (fang) — steward of the west zone; should have nothing to do with east's tickets.
- 周工 (zhou) — repairer; sees only his own orders. 吴工 (wu) — his neighbour post.
- 郑保安 (zheng) — order keeper; takes orders only through 孙班长 (sun), his leader.
- 陈静 (jing) — dispatcher. 何前台 (he) — front desk.
- 赵主管 (zhao) — supervisor. 钱经理 (qian) — project manager.
- 梅女士 (mei) — owner of 3-1-501; reports leaks. 她的丈夫 (mr_mei) — same household.
- 吕先生 (lu) — owner of 5-1-101; another household.
- 外人 (stranger) — steward at 翠湖里.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from guanjia import clock
from guanjia.estates.models import Building, Company, Entrance, Estate, Place, PlaceKind, Unit, UnitState, Zone
from guanjia.households.models import Household, Member, Occupancy
from guanjia.people.models import Person, Post
from guanjia.people.reach import reach_of
from guanjia.people.roles import Role
from guanjia.tenancy.scope import estate_scope

# A Tuesday, 10:00 in Shanghai: everybody is at work.
TUESDAY = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
SINCE = date(2025, 1, 1)
ALWAYS = (SINCE, None)
PASSWORD = "correct horse battery"


def staff(company, username, name):
    return Person.objects.create(username=username, name=name, company=company, kind=Person.Kind.STAFF, email=f"{username}@example.com")


def resident(username, name, phone):
    return Person.objects.create(username=username, name=name, phone=phone, phone_verified=True, kind=Person.Kind.RESIDENT)


def post(estate, person, role, zone=None, **more):
    return Post.objects.create(estate=estate, person=person, role=role, zone=zone, during=ALWAYS, **more)


def home(estate, building, entrance, room, zone):
    return Unit.objects.create(
        estate=estate, building=building, entrance=entrance, zone=zone, room=room, floor=int(room[:-2]), area="89.50",
        code=f"{building.number}-{entrance.number}-{room}", state=UnitState.OCCUPIED,
    )  # fmt: skip


def household(estate, unit, number, *members):
    rows = Household.objects.create(estate=estate, number=number, name=members[0].name)
    Occupancy.objects.create(estate=estate, household=rows, unit=unit, during=ALWAYS)
    for rank, person in enumerate(members):
        Member.objects.create(
            estate=estate, household=rows, number=f"{number}{rank}", name=person.name, phone=person.phone or "", login=person,
            kind=Member.Kind.FAMILY if rank else Member.Kind.OWNER,
        )  # fmt: skip
    return rows


def build_cast():
    """Make the world; returns it as a namespace. Must run inside a test's database."""
    world = SimpleNamespace()
    world.company = Company.objects.create(code="linan", name="邻安物业")
    world.sunny = Estate.objects.create(company=world.company, code="sunny", name="阳光花园", hotline="028-8000 0000")
    other_company = Company.objects.create(code="other", name="别家物业")
    world.lake = Estate.objects.create(company=other_company, code="lake", name="翠湖里")
    names = {
        "ming": "李明", "fang": "王芳", "zhou": "周工", "wu": "吴工", "zheng": "郑保安", "sun": "孙班长", "jing": "陈静",
        "he": "何前台", "zhao": "赵主管", "qian": "钱经理",
    }  # fmt: skip
    for username, name in names.items():
        setattr(world, username, staff(world.company, username, name))
    world.stranger = staff(other_company, "stranger", "外人")
    world.mei = resident("mei", "梅女士", "+8619900000001")
    world.mr_mei = resident("mr_mei", "梅先生", "+8619900000002")
    world.lu = resident("lu", "吕先生", "+8619900000003")
    with estate_scope(world.lake):
        world.lake_zone = Zone.objects.create(estate=world.lake, code="A", name="湖区")
        post(world.lake, world.stranger, Role.STEWARD, world.lake_zone)
    with estate_scope(world.sunny):
        _people_sunny(world)
    return world


def _people_sunny(world):
    sunny = world.sunny
    world.east = Zone.objects.create(estate=sunny, code="E", name="东区")
    world.west = Zone.objects.create(estate=sunny, code="W", name="西区")
    world.b3 = Building.objects.create(estate=sunny, number="3", order=3, zone=world.east, floors=18)
    world.b5 = Building.objects.create(estate=sunny, number="5", order=5, zone=world.west, floors=6)
    world.e31 = Entrance.objects.create(estate=sunny, building=world.b3, number="1", floors=18, has_lift=True)
    world.e51 = Entrance.objects.create(estate=sunny, building=world.b5, number="1", floors=6)
    world.home = home(sunny, world.b3, world.e31, "501", world.east)
    world.home_next = home(sunny, world.b3, world.e31, "502", world.east)
    world.home_west = home(sunny, world.b5, world.e51, "101", world.west)
    world.lift = Place.objects.create(estate=sunny, code="3-1-lift", name="3栋1单元电梯", kind=PlaceKind.LIFT, building=world.b3, zone=world.east)
    world.meis = household(sunny, world.home, "1", world.mei, world.mr_mei)
    world.lus = household(sunny, world.home_west, "2", world.lu)
    post(sunny, world.ming, Role.STEWARD, world.east)
    post(sunny, world.fang, Role.STEWARD, world.west)
    for name, role in {
        "zhou": Role.REPAIRER, "wu": Role.REPAIRER, "zheng": Role.ORDER_KEEPER, "sun": Role.ORDER_LEADER, "jing": Role.DISPATCHER,
        "he": Role.FRONT_DESK, "zhao": Role.SUPERVISOR, "qian": Role.MANAGER,
    }.items():  # fmt: skip
        post(sunny, getattr(world, name), role)


@pytest.fixture
def cast(db):
    """The world, with the estate 阳光花园 in scope and the clock at a Tuesday morning.

    `cast.as_("ming")` is the reach that verbs want as `by=`.
    """
    with clock.at(TUESDAY):
        world = build_cast()
        with estate_scope(world.sunny):
            world.as_ = lambda name, estate=None: reach_of(getattr(world, name), estate or world.sunny)
            yield world

"""The five-sheet workbook, into an estate and again (issue 2, point 2)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from guanjia import clock
from guanjia.billing.models import Fee, UnitFee
from guanjia.estates.models import Building, Entrance, Place, Unit
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.households.models import Household, Member, Occupancy, Parking, SearchKey, Vehicle
from guanjia.importing.importer import import_workbook
from tests.cast import TUESDAY

from . import books
from .conftest import numbers

ID = books.identity(7, date(1980, 5, 6))
FEES = [
    {"number": 1, "category": "物业费", "name": "高层物业服务费", "flag": "周期性费用", "mode": "后付费", "period": 1, "bill": "每月1日", "starts": "2025-1-1", "ends": "2037-1-1", "formula": 1001, "price": 2.65, "fixed": 0},
    {"number": 3, "name": "垃圾处理费", "formula": 2002, "fixed": 8},
]  # fmt: skip
WHOLE = {
    "buildings": [{"building": 3, "entrance": 1, "floors": 18, "lift": "有"}, {"building": 3, "entrance": 2, "floors": 18, "lift": "无"}, {"building": 4, "entrance": 0, "floors": 2, "lift": "无"}],
    "owners": [
        books.person(1, "张建国", 7, sex="男", age=46, phone=19900000001.0, identity=ID),
        books.person(2, "单晓梅", 7, sex="女", age=43, phone=18999999999, identity="1" * 18, kind=1002),
    ],
    "fees": FEES,
    "rooms": [
        books.room(501, 7, 3, 1, floor=5, area=89.54999999999, fees="1#3", starts="2025-1-1#2025/2/1", layout="三室", kind=110, inner=71.6, rent=0),
        books.room("101", 0, 4, 0, floor=1, area="45", fees=3.0, starts=45658),
    ],
    "parking": [
        {"lot": 1, "code": "B0001", "kind": "地下停车位", "area": 12.5, "household": 7, "plate": "川a·12345", "brand": "比亚迪", "vehicle": 9901, "colour": "白", "tenure": "H", "starts": "2025-01-01", "ends": "2037-1-1"},
        {"lot": 1, "code": "B0002", "kind": "地下停车位", "area": 12.5},
    ],
}  # fmt: skip
ALL = {"building": 2, "entrance": 2, "unit": 2, "person": 2, "fee": 2, "parking": 2}


def test_everything_arrives(bare, send):
    """EST-06 HSE-02, issue 2 point 2: units with areas, one file per household, fees ready to bill, parking and cars."""
    outcome = send(books.five, **WHOLE)
    assert numbers(outcome) == ALL and not outcome.log.refusals
    unit = Unit.objects.get(code="3-1-501")
    assert (unit.area, unit.inner_area, unit.floor, unit.kind, unit.state, unit.entrance.number) == (
        Decimal("89.55"),
        Decimal("71.60"),
        5,
        "home",
        "occupied",
        "1",
    )
    shop = Unit.objects.get(code="4-0-101")
    assert (shop.kind, shop.state, shop.entrance, shop.building.floors) == ("shop", "vacant", None, 2)
    assert (
        Entrance.objects.get(building__number="3", number="1").has_lift
        and not Entrance.objects.get(number="2").has_lift
    )
    household = Household.objects.get()
    assert (household.number, household.name, household.pinyin) == ("7", "张建国", "zhang jian guo")
    assert [(o.unit.code, o.kind, o.during.lower, o.during.upper) for o in Occupancy.objects.all()] == [
        ("3-1-501", "owner", None, None)
    ]
    one, two = Member.objects.order_by("number")
    assert (one.phone, one.identity, one.born_year, one.sex, one.kind) == ("+8619900000001", ID, 1980, "M", "owner")
    assert (two.phone, two.identity, two.born_year, two.kind) == ("", "", 1983, "family")
    fee = Fee.objects.get(number="1")
    assert (fee.price, fee.formula, fee.bill_day, fee.period_months, fee.starts_on, fee.ends_on) == (
        Decimal("2.65"),
        "1001",
        1,
        1,
        date(2025, 1, 1),
        date(2037, 1, 1),
    )
    links = {(link.unit.code, link.fee.number): link.starts_on for link in UnitFee.objects.all()}
    assert links == {
        ("3-1-501", "1"): date(2025, 1, 1),
        ("3-1-501", "3"): date(2025, 2, 1),
        ("4-0-101", "3"): date(2025, 1, 1),
    }
    place = Parking.objects.get(code="B0001")
    assert (place.household, place.vehicle.plate, place.vehicle.household, place.tenure, place.area) == (
        household,
        "川A12345",
        household,
        "H",
        Decimal("12.50"),
    )
    assert not Parking.objects.get(code="B0002").tenure
    assert {place.code: place.kind for place in Place.objects.all()} == {
        "3-1-lobby": "lobby",
        "3-2-lobby": "lobby",
        "3-1-lift": "lift",
        "4-lobby": "lobby",
    }


def test_identity_numbers_are_sealed(bare, send):
    """HSE-14: nothing readable of an identity number stands in the database."""
    send(books.five, **WHOLE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(m::text, ' ') FROM households_member m")
        assert ID not in cursor.fetchone()[0]


def test_the_same_file_twice_changes_nothing(bare, send):
    """Issue 2 point 2: twice, and as a dry run, and years later, when the stated age is another."""
    send(books.five, **WHOLE)
    rows = {
        model: list(model.objects.order_by("pk").values())
        for model in (
            Building,
            Entrance,
            Unit,
            Household,
            Member,
            Occupancy,
            Fee,
            UnitFee,
            Vehicle,
            Parking,
            Place,
            SearchKey,
        )
    }
    for dry in (True, False):
        outcome = import_workbook(send.path, bare, dry=dry)
        assert numbers(outcome, "unchanged") == ALL
        assert not numbers(outcome) and not numbers(outcome, "changed")
    with clock.at(TUESDAY + timedelta(days=900)):
        assert numbers(import_workbook(send.path, bare), "unchanged") == ALL
    assert rows == {model: list(model.objects.order_by("pk").values()) for model in rows}


def test_a_dry_run_tells_the_truth_and_writes_nothing(bare, send):
    """Issue 2 point 2: the dry run's numbers are those of the import."""
    foreseen = send(books.five, dry=True, **WHOLE).as_json()
    assert not Unit.objects.exists() and not Household.objects.exists() and not Event.objects.exists()
    assert foreseen == import_workbook(send.path, bare).as_json()
    assert [event.action for event in Event.objects.all()] == [Action.IMPORT_DONE]


def test_changes_are_counted_where_they_are(bare, send):
    """Issue 2 point 2: what is changed, what is left alone."""
    send(books.five, **WHOLE)
    changed = {
        **WHOLE,
        "owners": [{**WHOLE["owners"][0], "phone": "19900000009"}, WHOLE["owners"][1]],
        "rooms": [{**WHOLE["rooms"][0], "area": 90}, WHOLE["rooms"][1]],
        "fees": [{**FEES[0], "price": 2.8}, FEES[1]],
        "buildings": [{**WHOLE["buildings"][0], "floors": 20}, *WHOLE["buildings"][1:]],
    }
    outcome = send(books.five, **changed)
    assert numbers(outcome, "changed") == {"building": 1, "entrance": 1, "unit": 1, "person": 1, "fee": 1}
    assert not numbers(outcome)
    assert Building.objects.get(number="3").floors == 20
    assert SearchKey.objects.filter(kind="phone").values_list("key", flat=True).get() == "9000000099168"


def test_empty_cells_leave_what_is_there(bare, send):
    """Issue 2 point 2: an import adds and corrects, it never removes."""
    send(books.five, **WHOLE)
    bare_rows = {
        "owners": [{"number": 1, "name": "张建国", "household": 7}],
        "rooms": [{"room": 501, "building": 3, "entrance": 1, "household": ""}],
    }
    outcome = send(books.five, buildings=[], **bare_rows)
    assert numbers(outcome, "unchanged") == {"unit": 1, "person": 1} and not outcome.log.refusals
    assert Member.objects.get(number="1").phone and Occupancy.objects.count() == 1 and UnitFee.objects.count() == 3


def test_what_staff_wrote_stays(bare, send):
    """HSE-02: hints, preferences, a unit's state and zone are not the file's to change."""
    send(books.five, **WHOLE)
    Household.objects.update(hints="有狗", preferences="晚上", in_arrears=True)
    Unit.objects.filter(code="3-1-501").update(state="renovating")
    assert numbers(import_workbook(send.path, bare), "unchanged") == ALL
    assert Household.objects.get().hints == "有狗" and Unit.objects.get(code="3-1-501").state == "renovating"


def test_a_unit_is_sold(bare, send):
    """Design decision 6: the old owner until yesterday, the new one from today; corrected on the same day, no trace is left."""
    send(
        books.five,
        owners=[books.person(1, household=7), books.person(2, "李四", 8), books.person(3, "王五", 9)],
        rooms=[books.room(501, 7)],
    )
    assert numbers(send(books.five, rooms=[books.room(501, 8)]), "changed") == {"unit": 1}
    today = clock.today(bare)
    spans = {o.household.number: (o.during.lower, o.during.upper) for o in Occupancy.objects.all()}
    assert spans == {"7": (None, today), "8": (today, None)}
    assert numbers(send(books.five, rooms=[books.room(501, 9)]), "changed") == {"unit": 1}
    assert {o.household.number: (o.during.lower, o.during.upper) for o in Occupancy.objects.all()} == {
        "7": (None, today),
        "9": (today, None),
    }
    with clock.at(TUESDAY + timedelta(days=30)):
        send(books.five, rooms=[books.room(501, 7)])
        assert not numbers(send(books.five, rooms=[books.room(501, 7)]), "changed")
    assert [o.household.number for o in Occupancy.objects.order_by("during")] == ["7", "9", "7"]


def test_a_member_moves(bare, send):
    """HSE-02: a member's number stays, the household follows, and so do the search keys."""
    send(books.five, owners=[books.person(1, household=7), books.person(2, "李四", 7, kind=1002)])
    outcome = send(books.five, owners=[books.person(2, "李四", 8)])
    assert numbers(outcome, "changed") == {"person": 1}
    member = Member.objects.get(number="2")
    assert member.household.number == "8" and member.household.name == "李四"
    assert set(SearchKey.objects.filter(member=member).values_list("household__number", flat=True)) == {"8"}


def test_two_estates_never_meet(bare, send, cast):
    """Design §2.2: the same numbers at another estate are other rows."""
    from guanjia.tenancy.scope import estate_scope

    with estate_scope(bare):
        send(books.five, **WHOLE)
        assert Unit.objects.count() == 2
    with estate_scope(cast.sunny):
        assert Unit.objects.filter(code="3-1-501").count() == 1 and not Fee.objects.exists()


@pytest.mark.parametrize("few", [True, False])
def test_row_order_and_size_do_not_matter(bare, tmp_path, few):
    """Issue 2 point 2: sheets in any order; a small file loops over indexes, a large one joins by hash: the same result."""
    path = books.estate(tmp_path / "estate.xlsx", 12 if few else 400)
    outcome = import_workbook(path, bare)
    assert not outcome.log.refusals and outcome.tallies["unit"].created == (12 if few else 400)
    again = import_workbook(path, bare)
    assert again.count("created") == again.count("changed") == 0

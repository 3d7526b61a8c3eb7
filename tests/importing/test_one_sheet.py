"""The one-sheet register: a row is a unit with its owners (issue 2, point 2)."""

from __future__ import annotations

from datetime import timedelta

from guanjia import clock
from guanjia.estates.models import Building, Unit
from guanjia.households.models import Household, Member, Occupancy
from guanjia.importing.importer import import_workbook
from tests.cast import TUESDAY

from . import books
from .conftest import numbers, reasons


def unit(room, owner="", phone="", **more):
    return {
        "building": "3号楼",
        "entrance": "一单元",
        "room": room,
        "floor": 5,
        "area": 89.5,
        "state": "已入住",
        "owner": owner,
        "phone": phone,
        **more,
    }


def test_buildings_follow_from_the_rows(bare, send):
    """EST-06, issue 2 point 2: buildings, staircases, units, shops, states and people out of one sheet."""
    outcome = send(
        books.flat,
        unit("501室", "张三", "19900000001"),
        unit(502, state="未售"),
        unit("1201", floor=12, state="装修中"),
        unit("101", entrance=0, floor=1, state="", kind="商铺"),
    )
    assert numbers(outcome) == {"building": 1, "entrance": 1, "unit": 4, "person": 1} and not outcome.log.refusals
    assert dict(Unit.objects.values_list("code", "state")) == {
        "3-1-501": "occupied",
        "3-1-502": "unsold",
        "3-1-1201": "renovating",
        "3-0-101": "vacant",
    }
    assert Building.objects.get().floors == 12 and Unit.objects.get(code="3-0-101").kind == "shop"
    assert numbers(import_workbook(send.path, bare), "unchanged") == {
        "building": 1,
        "entrance": 1,
        "unit": 4,
        "person": 1,
    }


def test_a_room_written_in_full(bare, send):
    """Issue 2 point 2: 3-1-501 needs no other columns."""
    outcome = send(
        books.save,
        {
            "表": [
                ["房号", "建筑面积", "业主姓名"],
                ["3-1-501", 80, "张三"],
                ["3栋2单元502室", 81, "李四"],
                ["0503", 82, "王五"],
            ]
        },
    )
    assert set(Unit.objects.values_list("code", flat=True)) == {"3-1-501", "3-2-502"}
    assert reasons(outcome) == {("表", 4, "楼号")}


def test_one_owner_of_several_units_is_one_household(bare, send):
    """HSE-02 HSE-04: by identity number, or by name and telephone; namesakes without either stay apart."""
    id_ = books.identity(5)
    send(
        books.flat,
        unit(501, "张三", "19900000001"),
        unit(502, "张三", "19900000001"),
        unit(601, "李四", identity=id_),
        unit(602, "李 四", "19900000009", identity=id_),
        unit(701, "王五"),
        unit(702, "王五"),
    )
    homes = {}
    for occupancy in Occupancy.objects.select_related("household", "unit"):
        homes.setdefault(occupancy.household.number, set()).add(occupancy.unit.room)
    assert homes == {"3-1-501": {"501", "502"}, "3-1-601": {"601", "602"}, "3-1-701": {"701"}, "3-1-702": {"702"}}
    again = import_workbook(send.path, bare)
    assert again.count("created") == again.count("changed") == 0


def test_couples_in_one_cell(bare, send):
    """HSE-02: 张三、李四 with 199…1、199…2 are owner and family."""
    send(books.flat, unit(501, "张三、李四", "19900000001、19900000002"), unit(502, "王五/赵六", "19900000003"))
    people = {
        member.name: (member.household.number, member.kind, member.phone)
        for member in Member.objects.select_related("household")
    }
    assert people == {
        "张三": ("3-1-501", "owner", "+8619900000001"), "李四": ("3-1-501", "family", "+8619900000002"),
        "王五": ("3-1-502", "owner", "+8619900000003"), "赵六": ("3-1-502", "family", ""),
    }  # fmt: skip


def test_a_corrected_name_is_the_same_person_another_owner_is_not(bare, send):
    """Design decision 6: the same telephone keeps the household; another person gets one of their own."""
    send(books.flat, unit(501, "张三", "19900000001"), unit(502, "李四", "19900000002"))
    with clock.at(TUESDAY + timedelta(days=10)):
        outcome = send(books.flat, unit(501, "张珊", "19900000001"), unit(502, "钱七", "19900000007"))
    assert numbers(outcome, "changed") == {"unit": 1, "person": 1} and numbers(outcome) == {"person": 1}
    assert sorted(Household.objects.values_list("number", "name")) == [
        ("3-1-501", "张珊"),
        ("3-1-502", "李四"),
        ("3-1-502-260320", "钱七"),
    ]
    assert Occupancy.objects.filter(unit__room="502").count() == 2


def test_given_numbers_win(bare, send):
    """Issue 2 point 2: with 业主编号 the household is what it says."""
    send(books.flat, unit(501, "张三", household=88), unit(502, "李四", household=88), unit(503, "王五", household=0))
    assert {o.unit.room: o.household.number for o in Occupancy.objects.all()} == {
        "501": "88",
        "502": "88",
        "503": "3-1-503",
    }


def test_one_refused_row_sent_again_finds_its_household(bare, send):
    """Issue 2 point 2: a mended row joins the owner's household that the first import made."""
    send(books.flat, unit(501, "张三", "19900000001"), unit(502, "张三", "19900000001", area="x"))
    outcome = send(books.flat, unit(502, "张三", "19900000001"))
    assert numbers(outcome) == {"unit": 1} and Household.objects.count() == 1 and Occupancy.objects.count() == 2


def test_telephones_without_a_name(bare, send):
    """Issue 2 point 2: the unit is made, the missing name is asked for."""
    outcome = send(books.flat, unit(501, "", "19900000001"))
    assert reasons(outcome) == {("台账", 2, "业主名称")} and Unit.objects.exists() and not Member.objects.exists()

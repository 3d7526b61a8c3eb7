"""What is not taken, and why; good rows are never lost to bad ones (issue 2, point 2)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanjia.billing.models import UnitFee
from guanjia.estates.models import Unit
from guanjia.events.models import Event
from guanjia.households.models import Household, Member, Occupancy, Parking, Vehicle
from guanjia.importing.container import Unusable
from guanjia.importing.importer import import_workbook
from guanjia.importing.mending import write_refused
from guanjia.importing.workbook import Workbook

from . import books
from .conftest import numbers, reasons

FEE = {"number": 1, "name": "物业费", "formula": 1001, "price": 2}


def test_a_unit_lives_without_its_refused_owner(bare, send):
    """Issue 2 point 2: the unit is made, without a household, and that is said; sent again with the owner, it moves in."""
    outcome = send(
        books.five,
        owners=[books.person(1), books.person(2, "", 2)],
        rooms=[books.room(101, 1), books.room(102, 2), books.room(103, 99)],
    )
    assert numbers(outcome) == {"building": 1, "entrance": 1, "unit": 3, "person": 1}
    assert Occupancy.objects.count() == 1
    said = {refusal.row: refusal for refusal in outcome.log.refusals if refusal.sheet == "房屋信息"}
    assert said[3].kept and "被拒收" in said[3].reason and said[4].kept and "没有业主 99" in said[4].reason
    assert outcome.log.refused_rows == 1 and len(outcome.log.rows) == 3
    send(books.five, owners=[books.person(2, "李四", 2)], rooms=[books.room(102, 2)])
    assert Occupancy.objects.count() == 2


ROOMS = {
    "unknown building": ({"building": 99}, "楼栋编号"), "unknown staircase": ({"entrance": 9}, "单元编号"), "above the roof": ({"floor": 19}, "房屋楼层"),
    "no room": ({"room": ""}, "房屋编号"), "no number": ({"area": "九十四"}, "建筑面积"), "negative": ({"area": -5}, "建筑面积"), "absurd": ({"area": 1e7}, "建筑面积"),
    "long": ({"room": "5" * 50}, "房屋编号"), "only a dash": ({"room": "-"}, "房屋编号"), "no staircase": ({"entrance": ""}, "单元编号"),
}  # fmt: skip


@pytest.mark.parametrize("wrong, column", ROOMS.values(), ids=ROOMS)
def test_rooms_that_are_refused(bare, send, wrong, column):
    """EST-06, issue 2 point 2: named by sheet, row, column, value and reason; the row beside it is taken."""
    outcome = send(books.five, owners=[books.person(1)], rooms=[{**books.room(501), **wrong}, books.room(502)])
    assert list(Unit.objects.values_list("code", flat=True)) == ["1-1-502"]
    (refusal,) = outcome.log.refusals
    assert (refusal.sheet, refusal.row, refusal.column, refusal.kept) == ("房屋信息", 2, column, False)
    assert refusal.reason and (refusal.value or "" in wrong.values())


CELLS = {
    "unknown fee": ({"fees": "1#9"}, "房屋费用"), "impossible date": ({"fees": "1", "starts": "2025-02-30"}, "费用开始时间"),
    "too many dates": ({"fees": "1", "starts": "2025-1-1#2025-2-1"}, "费用开始时间"), "inner area": ({"inner": 900}, "室内面积"),
    "unknown state": ({"state": "闹鬼"}, "房屋状态"), "unknown kind": ({"kind": "城堡"}, "房屋类型"),
}  # fmt: skip


@pytest.mark.parametrize("wrong, column", CELLS.values(), ids=CELLS)
def test_cells_that_are_left_out(bare, send, wrong, column):
    """Issue 2 point 2: where the row is good without the cell, the row is taken and the cell named."""
    outcome = send(books.five, owners=[books.person(1)], fees=[FEE], rooms=[{**books.room(501), **wrong}])
    assert Unit.objects.get().code == "1-1-501"
    (refusal,) = outcome.log.refusals
    assert (refusal.column, refusal.kept) == (column, True)
    assert UnitFee.objects.count() == (1 if "fees" in wrong and column == "房屋费用" else 0) or column == "费用开始时间"


def test_people_keep_what_is_right(bare, send):
    """Issue 2 point 2: a wrong identity number or telephone is dropped and named, the person stays."""
    outcome = send(books.five, owners=[
        books.person(1, identity="990000199001010019", phone="1990000", sex="未知", age="三十"),
        books.person(2, kind=1009), books.person("", "无号"), books.person(4, "甲" * 61), books.person(1, "又一个"), books.person(6, household="0"),
    ])  # fmt: skip
    member = Member.objects.get()
    assert (member.name, member.identity, member.phone) == ("张建国", "", "")
    assert reasons(outcome) == {("业主信息", row, column) for row, column in ((2, "身份证号"), (2, "手机号"), (2, "年龄"), (3, "业主类型"), (4, "编号"), (4, "业主编号"), (5, "业主名称"), (6, "编号"), (7, "业主编号"))}  # fmt: skip
    assert outcome.log.refused_rows == 5


def test_of_two_rows_with_one_key_the_first_good_one_counts(bare, send):
    """Issue 2 point 2: duplicates are named with the row they repeat; a refused row is no first row."""
    rooms = [
        {**books.room(501), "area": "x"},
        books.room(501, area=80),
        books.room(501.0, area=90),
        books.room("501室", area=91),
    ]
    outcome = send(books.five, owners=[books.person(1)], rooms=rooms)
    assert Unit.objects.get().area == 80
    assert ["第 3 行" in refusal.reason for refusal in outcome.log.refusals] == [False, True, True]


def test_fees_that_are_refused(bare, send):
    """Issue 2 point 2: unknown formula, words for numbers, impossible and turned dates, a fee by area without a price."""
    wrong = [
        {"formula": 1003},
        {"price": "一块八"},
        {"period": 0},
        {"bill": "某日"},
        {"starts": "2025-13-1"},
        {"starts": "2025-2-1", "ends": "2025-1-1"},
        {"price": 0},
        {"price": -1},
        {"name": ""},
    ]
    outcome = send(books.five, fees=[FEE, *({**FEE, "number": at, **slip} for at, slip in enumerate(wrong, start=2))])
    assert numbers(outcome)["fee"] == 1
    assert sorted(refusal.row for refusal in outcome.log.refusals) == list(range(3, 12))


def test_parking_of_nobody(bare, send):
    """Issue 2 point 2: an unknown owner leaves the place, without household or car; a wrong tenure or area refuses it."""
    place = {"lot": 1, "area": 12, "household": 1, "plate": "川A12345"}
    outcome = send(books.five, owners=[books.person(1)], parking=[
        {**place, "code": "B1"}, {**place, "code": "B2", "household": 9, "plate": "川A00002"}, {**place, "code": "B3", "tenure": "Z", "plate": ""}, {**place, "code": "B4", "area": "x", "plate": ""},
        {**place, "code": "B5", "starts": "2025-1-2", "ends": "2024-1-1", "plate": ""}, {**place, "code": "B6"}, {**place, "code": "B7", "plate": "川A0"}, {**place, "code": "B1"},
    ])  # fmt: skip
    assert set(Parking.objects.values_list("code", flat=True)) == {"B1", "B2", "B6", "B7"}
    assert Vehicle.objects.get().plate == "川A12345" and Parking.objects.get(code="B2").household is None
    kept = {refusal.row for refusal in outcome.log.refusals if refusal.kept}
    assert kept == {3, 7, 8} and {refusal.row for refusal in outcome.log.refusals} - kept == {4, 5, 6, 9}


def test_formulas_are_read_as_their_values(bare, tmp_path):
    """Issue 2 point 2: a formula with a value is that value, and counted; without one the row is refused."""
    import xlsxwriter

    book = xlsxwriter.Workbook(tmp_path / "formula.xlsx")
    page = book.add_worksheet("业主")
    page.write_row(0, 0, ["编号", "业主名称", "业主编号"])
    page.write_row(1, 0, [1, "", 1])
    page.write_formula(1, 1, '="张"&"三"', None, "张三")
    page.write_row(2, 0, [2, "", 2])
    page.write_formula(2, 1, '=HYPERLINK("http://x")', None, "")
    book.close()
    outcome = import_workbook(tmp_path / "formula.xlsx", bare)
    assert Member.objects.get().name == "张三" and outcome.log.formulas == {"业主": 2}
    assert [(refusal.row, refusal.value) for refusal in outcome.log.refusals] == [(3, '=HYPERLINK("http://x")')]


def test_refused_rows_come_back_mended(bare, send, tmp_path):
    """Issue 2 point 2: the refused rows as a workbook with their reasons; mended and sent again they are taken."""
    first = send(
        books.five,
        owners=[books.person(1), books.person(2, "", phone="+1")],
        fees=[FEE],
        rooms=[books.room(501, fees="1#2"), books.room(502, 2, area="x"), books.room(503)],
    )
    target = tmp_path / "refused.xlsx"
    write_refused(send.path, target, first.log)
    again = import_workbook(target, bare)
    assert not numbers(again) and again.log.refused_rows == 2
    with Workbook.open(target) as book:
        rows = {
            sheet.name: [[row.cells.get(at, "") for at in range(max(row.cells) + 1)] for row in book.rows(sheet)]
            for sheet in book.sheets
        }
    assert rows["房屋信息"][0][:3] == ["房屋编号", "楼栋编号", "单元编号"] and rows["房屋信息"][0][-3:] == [
        "拒收列",
        "拒收原因",
        "原行号",
    ]
    assert [row[-1] for row in rows["房屋信息"][1:]] == [2, 3] and "费用设置" not in rows
    mended = {
        name: [[{"x": 88, "1#2": "1"}.get(value, value) for value in row] for row in sheet]
        for name, sheet in rows.items()
    }
    mended["业主信息"][1:] = [[2, "李四", 1001, 2]]
    mended["业主信息"][0] = ["编号", "业主名称", "业主类型", "业主编号"]
    outcome = import_workbook(books.save(tmp_path / "mended.xlsx", mended), bare)
    assert not outcome.log.refusals and Unit.objects.get(code="1-1-502").area == 88
    assert Occupancy.objects.get(unit__code="1-1-502").household.number == "2"


def test_nothing_in_the_refused_file_is_a_formula(bare, tmp_path):
    """Issue 2 point 2: values beginning with = + - @ go out as text."""
    evil = ["=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)"]
    rows = [["编号", "业主名称", "业主编号"], *([at, "", value] for at, value in enumerate(evil))]
    path = books.save(tmp_path / "evil.xlsx", {"业主": rows}, strings_to_formulas=False)
    outcome = import_workbook(path, bare)
    assert outcome.log.refused_rows == 4
    write_refused(path, tmp_path / "out.xlsx", outcome.log)
    with Workbook.open(tmp_path / "out.xlsx") as book:
        out = list(book.rows(book.sheets[0]))
    assert not any(row.formulas for row in out) and [row.cells[2] for row in out[1:]] == evil


def test_too_many_rows(bare, tmp_path, settings):
    """Issue 2 point 2: a sheet of a million rows gets a clear answer and leaves nothing behind."""
    settings.IMPORT_MOST_UNITS = 30
    with pytest.raises(Unusable, match="30 行") as caught:
        import_workbook(books.estate(tmp_path / "estate.xlsx", 31), bare)
    assert caught.value.code == "too_many_rows"
    assert not Unit.objects.exists() and not Household.objects.exists() and not Event.objects.exists()


MESS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.sampled_from(["1#3", "1", "501", "2025-02-30", "=1", "无", "1990000", "张三", "有", "H"]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(MESS, min_size=13, max_size=13), min_size=1, max_size=6), st.sampled_from(range(len(books.FIVE)))
)
def test_no_mess_stops_an_import(bare, tmp_path, rows, at):
    """Issue 2 point 2: expect others: whatever stands in the cells, good rows are taken, bad ones named, sent twice nothing changes."""
    layout = books.FIVE[at]
    clean = [
        [f"'{value}" if isinstance(value, str) and value.startswith("{=") else value for value in row] for row in rows
    ]
    given_ = {"业主": books.rows_of(books.OWNERS, books.person(1)), "楼": books.rows_of(books.BUILDINGS, {"building": 1, "entrance": 1, "floors": 9, "lift": "有"}),
              "乱": [books.titles(layout), *(row[: len(layout.columns)] for row in clean)]}  # fmt: skip
    path = books.save(tmp_path / "mess.xlsx", given_, strings_to_formulas=False, strings_to_urls=False)
    first = import_workbook(path, bare)
    assert Member.objects.filter(number="1").exists()
    second = import_workbook(path, bare)
    assert second.count("created") == second.count("changed") == 0
    assert second.log.refusals == first.log.refusals

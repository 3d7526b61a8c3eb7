"""Layouts recognised by their headings (issue 2, point 2)."""

from __future__ import annotations

import random

import pytest
import xlsxwriter

from guanjia.estates.models import Unit
from guanjia.households.models import Member
from guanjia.importing.cells import Row
from guanjia.importing.container import Unusable
from guanjia.importing.headings import plain, recognise
from guanjia.importing.importer import import_workbook
from guanjia.importing.layouts import FIVE, FLAT, LAYOUTS
from guanjia.importing.template import template

from . import books
from .conftest import numbers


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.key)
@pytest.mark.parametrize("seed", range(5))
def test_any_order_of_columns(layout, seed):
    """Issue 2 point 2: whatever the column order, the row or the sheet's name."""
    titles = [column.title for column in layout.columns]
    random.Random(seed).shuffle(titles)
    found = recognise([Row(1, {0: "阳光花园业主资料"}), Row(3, dict(enumerate(titles, start=seed)))])
    assert found and found.layout is layout and found.row == 3
    assert [found.layout.titles[name] for _at, name in sorted(found.fields.items())] == titles


@pytest.mark.parametrize(
    "heading", ["* 建筑面积（㎡）：", "建筑\n面积", "　建 筑 面 积 ", "建筑面积(平方米)", "【必填】建筑面积*"]
)
def test_spelling_of_headings(heading):
    """Issue 2 point 2: spaces, line breaks, stars, notes in brackets."""
    from guanjia.importing.cells import narrow

    assert plain(narrow(heading)) == "建筑面积"


def test_no_spelling_means_two_things():
    """Issue 2 point 2: within a layout every heading has one meaning."""
    for layout in LAYOUTS:
        spellings = [spelling.lower() for column in layout.columns for spelling in {column.title, *column.also}]
        assert len(spellings) == len(set(spellings)), layout.key


def test_explanations_stand_aside(bare, tmp_path):
    """Issue 2 point 2: explanation texts in side cells, also beside empty rows, are no data."""
    layout = books.ROOMS
    rows = books.rows_of(layout, *(books.room(at, 0) for at in (101, 102, 103)))
    rows[1] += ["", "", "说明", ""]
    rows[2] += ["", "", "房屋费用", "如果一个房屋对应多个费用信息，用#号分隔"]
    rows.append([""] * len(layout.columns) + ["", "", "1001", "面积*单价+附加费"])
    path = books.save(
        tmp_path / "side.xlsx",
        {"楼": books.rows_of(books.BUILDINGS, {"building": 1, "entrance": 1, "floors": 6, "lift": "无"}), "房": rows},
    )
    outcome = import_workbook(path, bare)
    assert numbers(outcome)["unit"] == 3 and not outcome.log.refusals


def test_merged_cells_count_for_every_row(bare, tmp_path):
    """Issue 2 point 2: a building written once over its merged rows."""
    book = xlsxwriter.Workbook(tmp_path / "merged.xlsx")
    page = book.add_worksheet("台账")
    page.merge_range("A1:F1", "阳光花园业主台账")
    page.write_row(1, 0, ["楼号", "单元", "房间", "楼层", "建筑面积", "业主名称"])
    page.merge_range("A3:A6", "3栋")
    page.merge_range("B3:B4", "一单元")
    page.merge_range("B5:B6", "二单元")
    for line, room in enumerate(["101", "102室", 201, "202"], start=2):
        page.write_row(line, 2, [room, 1, 80.5, "张三"])
    book.close()
    assert not import_workbook(tmp_path / "merged.xlsx", bare).log.refusals
    assert sorted(Unit.objects.values_list("code", flat=True)) == ["3-1-101", "3-1-102", "3-2-201", "3-2-202"]


def test_hidden_and_foreign_sheets_are_left_out(bare, tmp_path):
    """Issue 2 point 2: an old hidden copy is not imported; what was ignored is said."""
    book = xlsxwriter.Workbook(tmp_path / "hidden.xlsx")
    for name, hidden in (("现行", False), ("旧", True), ("会议纪要", False)):
        page = book.add_worksheet(name)
        page.write_row(0, 0, ["编号", "业主名称", "业主编号"] if name != "会议纪要" else ["时间", "地点"])
        page.write_row(1, 0, [1, name, 1])
        if hidden:
            page.hide()
    book.close()
    outcome = import_workbook(tmp_path / "hidden.xlsx", bare)
    assert Member.objects.get().name == "现行" and outcome.log.ignored == ["旧", "会议纪要"]


def test_nothing_recognised(bare, tmp_path):
    """Issue 2 point 2: says what was looked at and what is needed."""
    with pytest.raises(Unusable, match=r"会议纪要.*房间"):
        import_workbook(books.save(tmp_path / "a.xlsx", {"会议纪要": [["时间", "地点"], ["今天", "会议室"]]}), bare)


@pytest.mark.parametrize("kind", ["five", "one"])
def test_our_templates_import_as_they_are(bare, tmp_path, kind):
    """Issue 2 point 2: our own template can be downloaded; its example rows are good rows."""
    path = tmp_path / "template.xlsx"
    path.write_bytes(template(kind))
    outcome = import_workbook(path, bare)
    assert not outcome.log.refusals and not outcome.log.ignored
    expected = (
        {"building": 1, "entrance": 2, "unit": 2, "person": 2, "fee": 2, "parking": 2}
        if kind == "five"
        else {"building": 1, "entrance": 1, "unit": 2, "person": 2}
    )
    assert numbers(outcome) == expected
    assert set(FIVE) | {FLAT} == set(LAYOUTS)

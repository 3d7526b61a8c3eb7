"""Excel files of every noun are written in one way: words never run, money adds up, instants are the estate's."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from guanjia.tenancy.workbooks import LONGEST, Workbook, book_of


def test_cells_are_what_their_values_are():
    at = datetime(2026, 3, 10, 16, 30, tzinfo=UTC)
    row = ["0012", 7, 0, Decimal("0.10"), date(2026, 3, 10), at, None, "", "完"]
    with book_of([("甲", [(f"c{n}", 8) for n in range(len(row))], [row]), ("乙", ["x"], [])], ZoneInfo("Asia/Shanghai")) as file:
        book = CalamineWorkbook.from_filelike(io.BytesIO(file.read()))
    assert book.sheet_names == ["甲", "乙"]
    told = book.get_sheet_by_name("甲").to_python()[1]
    assert told == ["0012", 7.0, 0.0, 0.1, date(2026, 3, 10), datetime(2026, 3, 11, 0, 30), "", "", "完"]  # noqa: DTZ001 — a file has no time zone


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_words_never_run_and_no_character_breaks_the_file(words):
    """A name such as =HYPERLINK(…) stays a name; the sheet has no formula whatever stands in it."""
    with book_of([("甲", ["词"], [[f"a{words}"], [f"={words}"], [f"@{words}"]])]) as file:
        content = file.read()
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    assert len(CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()) == 4


def test_a_long_story_is_cut_and_rows_can_be_filtered():
    book = Workbook()
    book.sheet("表", ["词"], filtered=True)
    book.row(["长" * (LONGEST + 5)])
    with book.done() as file:
        content = file.read()
    assert len(CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[1][0]) == LONGEST
    assert b"autoFilter" in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")


def test_a_sheet_is_called_by_what_a_sheet_may_be_called():
    """A rubric of 客服/保洁 goes out like any other."""
    titles = ["客服/保洁[一期]", "客服:保洁 一期 ", "'引号'", "?"]
    file = book_of([(title, ["甲"], [["=1+1"]]) for title in titles])
    assert CalamineWorkbook.from_filelike(file).sheet_names == ["客服 保洁 一期", "客服 保洁 一期 2", "引号", "2"]

"""What people type into cells (issue 2, point 2)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanjia.importing.cells import CellError, MissingFormula, Shown, code, number, printable, several, text, whole
from guanjia.importing.dates import day, days, from_serial
from guanjia.importing.persons import born, check_digit, identity, names, phone, phones, plate
from guanjia.importing.readers.buildings import lift
from guanjia.importing.readers.fees import bill_day
from guanjia.importing.readers.rooms import floor

DAYS = st.dates(date(1930, 1, 1), date(2150, 1, 1))


@given(DAYS, st.sampled_from(["{y}-{m}-{d}", "{y}/{m}/{d}", "{y}.{m}.{d}", "{y}年{m}月{d}日", "{y}-{m:02}-{d:02}", "{y}{m:02}{d:02}", "{y}-{m}-{d} 00:00:00", "'{y}-{m}-{d}", " {y}／{m}／{d} "]))  # fmt: skip
def test_every_spelling_of_a_date(wanted, spelling):
    """Issue 2 point 2: 2025-1-1, 2025/1/1, 2025.1.1, 2025年1月1日, also full-width."""
    assert day(spelling.format(y=wanted.year, m=wanted.month, d=wanted.day)) == wanted


@given(DAYS)
def test_excel_serials(wanted):
    """Issue 2 point 2: a serial is a number or its digits, in both of Excel's calendars."""
    serial = (wanted - date(1899, 12, 30)).days
    assert day(Shown(serial)) == day(str(serial)) == from_serial(serial) == wanted
    assert from_serial(serial - 1462, epoch_1904=True) == wanted


@given(st.lists(DAYS, min_size=1, max_size=5), st.sampled_from("#＃，、;"))
def test_several_dates(wanted, mark):
    """Issue 2 point 2: one date for every fee, 2025-1-1#2025-1-1."""
    assert days(mark.join(f"{one.year}-{one.month}-{one.day}" for one in wanted)) == wanted


@pytest.mark.parametrize(
    "wrong", ["2025-02-30", "2025-13-1", "31/12/2025x", "明天", 1.0, 12.5, "0000-01-01", "2999-01-01", True]
)
def test_days_that_never_are(wrong):
    """Issue 2 point 2: an impossible date is refused with a reason."""
    with pytest.raises(CellError):
        day(wrong)


@given(st.text(max_size=60))
def test_no_text_breaks_a_reader(words):
    """Issue 2 point 2: expect other messes than ours: a reader answers or raises CellError."""
    for read in (
        day,
        days,
        phone,
        phones,
        identity,
        plate,
        names,
        code,
        several,
        number(2, 100),
        whole(10),
        lift,
        bill_day,
        floor,
        text,
        printable,
    ):
        try:
            read(words)
        except CellError as error:
            assert error.reason


@pytest.mark.parametrize(
    "value, wanted",
    [
        (1.0, "1"),
        ("1.0", "1"),
        (" ３－２ ", "3-2"),
        ("Ｂ０００１", "B0001"),
        ("\ufeffA\u200b1", "A1"),
        (10102.0, "10102"),
        ("'007", "007"),
        (None, ""),
    ],
)
def test_numbers_that_are_names(value, wanted):
    """Issue 2 point 2: 1.0 is 1; full-width signs, invisible ones, spaces, apostrophes."""
    assert code(value) == wanted


def test_a_room_turned_into_a_date_is_named():
    """Issue 2 point 2: Excel makes 3-2 a date; that is said, not guessed."""
    with pytest.raises(CellError, match="日期"):
        code(date(2026, 3, 2))


@pytest.mark.parametrize("value, wanted", [
    (Shown(19900000001.0, "19900000001"), "+8619900000001"), ("１９９００００００１２", "+8619900000012"), ("+86 199-0000-0001", "+8619900000001"),
    ("8619900000001", "+8619900000001"), (Shown(1.9900000001e10, "1.9900000001E10"), "+8619900000001"), ("1.9900000001E+10", "+8619900000001"),
    (18999999999.0, ""), ("18999999999", ""), ("", ""), ("无", ""), ("028-85551234", "+862885551234"), ("(028)85551234", "+862885551234"), ("85551234", "85551234"),
    ("19900000001 ", "+8619900000001"),
])  # fmt: skip
def test_telephones(value, wanted):
    """Issue 2 point 2: numbers as floats and scientific text; 18999999999 means unknown."""
    assert phone(value) == wanted


@pytest.mark.parametrize("wrong", ["1990000", "1.99E+10", "29900000001", "199000000011", "abc"])
def test_no_telephones(wrong):
    """Issue 2 point 2: what is no number is refused; lost digits are never filled with noughts."""
    with pytest.raises(CellError):
        phone(wrong)


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 999))
def test_identity_numbers(when, seed):
    """Issue 2 point 2: the check digit decides; a lower-case x and full-width digits are the same."""
    seventeen = f"990000{when:%Y%m%d}{seed:03d}"
    right = seventeen + check_digit(seventeen)
    wide = right.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789"})
    assert identity(right.lower()) == identity(wide) == identity(f" {right} ") == right
    assert born(right) == when.year
    wrong = seventeen + ("1" if right[-1] != "1" else "2")
    with pytest.raises(CellError):
        identity(wrong)


@pytest.mark.parametrize(
    "value, wanted",
    [("111111111111111111", ""), ("", ""), ("E12345678", "E12345678"), ("990000640214726", "990000640214726")],
)
def test_other_papers(value, wanted):
    """Issue 2 point 2: all ones mean unknown; passports and the old fifteen digits are papers too."""
    assert identity(value) == wanted


def test_an_identity_number_that_excel_rounded():
    """Issue 2 point 2: a number cell holds fifteen digits; the rest is lost and said so."""
    with pytest.raises(CellError, match="文本"):
        identity(Shown(9.9000019640214e17, "9.9000019640214E+17"))


@pytest.mark.parametrize(
    "value, wanted",
    [("1#3", ["1", "3"]), ("1＃3", ["1", "3"]), ("1，3、4", ["1", "3", "4"]), (1.0, ["1"]), ("1#1#", ["1"]), ("", [])],
)
def test_several_fees(value, wanted):
    """Issue 2 point 2: several fees as 1#3, and as people separate things."""
    assert several(value) == wanted


@pytest.mark.parametrize("value", ["𠮷田花子", "张㛃", "王·阿卜杜拉", "成都邻安物业管理有限公司", "⿰亻尔"])
def test_names_keep_their_characters(value):
    """Issue 2 point 2: rare characters beyond the basic plane stay as they are."""
    assert text(f"　{value} ") == value


def test_numbers_and_units_of_measure():
    """EST-06: areas with units and thousands; absurd ones refused."""
    area = number(2, 99_999)
    assert area("1,089.50㎡") == area(1089.4999999999999) == Decimal("1089.50")
    assert area("") is None
    for wrong in (-5, "九十四", "1e9", "nan", float("inf") if False else "inf"):
        with pytest.raises(CellError):
            area(wrong)


def test_floors_lifts_and_bill_days():
    """Issue 2 point 2: B1, 5层, 有, 每月1日."""
    assert [floor("B1"), floor("5层"), floor(18.0), floor("12F")] == [-1, 5, 18, 12]
    assert [lift("有"), lift("无"), lift(""), lift(2)] == [True, False, None, True]
    assert [bill_day("每月1日"), bill_day("每月31号"), bill_day("")] == [1, 31, 1]
    with pytest.raises(CellError):
        bill_day("每月")


def test_formulas_and_errors():
    """Issue 2 point 2: a formula nobody calculated, a formula sent as text and #REF! are refused by name."""
    for value, said in (
        (MissingFormula("=A1"), "公式"),
        ("=cmd|' /C calc'!A0", "公式"),
        (MissingFormula("=1").__class__.__mro__[1]("#REF!"), "#REF!"),
    ):
        with pytest.raises(CellError, match=said):
            text(value)

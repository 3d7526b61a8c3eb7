"""A room in any spelling (issue 2, points 2 and 4)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanjia.estates.rooms import building_number, code_of, entrance_number, guess, keys_of, room_number, split

CHINESE = dict(enumerate("零一二三四五六七八九十"))
SPELLINGS = [
    "{b}-{e}-{r}",
    "{b}栋{e}单元{r}",
    "{b}栋{e}单元{r}室",
    "{b}幢{e}单元{r}号",
    "{b}号楼{e}单元{r}",
    "{b}#{e}-{r}",
    "{b}座{e}单元 {r}",
    "{b} 栋 {e} 单元 {r} 室",
    "{b} {e} {r}",
    "{b}—{e}—{r}",
    "{b} - {e} - {r}",
    "{b}#{e}单元{r}",
]


def numeral(number):
    """1–99 in Chinese."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else CHINESE[tens] + "十") + (
        CHINESE[ones] if ones or not tens else ""
    )


@given(
    st.integers(1, 99),
    st.integers(1, 9),
    st.integers(101, 3999),
    st.sampled_from(SPELLINGS),
    st.booleans(),
    st.booleans(),
)
def test_every_spelling_finds_the_unit(building, entrance, room, spelling, wide, chinese):
    """Issue 2 point 4: whatever one says on the telephone is among the unit's keys, and splits into its parts."""
    spoken = chinese and "栋" in spelling and " " not in spelling
    said = spelling.format(
        b=numeral(building) if spoken else building, e=numeral(entrance) if spoken else entrance, r=room
    )
    if wide:
        said = said.translate({code: code + 0xFEE0 for code in range(0x30, 0x3A)} | {ord("-"): "－"})
    code = code_of(str(building), str(entrance), str(room))
    assert set(guess(said)) & set(keys_of(code)), said
    assert split(said) == (str(building), str(entrance), str(room))


@given(st.integers(1, 99), st.integers(1, 9), st.integers(101, 3999))
def test_short_spellings(building, entrance, room):
    """Issue 2 point 4: the room alone, building and room, digits in one go."""
    keys = set(keys_of(f"{building}-{entrance}-{room}"))
    for said in (
        f"{room}",
        f"{room}室",
        f"{building}#{room}",
        f"{building}栋{room}",
        f"{building}-{room}",
        f"{building}{entrance}{room}",
    ):
        assert set(guess(said)) & keys, said


@pytest.mark.parametrize(
    "said, keys",
    [
        ("3-2-", ["3-2-"]),
        ("3栋2单元", ["3-2-"]),
        ("3栋", ["3-"]),
        ("十二幢", ["12-"]),
        ("A座1201", ["a-1201"]),
        ("03-02-501", ["3-2-501"]),
    ],
)
def test_beginnings(said, keys):
    """Issue 2 point 4: three keystrokes: what is typed so far."""
    assert guess(said) == keys


@pytest.mark.parametrize("said", ["王三", "张建国", "", "单元", "zjg", "川A12345", "三"])
def test_what_is_no_room(said):
    """Issue 2 point 4: a name is not a room."""
    assert not [key for key in guess(said) if key in keys_of("3-2-501")]


@given(st.text(max_size=20))
def test_anything(said):
    """Issue 2 point 4: no words break the box."""
    assert isinstance(guess(said), list)
    assert split(said) is None or len(split(said)) == 3
    for part in (building_number, entrance_number, room_number):
        assert isinstance(part(said), str)


def test_parts():
    """Issue 2 point 2: what stands in a column of its own."""
    assert [building_number(said) for said in ("3号楼", "三栋", "3#", "A座", "03", "东区3栋", "３")] == [
        "3",
        "3",
        "3",
        "A",
        "3",
        "东区3",
        "3",
    ]
    assert [entrance_number(said) for said in ("二单元", "2", "0", "甲单元")] == ["2", "2", "0", "甲"]
    assert [room_number(said) for said in ("501室", " 0501", "B1-03")] == ["501", "0501", "B1-03"]

"""The desk's one box: a household in three keystrokes (issue 2, point 4; HSE-02)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from guanjia.estates.models import Building, Unit
from guanjia.households.keys import name_keys, rebuild, rebuild_households
from guanjia.households.models import Household, Member, Occupancy, SearchKey, Vehicle
from guanjia.households.pinyin import sort_key, spellings
from guanjia.households.search import find, masked
from guanjia.tenancy.scope import estate_scope


@pytest.fixture
def street(cast):
    """The cast, with neighbours whose names are hard to read."""
    sunny = cast.sunny
    people = {
        "张建国": "19912345678",
        "单晓梅": "19911112222",
        "尉迟恭": "19955556666",
        "曾国华": "",
        "𠮷田花子": "19900009999",
        "欧阳锋": "",
    }
    for at, (name, phone) in enumerate(people.items(), start=1):
        unit = Unit.objects.create(
            estate=sunny, building=cast.b3, entrance=cast.e31, room=f"60{at}", code=f"3-1-60{at}", floor=6
        )
        household = Household.objects.create(estate=sunny, number=f"S{at}", name=name)
        Occupancy.objects.create(estate=sunny, household=household, unit=unit, during=(None, None))
        Member.objects.create(
            estate=sunny, household=household, number=f"S{at}", name=name, phone=f"+86{phone}" if phone else ""
        )
        setattr(cast, f"home_of_{at}", household)
    Vehicle.objects.create(estate=sunny, household=cast.home_of_1, plate="川A72B08")
    shops = Building.objects.create(estate=sunny, number="12", order=12)
    Unit.objects.create(estate=sunny, building=shops, room="101", code="12-0-101")
    rebuild(sunny)
    return cast


FOUND = {
    "3-1-601": "张建国", "3栋1单元601": "张建国", "3#601": "张建国", "３幢一单元６０１室": "张建国", "601": "张建国", "31601": "张建国", "3 1 601": "张建国",
    "5678": "张建国", "345678": "张建国", "19912345678": "张建国", "+86 199 1234 5678": "张建国", "199-1234-5678": "张建国",
    "张建国": "张建国", "建国": "张建国", "张建": "张建国", "zhangjianguo": "张建国", "ZJG": "张建国", "zjg": "张建国", "jianguo": "张建国", "jg": "张建国", "zhang jian": "张建国",
    "sxm": "单晓梅", "shanxiaomei": "单晓梅", "danxiaomei": "单晓梅", "dxm": "单晓梅", "yuchigong": "尉迟恭", "ycg": "尉迟恭", "weichigong": "尉迟恭",
    "zengguo": "曾国华", "ceng": "曾国华", "𠮷田": "𠮷田花子", "花子": "𠮷田花子", "oyf": "欧阳锋", "ouyang": "欧阳锋",
    "川A72B08": "张建国", "a72b08": "张建国", "72B08": "张建国", "B08": "张建国", "川Ａ７２": "张建国",
}  # fmt: skip


@pytest.mark.parametrize("typed, name", FOUND.items())
def test_everything_one_may_type(street, typed, name):
    """Issue 2 point 4: room in any spelling, telephone tail, name, pinyin in every reading, initials, plate."""
    assert find(street.sunny, typed)[0].name == name


@pytest.mark.parametrize(
    "typed", ["", "  ", "不存在的人", "99-9-9999", "567", "%", "_", "'; DROP", "\\", "0000000", "𠀀"]
)
def test_what_finds_nobody(street, typed):
    """Issue 2 point 4: fewer than four digits are no telephone; signs of SQL are only signs."""
    assert not [hit for hit in find(street.sunny, typed) if hit.name]


def test_what_a_hit_shows(street):
    """Issue 2 point 4: unit, people, masked telephone, arrears, and what matched."""
    Household.objects.filter(pk=street.meis.pk).update(in_arrears=True)
    (hit,) = find(street.sunny, "3-1-501")
    assert (hit.household_id, hit.unit_id, hit.unit_code, hit.unit_codes, hit.name) == (
        street.meis.pk,
        street.home.pk,
        "3-1-501",
        ("3-1-501",),
        "梅女士",
    )
    assert (hit.names, hit.phone, hit.in_arrears, hit.by, hit.key) == (
        ("梅女士", "梅先生"),
        "199****0001",
        True,
        "room",
        "3-1-501",
    )
    (by_husband,) = find(street.sunny, "梅先生")
    assert by_husband.names == ("梅先生", "梅女士") and by_husband.phone == "199****0002" and by_husband.by == "name"
    assert masked("") == "" and masked("+862885551234") == "288****1234"


def test_an_empty_unit_is_found_too(street):
    """REQ-37: the desk files for a shop nobody has a file of."""
    hits = find(street.sunny, "12-0-101")
    assert [(hit.household_id, hit.unit_code) for hit in hits] == [(None, "12-0-101")]


def test_whole_matches_stand_first(street):
    """Issue 2 point 4: 3-1-60 shows all, 3-1-601 the one; one household once though several keys match."""
    assert len(find(street.sunny, "3-1-60")) == 6
    assert [hit.name for hit in find(street.sunny, "3-1-601")] == ["张建国"]
    assert len(find(street.sunny, "z")) == len({hit.household_id for hit in find(street.sunny, "z")})
    assert len(find(street.sunny, "3-", limit=3)) == 3


def test_who_moved_out_is_not_found(street):
    """HSE-13: keys follow the file."""
    Member.objects.filter(name="张建国").update(name="李建国", phone="+8619900007777")
    rebuild_households(street.sunny, [street.home_of_1.pk])
    assert (
        not [hit for hit in find(street.sunny, "5678") if hit.by == "phone"]
        and find(street.sunny, "ljg")[0].household_id == street.home_of_1.pk
    )
    Member.objects.filter(name="李建国").update(left_on="2026-01-01")
    rebuild_households(street.sunny, [street.home_of_1.pk])
    assert not find(street.sunny, "ljg") and find(street.sunny, "川A72B08")


def test_rebuilding_twice_changes_nothing(street):
    """Habit 6: set-based, and again without harm."""
    before = sorted(map(str, SearchKey.objects.all()))
    rebuild(street.sunny)
    assert sorted(map(str, SearchKey.objects.all())) == before


def test_two_queries_however_many(street):
    """Issue 2, figures: constant query count."""
    for typed in ("zjg", "3-1-60", "5678", "z"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            find(street.sunny, typed)
        assert len(queries) == 2, typed


def test_the_index_serves_under_row_security(street):
    """Issue 2, figures: prefix ranges are leak-proof, so the policy does not keep the index away."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT * FROM households_searchkey WHERE estate_id = %s AND kind = 'initials' AND key >= 'zjg' AND key < 'zjgx' ORDER BY key LIMIT 10",
            [street.sunny.pk],
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Cond" in plan and "key" in plan.partition("Index Cond")[2].partition("\n")[0], plan


def test_another_estate_finds_nobody(street):
    """Design §7: neither by its own scope nor by naming the estate."""
    with estate_scope(street.lake):
        assert not find(street.lake, "zjg") and not find(street.sunny, "zjg")


@given(st.text(max_size=30))
def test_keys_of_any_name(name):
    """HSE-02: whatever a name is made of, its keys fit their columns."""
    keys = name_keys(name)
    assert (
        (len(keys) <= 60 and all(key and len(key) <= 80 and "\x00" not in key for _kind, key in keys)) or "\x00" in name
    )
    assert len(sort_key(name)) <= 120


def test_readings():
    """Issue 2 point 4: surnames by their own reading first, the usual one as well."""
    first = {
        "单": "shan",
        "仇": "qiu",
        "解": "xie",
        "区": "ou",
        "查": "zha",
        "曾": "zeng",
        "任": "ren",
        "尉迟恭": "yu",
        "欧阳": "ou",
    }
    assert {name: spellings(name if len(name) > 1 else name + "一")[0][0] for name in first} == first
    assert ("dan", "yi") in spellings("单一")

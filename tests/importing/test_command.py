"""`import FILE --estate E` as a contract for machines and a summary for people (design §4)."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command

from guanjia.estates.models import Estate, Unit
from guanjia.importing.workbook import Workbook
from guanjia.tenancy.scope import estate_scope

from . import books


@pytest.fixture
def file(tmp_path):
    return books.five(
        tmp_path / "estate.xlsx",
        owners=[books.person(1), books.person(2, "")],
        rooms=[books.room(501), books.room(502, area="x")],
    )


def call(*words, status=0):
    """Answer what is printed; the exit status is checked."""
    out = io.StringIO()
    if status:
        with pytest.raises(SystemExit) as left:
            call_command("import", *map(str, words), stdout=out, stderr=io.StringIO())
        assert left.value.code == status
    else:
        call_command("import", *map(str, words), stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_json_is_the_contract(db, file):
    """Design §4: created, changed, unchanged by noun; refused with sheet, row, column, value, reason."""
    answer = json.loads(call(file, "--estate", "new-one", "--json"))
    nouns = {"building", "entrance", "unit", "person", "fee", "parking"}
    assert all(set(answer[what]) == nouns for what in ("created", "changed", "unchanged"))
    assert answer["created"] == {"building": 1, "entrance": 1, "unit": 1, "person": 1, "fee": 0, "parking": 0}
    assert {(one["sheet"], one["row"], one["column"], one["value"]) for one in answer["refused"]} == {
        ("业主信息", 3, "业主名称", ""),
        ("房屋信息", 3, "建筑面积", "x"),
    }
    assert all(one["reason"] for one in answer["refused"])
    estate = Estate.objects.get(code="new-one")
    assert estate.company.code == "default"
    again = json.loads(call(file, "--estate", "new-one", "--json"))
    assert (
        again["unchanged"] == answer["created"]
        and not any(again["created"].values())
        and not any(again["changed"].values())
    )


def test_a_dry_run_leaves_not_even_an_estate(db, file):
    """Design §4: --dry-run says the same and writes nothing."""
    foreseen = json.loads(call(file, "--estate", "new-one", "--dry-run", "--json"))
    assert not Estate.objects.filter(code="new-one").exists()
    assert foreseen == json.loads(call(file, "--estate", "new-one", "--json"))


def test_people_get_a_summary_and_a_file(db, file, tmp_path):
    """Issue 2 point 2: a short summary, and the refused rows as a workbook."""
    printed = call(file, "--estate", "new-one", "--name", "新小区", "--refused", tmp_path / "out.xlsx")
    assert "新增 1" in printed and "拒收 2 行" in printed and "建筑面积" in printed
    with Workbook.open(tmp_path / "out.xlsx") as book:
        assert [sheet.name for sheet in book.sheets] == ["业主信息", "房屋信息"]
    estate = Estate.objects.get(code="new-one")
    with estate_scope(estate):
        assert estate.name == "新小区" and Unit.objects.count() == 1


def test_a_refused_file_leaves_no_estate(db, tmp_path):
    """Design §4: exit 1, one sentence."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"%PDF-1.4")
    answer = json.loads(call(path, "--estate", "new-one", "--json", status=1))
    assert "PDF" in answer["error"] and answer["code"] == "wrong_kind"
    assert not Estate.objects.filter(code="new-one").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["/nowhere.xlsx", "--estate", "x"],
        [__file__, "--estate", "a b"],
        [__file__, "--estate", "x", "--refused", "/tmp/x.csv"],
        [__file__, "--estate", "x", "--refused", "/nowhere/x.xlsx"],
    ],
)
def test_usage(db, words):
    """Design §4: exit 2 for words that make no sense."""
    call(*words, status=2)

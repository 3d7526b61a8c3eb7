"""Members, needs, vehicles, visits in and out of Excel (issue 4 line 9): by the verbs, each row or its reason, harmless again."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from guanjia import clock
from guanjia.care.models import Visit
from guanjia.households.models import Consent, Household, Member, Need, Occupancy, Vehicle
from guanjia.importing.household_book import write
from guanjia.importing.households import SHEETS, Homes
from tests.cast import ALWAYS

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(tmp_path):
    def made(**sheets):
        path = tmp_path / "homes.xlsx"
        with xlsxwriter.Workbook(path) as file:
            for title, rows in sheets.items():
                sheet = file.add_worksheet(title)
                for number, row in enumerate([SHEETS[title], *rows]):
                    sheet.write_row(number, 0, row)
        return path

    return made


def read(cast, path, who="qian", **more):
    return Homes(cast.sunny, cast.as_(who), clock.now()).read(path, lambda *_args: None, **more)


ROWS = {
    "成员": [["3-1-501", "梅小宝", "家庭成员", "", 2019, "2019-05-01"], ["3-1-501", "坏号码", "家庭成员", "12", "", ""], ["9-9-999", "外人", "业主", "", "", ""]],
    "特殊需要": [["3-1-501", "梅女士", "慢性病", "高血压", "是"], ["3-1-501", "梅先生", "慢性病", "糖尿病", ""]],
    "车辆": [["3-1-501", "川A12345", "比亚迪", "白"]],
    "走访": [["3-1-501", "2026-03-02", "上门", "见到", "梅女士", "楼道灯暗", "已换"], ["3-1-501", "2027-01-01", "上门", "见到", "", "未来", ""]],
}  # fmt: skip


def test_each_row_goes_in_by_its_verb_or_says_why_not(cast, book):
    """CF-64: a health note without consent is refused like one typed on the page."""
    result = read(cast, book(**ROWS))
    assert (result["created"], result["unchanged"], result["refusals"]) == (4, 0, 4)
    assert {(row["sheet"], row["row"], row["column"]) for row in result["refused"]} == {
        ("成员", 3, "手机号"),
        ("成员", 4, "房号"),
        ("特殊需要", 3, ""),
        ("走访", 3, "日期"),
    }
    assert next(row for row in result["refused"] if row["column"] == "手机号")["value"] == "12"
    assert Member.objects.get(name="梅小宝").born_year == 2019
    assert Need.objects.get().words == "高血压" and Consent.objects.standing().get().member.name == "梅女士"
    assert Vehicle.objects.get().household_id == cast.meis.pk and Visit.objects.get().heard == "楼道灯暗"


def test_a_row_that_fits_no_column_is_refused_alone(cast, book):
    """Too long, out of range, or a date where a name stands: the other rows go in."""
    from datetime import date

    rows = [["3-1-501", "长" * 80, "家庭成员"], ["3-1-501", "梅老", "家庭成员", "", 99999999], ["3-1-501", "梅小小", "家庭成员"]]
    path = book(成员=rows, 车辆=[["3-1-501", "川" * 30, "", ""], ["3-1-501", date(2026, 1, 2), "", ""]])
    result = read(cast, path)
    assert {(row["sheet"], row["row"]) for row in result["refused"]} >= {("成员", 2), ("成员", 3), ("车辆", 2)}
    assert Member.objects.filter(name="梅小小").exists()


def test_the_same_file_again_changes_nothing(cast, book):
    read(cast, book(**ROWS))
    assert (lambda found: (found["created"], found["unchanged"]))(read(cast, book(**ROWS))) == (0, 4)


def test_a_preview_counts_the_same_and_writes_nothing(cast, book):
    """Issue 4 line 9: what the preview says is what the import does."""
    seen = read(cast, book(**ROWS), dry=True)
    assert not Vehicle.objects.exists() and not Member.objects.filter(name="梅小宝").exists()
    done = read(cast, book(**ROWS))
    assert {**seen, "dry": False} == done and seen["sheets"][0]["title"] == "成员"


def test_what_changed_is_changed_and_what_was_masked_is_left(cast, book):
    """HSE-02, HSE-11, HSE-13: preferences, a birthday, a new number; the masked number of an export says nothing."""
    rows = {
        "住户": [["3栋1单元501", "晚上", "微信", "上门前先打电话", ""]],
        "成员": [["3-1-501", "梅女士", "业主", "199****0001", "", "1980-05-06"], ["3-1-501", "梅先生", "", "13900001234", "", ""]],
        "同意": [["3-1-501", "梅女士", "生日问候", "书面签字", ""], ["3-1-501", "梅女士", "活动邀请与服务推送", "本人线上同意", ""], ["3-1-501", "谁", "生日问候", "", ""]],
    }  # fmt: skip
    result = read(cast, book(**rows))
    assert (result["created"], result["changed"]) == (1, 3)
    assert [row["column"] for row in result["refused"]] == ["方式", "姓名"]
    cast.meis.refresh_from_db()
    mei, sir = Member.objects.get(name="梅女士"), Member.objects.get(name="梅先生")
    assert (cast.meis.slot, cast.meis.way, mei.born_year, mei.phone) == ("evening", "wechat", 1980, "+8619900000001")
    assert sir.phone == "+8613900001234" and sir.contact_changes.count() == 1 and sir.login_id is None
    again = read(cast, book(**rows))
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, 4)
    back = read(cast, book(同意=[["3-1-501", "梅女士", "生日问候", "", "是"]]))
    assert back["changed"] == 1 and not Consent.objects.standing().exists()


def test_what_goes_out_comes_in_unchanged(cast, book, tmp_path):
    read(cast, book(**ROWS))
    path = tmp_path / "out.xlsx"
    with path.open("wb") as file:
        write(file, cast.as_("qian"), clock.now())
    again = read(cast, path)
    assert (again["created"], again["changed"], again["refused"]) == (0, 0, [])


def test_a_steward_brings_in_their_own_zone_only(cast, book):
    assert read(cast, book(车辆=ROWS["车辆"]), "fang")["refusals"] == 1


def test_what_goes_out_is_masked_and_leaves_health_behind(cast, book, tmp_path):
    """HSE-14, CF-20."""
    read(cast, book(**ROWS))
    file = io.BytesIO()
    write(file, cast.as_("qian"), clock.now())
    import zipfile

    book = zipfile.ZipFile(file)
    text = "".join(book.read(name).decode() for name in book.namelist())
    assert "梅小宝" in text and "199****0001" in text and "川A12345" in text
    assert "19900000001" not in text and "高血压" not in text


def test_a_let_home_is_its_tenants_and_its_owners(cast, book, tmp_path):
    """Both go out and come in again, each to their own household."""
    qian, now = cast.as_("qian"), clock.now()
    lets = Household.objects.create(estate=cast.sunny, number="77", name="租先生")
    Occupancy.objects.create(estate=cast.sunny, household=lets, unit=cast.home, kind="tenant", during=ALWAYS)
    Member.objects.join(lets, "租先生", "tenant", by=qian)
    Vehicle.objects.keep(cast.meis, "川A99999", by=qian, kind="9901")
    cast.meis.keep_preferences("少打扰", "", by=qian)
    path = tmp_path / "out.xlsx"
    with path.open("wb") as file:
        write(file, qian, now)
    again = read(cast, path)
    assert (again["created"], again["changed"], again["refused"]) == (0, 0, [])
    assert sorted(Member.objects.filter(household=lets).values_list("name", flat=True)) == ["租先生"]
    read(cast, book(成员=[["3-1-501", "租太太", "家庭成员"], ["3-1-501 业主", "梅外婆", "家庭成员"]], 车辆=[["3-1-501 业主", "川A99999", "比亚迪", ""]]))
    assert {row.name: row.household_id for row in Member.objects.filter(name__in=["租太太", "梅外婆"])} == {"租太太": lets.pk, "梅外婆": cast.meis.pk}
    assert Vehicle.objects.values_list("brand", "kind", "household_id").get() == ("比亚迪", "9901", cast.meis.pk)


def test_a_yes_to_a_habit_is_no_consent_to_health_notes(cast, book):
    """CF-64: purpose by purpose."""
    assert read(cast, book(特殊需要=[["3-1-501", "梅女士", "生活习惯", "早睡", "是"]]))["created"] == 1
    assert not Consent.objects.exists()

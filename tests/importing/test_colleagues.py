"""Zones, posts and leave in and out of Excel (issue 4 line 9): previewed, by the verbs, harmless again."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from guanjia import clock
from guanjia.duties.models import Absence
from guanjia.estates.models import Unit, Zone
from guanjia.importing.colleagues import SHEETS, Colleagues
from guanjia.importing.registers import PEOPLE, posts
from guanjia.importing.staff_book import write
from guanjia.jobs.models import Job
from guanjia.people.models import Post
from guanjia.people.responsibility import responsible_for
from guanjia.staffing.models import Leave
from guanjia.tenancy.errors import NotAllowed
from tests.cast import home

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)


@pytest.fixture
def book(tmp_path):
    def made(**sheets):
        path = tmp_path / "staff.xlsx"
        with xlsxwriter.Workbook(path) as file:
            for title, rows in sheets.items():
                sheet = file.add_worksheet(title)
                for number, row in enumerate([SHEETS[title], *rows]):
                    sheet.write_row(number, 0, row)
        return path

    return made


def read(cast, path, who="qian", **more):
    return Colleagues(cast.sunny, cast.as_(who), clock.now()).read(path, lambda *_args: None, **more)


def refused(result):
    return [(row["sheet"], row["row"], row["column"], row["value"]) for row in result["refused"]]


def test_zones_are_drawn_by_building_and_room(cast, book):
    """EST-01: the most particular row decides, whatever its place in the file; the same file again changes nothing."""
    rows = [["N", "北区", "", "", "3-1-502", "何前台"], ["W", "", "3栋", "", "", "王芳"], ["Q", "", "3", "", "", ""], ["W", "", "99", "", "", ""], ["W", "", "", "", "8-8-808", ""], ["W", "", "", "", "5-1-101", "李明"]]
    seen = read(cast, book(片区=rows), dry=True)
    assert not Zone.objects.filter(code="N").exists()
    result = read(cast, book(片区=rows))
    assert {**seen, "dry": False} == result and (result["created"], result["changed"]) == (1, 1)
    assert refused(result) == [("片区", 4, "片区名称", ""), ("片区", 5, "楼栋", "99"), ("片区", 6, "房号", "8-8-808"), ("片区", 7, "管家", "李明")]
    cast.b3.refresh_from_db()
    assert cast.b3.zone == cast.west and Unit.objects.get(pk=cast.home.pk).zone == cast.west
    north = Unit.objects.get(pk=cast.home_next.pk).zone
    assert north.name == "北区" and responsible_for(cast.sunny, north.pk) == cast.he
    again = read(cast, book(片区=rows[:2]))
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, 2)


def test_a_zone_row_with_another_steward_hands_the_zone_over(cast, book):
    assert read(cast, book(片区=[["E", "", "3", "", "", "何前台"]]))["changed"] == 1
    assert responsible_for(cast.sunny, cast.east.pk) == cast.he


def test_posts_are_given_and_end_on_their_last_day(cast, book):
    """STF-01: dates as people write them; what overlaps is named, never overwritten."""
    rows = [
        ["何前台", "", "助理管家", "E", "2026-04-01", "2026-06-30", ""], ["王芳", "fang", "片区管家", "W", "2025-01-01", "2026-03-31", ""],
        ["何前台", "", "片区管家", "E", "2026-04-01", "", ""], ["没有人", "", "片区管家", "E", "", "", ""], ["何前台", "", "宇航员", "E", "", "", ""],
        ["何前台", "", "保洁", "Z", "", "", ""], ["周工", "", "维修工", "", "明天", "", ""],
    ]  # fmt: skip
    rows[5][2] = "片区管家"
    result = read(cast, book(岗位=rows))
    assert (result["created"], result["changed"]) == (1, 1)
    assert [(row, column) for _sheet, row, column, _value in refused(result)] == [(4, "从哪天起"), (5, "姓名"), (6, "岗位"), (7, "片区编号"), (8, "从哪天起")]
    assert Post.objects.get(role="assistant_steward").during.upper == date(2026, 7, 1)
    assert Post.objects.get(person=cast.fang).during.upper == date(2026, 4, 1)
    again = read(cast, book(岗位=rows[:2]))
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, 2)
    longer = read(cast, book(岗位=[["王芳", "fang", "片区管家", "W", "2025-01-01", "2026-05-31", ""]]))
    assert refused(longer)[0][2] == "最后一天"


def test_leave_is_entered_as_granted(cast, book):
    """STF-17, STF-18: its absence is planned with the cover; one's own, or what is over, is refused."""
    rows = [["李明", "", "年假", "2026-03-12", "2026-03-13", "王芳", "回老家"], ["钱经理", "", "年假", "2026-03-12", "2026-03-13", "", ""], ["李明", "", "", "2026-01-01", "2026-01-02", "", ""], ["李明", "", "度假", "2026-05-01", "2026-05-02", "", ""]]
    result = read(cast, book(请假=rows))
    assert result["created"] == 1 and [row for _sheet, row, _column, _value in refused(result)] == [3, 4, 5]
    assert Leave.objects.get().granted and Absence.objects.get().cover == cast.fang
    assert read(cast, book(请假=rows[:1]))["unchanged"] == 1


def test_what_goes_out_comes_in_unchanged(cast, book, tmp_path):
    """A zone of two halves of a building is told in as few rows as say it."""
    upstairs = home(cast.sunny, cast.b3, cast.home.entrance, "1801", cast.west)
    Leave.objects.enter(cast.ming, "sick", TODAY, TODAY + timedelta(days=1), "", by=cast.as_("qian"))
    path = tmp_path / "out.xlsx"
    with path.open("wb") as file:
        write(file, cast.as_("qian"), clock.now())
    again = read(cast, path)
    assert (again["created"], again["changed"], again["refused"]) == (0, 0, []) and again["unchanged"] > 10
    upstairs.refresh_from_db()
    assert upstairs.zone == cast.west
    with pytest.raises(NotAllowed):
        write(io.BytesIO(), cast.as_("ming"), clock.now())


def test_a_steward_moves_nobody(cast, book):
    assert read(cast, book(片区=[["W", "", "3", "", "", ""]]), "ming")["refusals"] == 1


def test_the_page_previews_and_asks(client, cast, book):
    """The job waits for a yes; a no writes nothing; the yes twice changes nothing more."""
    client.force_login(cast.qian)
    page = "/e/sunny/import/posts/"
    file = SimpleUploadedFile("排班表.xlsx", book(岗位=[["何前台", "", "助理管家", "E", "", "", ""], ["谁", "", "助理管家", "E", "", "", ""]]).read_bytes())
    assert client.post(page, {"file": file, "key": "k1"}).status_code == 302
    job = Job.objects.get(kind=PEOPLE.kind)
    job.start(clock.now())
    job.refresh_from_db()
    result = posts(job, lambda *_args: None)
    job.finish(result, clock.now(), result.pop("state"))
    said = client.get(page).content.decode()
    assert "这是预览" in said and "没有这位同事" in said and not Post.objects.filter(role="assistant_steward").exists()
    client.force_login(cast.zhao)
    assert client.post(f"{page}{job.pk}/confirmation/").status_code == 404  # somebody else's file
    client.force_login(cast.qian)
    client.post(f"{page}{job.pk}/confirmation/")
    job.refresh_from_db()
    job.start(clock.now())
    job.refresh_from_db()
    posts(job, lambda *_args: None)
    assert Post.objects.filter(role="assistant_steward").count() == 1
    assert "导入完成" in client.get(page).content.decode()
    assert client.get(f"{page}list.xlsx").status_code == 200

"""A roster sent as a workbook: good rows are kept, the others named with their reason (STF-17; issue 3 point 3)."""

from __future__ import annotations

import io
from datetime import date, datetime

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from guanjia.duties.models import Roster
from tests.cast import post, staff

WEEK = "/e/sunny/import/roster/?week=2026-03-09"
MONDAY = date(2026, 3, 9)
DAY_ONE = datetime(2026, 3, 9)  # noqa: DTZ001 – a calendar day


def sent(*rows):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet, dated = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        for line, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, datetime):
                    sheet.write_datetime(line, column, value, dated)
                else:
                    sheet.write(line, column, value)
    return SimpleUploadedFile("排班.xlsx", content.getvalue())


def upload(client, *rows):
    return client.post(WEEK, {"file": sent(*rows), "key": "k"})


def kept():
    return {(row.person.name, row.day.isoformat(), row.shift) for row in Roster.objects.all()}


def test_a_week_by_dates_or_weekdays(client, cast):
    """Headings in any order, beneath a title; a weekday is that of the week asked for; an empty cell changes nothing."""
    client.force_login(cast.zhao)
    answer = upload(client, ["三月排班"], ["备注", "姓名", DAY_ONE, "2026-03-10", "星期三"], ["", "郑保安", "白班", "夜班", "休息"], [], ["", "孙班长", "", "day"])
    assert answer.status_code == 302 and answer["Location"].endswith("/roster/?week=2026-03-09")
    assert kept() == {("郑保安", "2026-03-09", "day"), ("郑保安", "2026-03-10", "night"), ("郑保安", "2026-03-11", "rest"), ("孙班长", "2026-03-10", "day")}
    assert upload(client, ["姓名", "周一"], ["郑保安", ""]).status_code == 302 and len(kept()) == 4


def test_rows_that_cannot_be_read_are_named(client, cast):
    client.force_login(cast.zhao)
    post(cast.sunny, staff(cast.company, "ming2", "李明"), "cleaner")
    answer = upload(
        client, ["姓名", "周一", "周二"], ["郑保安", "白班", "夜班"], ["外人", "白班"], ["孙班长", "白班", "通宵"], ["李明", "白班"], ["", "白班"], ["郑保安", "夜班"], ["吴工", "=1/0", "白班"],
    )  # fmt: skip
    words = answer.content.decode()
    assert answer.status_code == 422 and "有 6 行没有导入" in words
    assert [(row.number, row.name) for row in answer.context["refused"]] == [(3, "外人"), (4, "孙班长"), (5, "李明"), (6, ""), (7, "郑保安"), (8, "吴工")]
    for reason in ("在职的同事里没有这个人。", "没有这个班次：通宵", "有几位同事叫这个名字", "没有写姓名", "这个人前面已有一行"):
        assert reason in words
    assert kept() == {("郑保安", "2026-03-09", "day"), ("郑保安", "2026-03-10", "night")}


def test_a_file_without_headings_or_no_workbook_is_refused_whole(client, cast):
    client.force_login(cast.zhao)
    for rows in ([["姓名"], ["郑保安"]], [["周一", "周二"], ["郑保安", "白班"]], [[]]):
        assert "没有找到表头" in upload(client, *rows).content.decode()
    answer = client.post(WEEK, {"file": SimpleUploadedFile("x.xlsx", b"no workbook"), "key": "k"})
    assert answer.status_code == 422 and not kept()
    client.force_login(cast.ming)
    assert upload(client, ["姓名", "周一"], ["郑保安", "白班"]).status_code == 404 and not kept()


def test_the_week_goes_out_and_comes_back(client, cast):
    """What is downloaded can be sent again as it is; the page of the roster leads there."""
    client.force_login(cast.zhao)
    Roster.objects.create(estate=cast.sunny, person=cast.zheng, day=MONDAY, shift="night")
    content = client.get("/e/sunny/import/roster/list.xlsx?week=2026-03-11").content
    before = kept()
    Roster.objects.all().delete()
    assert client.post(WEEK, {"file": SimpleUploadedFile("排班.xlsx", content), "key": "k"}).status_code == 302
    assert kept() == before == {("郑保安", "2026-03-09", "night")}
    assert "/e/sunny/import/roster/?week=" in client.get("/e/sunny/roster/").content.decode()
    assert client.get("/e/sunny/import/roster/?week=never").status_code == 200

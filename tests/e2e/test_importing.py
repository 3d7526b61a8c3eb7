"""Importing in Chromium, on the desk and on the phone: upload, watch, read what was refused, say yes (issue 2, point 2)."""

from __future__ import annotations

import re

import pytest

from guanjia.estates.models import Unit
from guanjia.jobs.models import Job
from guanjia.jobs.tasks import run
from guanjia.tenancy.scope import estate_scope
from tests.browsing import needs_browser, picture
from tests.importing import books

pytestmark = [pytest.mark.django_db(transaction=True), *needs_browser]

LONG = "成都市锦江区邻安物业管理有限公司第一分公司"


def work(world):
    """What the worker does."""
    with estate_scope(world.sunny):
        job = Job.objects.order_by("-pk")[0]
    run(estate_id=world.sunny.pk, job_id=job.pk)


@pytest.mark.parametrize("width", [1440, 390])
def test_upload_preview_confirm(opened, world, tmp_path, width):
    """Issue 2 point 2: nothing is written before the yes; every refused row stands there with its reason."""
    from playwright.sync_api import expect

    owners = [books.person(at, "张建国", phone=f"199000010{at:02}") for at in range(1, 9)]
    rooms = [books.room(100 + at, at, 9) for at in range(1, 9)]
    wrong = [
        books.room(201, 1, 99),
        books.room(202, 1, 9, area="九十四"),
        books.room(203, 558, 9, fees="1#9"),
        books.room("", 1, 9, area=-5),
    ]
    path = books.five(
        tmp_path / "阳光花园业主资料.xlsx",
        buildings=[{"building": 9, "entrance": 1, "floors": 6, "lift": "有"}],
        owners=[*owners, books.person(9, LONG, phone="1990000", identity="990000199001010019")],
        rooms=[*rooms, *wrong],
    )
    page = opened("qian", {"width": width, "height": 900})
    page.goto("/e/sunny/import/")
    picture(page, f"import-{width}")
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="上传并预览").click()
    page.wait_for_url(re.compile(r"/import/\d+/"))
    picture(page, f"import-waiting-{width}")
    work(world)
    page.get_by_role("button", name="确认导入").wait_for()
    expect(page.get_by_text("没有 99 栋")).to_be_visible()
    expect(page.get_by_text("5 行有问题")).to_be_visible()
    picture(page, f"import-preview-{width}")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载改好再传").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    page.get_by_role("button", name="确认导入").click()
    page.get_by_text("正在导入").wait_for()
    work(world)
    page.get_by_text("导入完成", exact=True).wait_for()
    picture(page, f"import-done-{width}")
    with estate_scope(world.sunny):
        assert Unit.objects.filter(building__number="9").count() == 9

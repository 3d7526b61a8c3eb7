"""A decoration from the resident's application to its archive, in Chromium: phone for the resident, desk for the house (MOV-05..11)."""

from __future__ import annotations

import pytest
from PIL import Image

from guanjia.collection.models import Payment
from guanjia.collection.models.payer import Payer
from guanjia.decoration.book import wanted
from guanjia.decoration.charging import owed
from guanjia.decoration.models import Permit
from guanjia.events.models import Event
from guanjia.households.models import HouseholdDocument
from guanjia.tenancy.scope import estate_scope
from tests.browsing import PHONE, agreed, needs_browser, picture

pytestmark = [pytest.mark.django_db(transaction=True), *needs_browser]


def test_from_application_to_archive(world, opened, tmp_path):
    from playwright.sync_api import expect

    Image.new("RGB", (800, 600), "steelblue").save(tmp_path / "plan.jpg")
    mei, desk, boss = opened("mei", PHONE), opened("zhao"), opened("qian")
    mei.goto("/e/sunny/services/decoration/mine/new/")
    mei.get_by_label("装修内容").fill("厨房、卫生间翻新，水电改造")
    for label, words in {"施工单位": "宏达装饰", "现场负责人": "刘工", "负责人电话": "19900000009"}.items():
        mei.get_by_label(label, exact=True).fill(words)
    mei.get_by_role("button", name="下一步：上传资料").click()
    with estate_scope(world.sunny):
        permit = Permit.objects.latest("pk")
    for count, key in enumerate(wanted(True), 1):
        form = mei.locator(f"form:has(input[value={key}])")
        form.locator("input[type=file]").set_input_files(tmp_path / "plan.jpg")
        form.get_by_role("button", name="上传").click()
        expect(mei.get_by_text("已收", exact=True)).to_have_count(count)
    mei.get_by_role("button", name="提交审批").click()
    there = f"/e/sunny/services/decoration/{permit.pk}/"
    for page, says in ((desk, "工程主任审核"), (boss, "项目经理批准")):
        page.goto(there)
        expect(page.get_by_role("heading", name=says)).to_be_visible()
        page.get_by_role("button", name="同意").click()
        expect(page.get_by_text("已审批。")).to_be_visible()
    with estate_scope(world.sunny):
        permit.refresh_from_db()
        Payment.objects.take(Payer(world.sunny, permit.household_id, permit.unit_id), owed(permit), way="transfer", key="browser")
    desk.goto(there)
    desk.get_by_label("姓名").fill("张大勇")
    desk.get_by_label("工种").fill("水电工")
    desk.get_by_role("button", name="办证").click()
    desk.get_by_role("button", name="准予开工").click()
    expect(desk.get_by_text("已开工，并告知邻居。")).to_be_visible()
    picture(desk, "decoration-site")
    mei.goto(f"/e/sunny/services/decoration/mine/{permit.pk}/")
    agreed(mei, "完工，申请验收")
    expect(mei.get_by_text("已申请验收。")).to_be_visible()
    picture(mei, "decoration-phone")
    desk.goto(there)
    for good in desk.locator("input[type=radio][value=ok]").all():
        good.check(force=True)
    desk.get_by_role("button", name="登记验收").click()
    desk.get_by_role("button", name="申请退还").click()
    boss.goto(there)
    boss.get_by_role("button", name="同意退还").click()
    expect(boss.get_by_text("已审批。")).to_be_visible()
    desk.goto(there)
    desk.get_by_role("button", name="归档").click()
    expect(desk.get_by_text("已归档。")).to_be_visible()
    answer = desk.request.get(f"{there}file.pdf")
    assert answer.ok and answer.body()[:5] == b"%PDF-"
    with estate_scope(world.sunny):
        told = [str(event.action) for event in Event.objects.about(permit)]
        assert HouseholdDocument.objects.filter(household=world.meis, kind="acceptance").exists()
    steps = ["applied", "submitted", "passed", "approved", "begun", "finished", "accepted", "archived"]
    assert [action.removeprefix("decoration.") for action in told if action.removeprefix("decoration.") in steps] == steps

"""A fire from one tap on a guard's phone to the archived report, its events read back; then a drill (EMG-01..11, F-71)."""

from __future__ import annotations

import pytest

from guanjia.emergencies.models import Emergency
from guanjia.events.models import Event
from guanjia.tenancy.scope import estate_scope
from tests.browsing import PHONE, agreed, draw, needs_browser, picture

pytestmark = [pytest.mark.django_db(transaction=True), *needs_browser]
HERE = "/e/sunny/emergencies/"


def test_a_fire_from_the_tap_to_the_archive(world, opened):
    from playwright.sync_api import expect

    guard, steward, boss, chief = opened("zheng", PHONE), opened("ming", PHONE), opened("zhao"), opened("qian")
    guard.goto(f"{HERE}")
    guard.get_by_role("link", name="火警").click()
    guard.get_by_label("楼栋").select_option(label="3 栋")
    guard.get_by_label("具体位置").fill("1 单元 5 楼走道")
    agreed(guard, "立即启动")
    expect(guard.get_by_text("任务已发给当班人员")).to_be_visible()
    with estate_scope(world.sunny):
        row = Emergency.objects.select_related("building").get()
        row.tell_area("请从楼梯下楼", buildings=[row.building_id], by=_reach(world, "jing"))
    there = f"{HERE}{row.pk}/"
    picture(guard, "emergency-scene-phone")
    guard.get_by_role("button", name="火已扑灭").click()
    expect(guard.get_by_text("已记录。")).to_be_visible()
    steward.goto(there)
    task = steward.locator("article", has_text="清点住户")
    task.get_by_role("button", name="收到").click()
    steward.locator("article", has_text="清点住户").get_by_role("button", name="完成").click()
    expect(steward.get_by_text("已完成。")).to_be_visible()
    boss.goto(there)
    boss.get_by_text("解除", exact=True).click()
    boss.get_by_label("解除时的情况").fill("已扑灭，无人受伤")
    agreed(boss, "解除应急")
    expect(boss.get_by_text("已解除。")).to_be_visible()
    boss.goto(f"{there}after/")
    for label, words in {"原因分析": "电动车充电短路", "处置经过": "保安到场扑灭", "防范措施": "楼道禁止充电，加装烟感"}.items():
        boss.get_by_label(label).fill(words)
    boss.get_by_role("button", name="提交签认").click()
    expect(boss.get_by_text("报告已提交")).to_be_visible()
    picture(boss, "emergency-report")
    chief.goto(f"{there}after/")
    draw(chief)
    chief.get_by_role("button", name="签认并归档").click()
    expect(chief.get_by_text("已签认并归档。")).to_be_visible()
    answer = chief.request.get(f"{there}report.pdf")
    assert answer.ok and answer.body()[:5] == b"%PDF-"
    with estate_scope(world.sunny):
        told = [str(event.action).removeprefix("emergency.") for event in Event.objects.about(row)]
    assert told == ["started", "noticed", "logged", "order_taken", "order_done", "stood_down", "over", "reported", "archived"]
    _drill(boss, expect)


def _drill(boss, expect):
    """The same way, marked as one; evaluated and archived."""
    boss.goto(f"{HERE}drills/")
    boss.get_by_role("link", name="启动演练").click()
    boss.get_by_role("link", name="电梯困人").click()
    agreed(boss, "开始演练")
    expect(boss.get_by_role("heading", name="演练：电梯困人")).to_be_visible()
    boss.get_by_text("解除", exact=True).click()
    boss.get_by_label("解除时的情况").fill("演练结束")
    agreed(boss, "解除应急")
    boss.get_by_role("link", name="评估").first.click()
    for good in boss.locator("input[type=radio][value=ok]").all():
        good.check(force=True)
    boss.get_by_label("参加人数").fill("12")
    boss.get_by_label("评估意见").fill("到位及时")
    boss.get_by_role("button", name="评估并归档").click()
    expect(boss.get_by_text("已评估并归档。")).to_be_visible()


def _reach(world, name):
    from guanjia.people.reach import reach_of

    return reach_of(getattr(world, name), world.sunny)

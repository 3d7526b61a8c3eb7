"""A fire from one tap on a guard's phone to the archived report, its events read back; then a drill (EMG-01..11, F-71)."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client

from guanjia.emergencies.models import Emergency
from guanjia.events.models import Event
from guanjia.tenancy.scope import estate_scope
from tests.browsing import chromium, needs_browser, new_page, picture, sign_in
from tests.cast import build_cast

pytestmark = [pytest.mark.django_db(transaction=True), *needs_browser]
HERE = "/e/sunny/emergencies/"


@pytest.fixture
def world(transactional_db, tmp_path, settings, monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright runs a loop in this thread
    settings.MEDIA_ROOT = tmp_path
    settings.ALLOWED_HOSTS = ["*"]
    cache.clear()
    return build_cast()


@pytest.fixture
def opened(world, live_server):
    """`opened("ming")` → a page signed in as that person: a desk for who reviews, else a phone."""
    pages = {}
    with chromium() as browser:

        def open_page(name):
            if name not in pages:
                size = {"width": 1440, "height": 900} if name in ("zhao", "qian") else {"width": 390, "height": 800}
                context = browser.new_context(base_url=live_server.url, locale="zh-CN", viewport=size)
                sign_in(context, Client(), getattr(world, name), live_server.url)
                pages[name] = new_page(context)
            return pages[name]

        yield open_page
        connections.close_all()
    assert not [trouble for page in pages.values() for trouble in page.trouble]


def agreed(page, button):
    """The browser's question before something that cannot be called back."""
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name=button).click()


def sign(page):
    page.locator("canvas").scroll_into_view_if_needed()
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 70, steps=6)
    page.mouse.up()


def test_a_fire_from_the_tap_to_the_archive(world, opened):
    from playwright.sync_api import expect

    guard, steward, boss, chief = opened("zheng"), opened("ming"), opened("zhao"), opened("qian")
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
    sign(chief)
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

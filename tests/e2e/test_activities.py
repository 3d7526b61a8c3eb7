"""In Chromium: an activity from plan to archive, two phones at its last place (COM-32); a vote after the end (issue 7)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PIL import Image

from guanjia import clock
from guanjia.activities.models import Activity
from guanjia.assembly.models import Assembly, Ballot
from guanjia.events.models import Event
from guanjia.people.reach import reach_of
from guanjia.tenancy.scope import estate_scope
from tests.browsing import PHONE, agreed, needs_browser, picture

pytestmark = [pytest.mark.django_db(transaction=True), *needs_browser]


def test_from_plan_to_archive(world, opened, tmp_path):
    from playwright.sync_api import expect

    Image.new("RGB", (800, 600), "seagreen").save(tmp_path / "day.jpg")
    ming, zhao, mei, lu = opened("ming"), opened("zhao"), opened("mei", PHONE), opened("lu", PHONE)
    ming.goto("/e/sunny/activities/new/culture/")
    ming.get_by_label("标题").fill("重阳敬老茶会")
    ming.get_by_label("地点").fill("客服中心")
    ming.get_by_label("邀请哪些住户").select_option(label="全小区")
    ming.get_by_label("名额（人）").fill("1")
    ming.get_by_label("预算（元）").fill("200")
    ming.get_by_role("button", name="保存方案").click()
    ming.get_by_role("button", name="提交审批").click()
    expect(ming.get_by_text("已提交审批。")).to_be_visible()
    with estate_scope(world.sunny):
        row = Activity.objects.get()
    zhao.goto(f"/e/sunny/activities/{row.pk}/")
    zhao.get_by_role("button", name="批准并通知住户").click()
    expect(zhao.get_by_text("已批准，并通知住户。")).to_be_visible()
    for phone in (mei, lu):
        phone.goto(f"/e/sunny/activities/mine/{row.pk}/")
    mei.get_by_role("button", name="报名").click()
    expect(mei.get_by_text("报名成功。")).to_be_visible()
    lu.get_by_role("button", name="报名").click()  # still showing the last place
    expect(lu.get_by_text("名额已满，可以排队等候")).to_be_visible()
    lu.get_by_role("button", name="排队等候").click()
    expect(lu.get_by_text("排在第 1 位")).to_be_visible()
    picture(lu, "activity-waiting")
    agreed(mei, "不能来了，退出")
    expect(mei.get_by_text("已退出，名额让给排队的邻居。")).to_be_visible()
    with estate_scope(world.sunny):  # the day has come
        now = clock.now()
        Activity.objects.at_estate(world.sunny).update(closes_at=now - timedelta(hours=1), begins_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1))
    lu.goto(f"/e/sunny/activities/q/{row.mark}/")
    lu.get_by_role("button", name="签到").click()
    expect(lu.get_by_text("签到成功，欢迎！")).to_be_visible()
    ming.goto(f"/e/sunny/activities/{row.pk}/")
    ming.get_by_label("办得怎样、住户说了什么").fill("一户到场，聊了供暖")
    ming.get_by_label("花费（元）").fill("150")
    ming.locator("form:has(#id_summary) input[type=file]").set_input_files(tmp_path / "day.jpg")
    ming.get_by_role("button", name="结束并完成任务").click()
    expect(ming.get_by_text("已登记小结。")).to_be_visible()
    lu.goto(f"/e/sunny/activities/mine/{row.pk}/")
    lu.get_by_label("5 星").check(force=True)
    lu.get_by_label("感受，下次想参加什么").fill("很暖心")
    lu.get_by_role("button", name="提交").click()
    expect(lu.get_by_text("谢谢，已经收到。")).to_be_visible()
    ming.goto(f"/e/sunny/activities/{row.pk}/")
    ming.get_by_role("button", name="归档").click()
    expect(ming.get_by_text("已归档。")).to_be_visible()
    picture(ming, "activity-archived")
    assert ming.request.get(f"/e/sunny/activities/{row.pk}/file.pdf").body()[:5] == b"%PDF-"
    with estate_scope(world.sunny):
        told = [str(event.action).removeprefix("activity.") for event in Event.objects.about(row)]
    assert told == ["planned", "asked", "approved", "opened", "joined", "waited", "left", "moved_up", "held", "followed", "archived"]


def test_a_vote_after_the_end(world, opened):
    """The phone still shows the ballot when the end has passed: told clearly, nothing counted."""
    from playwright.sync_api import expect

    now = clock.now()
    with estate_scope(world.sunny):
        boss = reach_of(world.qian, world.sunny)
        row = Assembly.objects.draft("电梯更换表决", [{"title": "更换电梯", "matter": "fund_use"}], now - timedelta(hours=1), now + timedelta(hours=1), by=boss)
        row.announce(by=boss)
    mei = opened("mei", PHONE)
    mei.goto(f"/e/sunny/activities/assembly/mine/{row.pk}/")
    mei.get_by_label("同意").check(force=True)
    with estate_scope(world.sunny):
        Assembly.objects.at_estate(world.sunny).update(ends_at=now)
    agreed(mei, "投票")
    expect(mei.get_by_text("投票已经结束，不能再投。")).to_be_visible()
    picture(mei, "assembly-over")
    with estate_scope(world.sunny):
        assert not Ballot.objects.exists()

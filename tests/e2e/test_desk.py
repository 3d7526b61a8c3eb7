"""The front desk on the telephone, in Chromium: found in three strokes, filed, classified, dispatched (issue 2.4, Proof)."""

from __future__ import annotations

import re

import pytest

from guanjia.households.keys import rebuild
from guanjia.tenancy.scope import estate_scope
from guanjia.tickets.models import Ticket, WorkOrder
from tests.browsing import needs_browser, picture, wait_ready

pytestmark = [pytest.mark.django_db(transaction=True), *needs_browser]


@pytest.fixture
def world(world):
    with estate_scope(world.sunny):
        rebuild(world.sunny)
    return world


@pytest.fixture
def seat(opened):
    """`seat("he", 1440)` → a page of that width, signed in as that person."""
    return lambda name, width: opened(name, {"width": width, "height": 900})


def test_a_call_becomes_work(seat, world):
    """REQ-02, REQ-38: 501 → the household's file → words → three checks → read back → classified → dispatched."""
    from playwright.sync_api import expect

    page = seat("he", 1440)
    page.goto("/e/sunny/desk/")
    expect(page.get_by_role("searchbox").first).to_be_focused()
    page.keyboard.type("501")  # the box has the focus
    page.get_by_role("link", name=re.compile("3-1-501")).click()
    page.get_by_text("为 梅女士 登记").wait_for()
    expect(page.locator("#id_words")).to_be_focused()
    page.keyboard.type("厨房水管漏水，楼下也湿了")  # so have the words
    page.get_by_text("建议：漏水渗水").wait_for()
    page.get_by_label("特殊要求").fill("孩子上网课，请轻声")
    picture(page, "desk-1-typed")
    page.keyboard.press("F9")
    page.get_by_text("电话报事请逐项确认").first.wait_for()
    wait_ready(page)
    expect(page.locator("#id_words")).to_have_value(re.compile("楼下也湿了"))
    for name in ("heard", "asked", "written"):
        page.locator(f"[name={name}]").check()
    page.keyboard.press("F9")
    page.get_by_text("请向报事人复述").wait_for()
    picture(page, "desk-2-read-back")
    page.get_by_role("link", name="现在分类").click()
    page.get_by_role("dialog").get_by_role("button", name="分类").click()
    page.wait_for_url(re.compile(r"/tickets/\d{6}-\d+/"))
    page.get_by_role("link", name="派单").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("派给").select_option(str(world.zhou.pk))
    picture(page, "desk-3-dispatch")
    dialog.get_by_role("button", name="派单").click()
    page.get_by_text("已派单").first.wait_for()
    with estate_scope(world.sunny):
        ticket = Ticket.objects.get()
        assert (ticket.stage, ticket.channel, ticket.reporter_name, ticket.klass) == ("dispatched", "phone", "梅女士", "urgent")
        assert WorkOrder.objects.get().wishes == "孩子上网课，请轻声"

    phone = seat("zhou", 390)
    phone.goto("/e/sunny/today/")
    picture(phone, "desk-4-worker")
    phone.get_by_role("link", name="接单").click()
    phone.get_by_role("dialog").get_by_role("button", name="接单").click()
    phone.get_by_role("link", name="到场签到").first.wait_for()


def test_enter_opens_the_only_match(seat):
    """One household matches: Enter opens its file, also before scripts arrive."""
    page = seat("he", 390)
    page.goto("/e/sunny/desk/")
    page.get_by_role("searchbox").fill("0001")
    page.keyboard.press("Enter")
    page.get_by_text("为 梅女士 登记").wait_for()
    picture(page, "desk-5-phone")


def test_today_stays_fresh_without_reload(seat, world):
    """A new report appears by itself."""
    from guanjia.people.reach import reach_of

    page = seat("ming", 1440)
    page.goto("/e/sunny/today/")
    page.evaluate("document.body.dataset.kept = 'yes'")
    with estate_scope(world.sunny):
        Ticket.objects.report(by=reach_of(world.he, world.sunny), estate=world.sunny, words="新来的报事", unit=world.home, channel="phone")
    page.evaluate("document.querySelector('#today').dispatchEvent(new CustomEvent('poll'))")
    page.get_by_role("link", name="新来的报事").first.wait_for()
    assert page.evaluate("document.body.dataset.kept") == "yes"
    picture(page, "today-live")

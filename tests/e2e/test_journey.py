"""The whole journey in four hands: resident's phone, desk, steward's phone, repairer's phone (issue 2 proof; REQ-01).

Everybody has a browser of their own on one server; each sees what the other just did. Pictures are left in artifacts/.
"""

from __future__ import annotations

import pytest

from guanjia.clocks.models.day import seed_days
from guanjia.tenancy.scope import estate_scope
from guanjia.tickets.models import Ticket
from tests.browsing import DESK, PHONE, needs_browser, wait_ready
from tests.browsing import picture as kept

pytestmark = [pytest.mark.django_db(transaction=True), *needs_browser]


@pytest.fixture
def world(world):
    seed_days()
    return world


def picture(page, name):
    kept(page, f"journey-{name}")


def act(page, label, **fields):
    """Open an act's dialog by its button, fill it, send it."""
    page.locator("main").get_by_role("link", name=label, exact=True).first.click()
    dialog = page.locator("#act")
    dialog.get_by_role("button", name=label, exact=True).wait_for()
    for name, value in fields.items():
        field = dialog.locator(f"[name={name}]").first
        kind = field.evaluate("element => element.type || element.tagName")
        if kind == "radio":
            dialog.locator(f"label:has([name={name}][value='{value}'])").click()
        elif kind.startswith("select"):
            field.select_option(value)
        else:
            field.fill(value)
    with page.expect_navigation():
        dialog.get_by_role("button", name=label, exact=True).click()
    wait_ready(page)


def test_a_leak_from_report_to_archive(world, opened):
    """REQ-01, REQ-04, REQ-05, REQ-08..12: the resident reports, the desk classifies, the steward dispatches, the repairer mends."""
    mei = opened("mei", PHONE)
    mei.goto("/e/sunny/report/")
    mei.locator("label:has([name=kind][value=repair])").click()
    mei.locator("[name=words]").fill("厨房水管漏水，已经漫到客厅")
    picture(mei, "1-resident-reports")
    mei.locator("form:has([name=words]) button[type=submit]").last.click()
    mei.get_by_text("等管家分类").wait_for()
    with estate_scope(world.sunny):
        number = Ticket.objects.at_estate(world.sunny).get().number

    desk = opened("jing", DESK)
    desk.goto("/e/sunny/today/")
    desk.get_by_text("厨房水管漏水").first.wait_for()
    picture(desk, "2-desk-sees")
    desk.goto(f"/e/sunny/tickets/{number}/")
    act(desk, "分类", klass="urgent", category="leak")
    desk.get_by_text("紧急类 30 分钟到场").first.wait_for()

    steward = opened("ming", PHONE)
    steward.goto(f"/e/sunny/tickets/{number}/")
    act(steward, "派单", worker=str(world.zhou.pk), priority="high", wishes="孩子上网课，请轻声")
    picture(steward, "3-steward-dispatched")

    zhou = opened("zhou", PHONE)
    zhou.goto("/e/sunny/today/")
    zhou.get_by_text("厨房水管漏水").first.wait_for()
    picture(zhou, "4-repairer-today")
    with estate_scope(world.sunny):
        order = Ticket.objects.at_estate(world.sunny).get().works.get().pk
    zhou.goto(f"/e/sunny/work/{order}/")
    zhou.get_by_text("请轻声").first.wait_for()
    act(zhou, "接单")
    act(zhou, "到场签到")
    picture(zhou, "5-repairer-on-site")
    act(zhou, "完工", words="更换角阀，试水不漏")

    mei.goto(f"/e/sunny/mine/{number}/")
    picture(mei, "6-resident-done")
    mei.get_by_text("更换角阀").first.wait_for()

    steward.goto(f"/e/sunny/tickets/{number}/")
    act(steward, "电话确认", outcome="satisfied")
    steward.goto(f"/e/sunny/tickets/{number}/")
    act(steward, "归档")
    picture(steward, "7-steward-archived")
    with estate_scope(world.sunny):
        ticket = Ticket.objects.at_estate(world.sunny).get()
        assert ticket.stage == "archived" and not ticket.running_clocks.exists()
        assert [event.action for event in ticket.timeline][-1] == "ticket.archived"

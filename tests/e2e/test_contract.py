"""In Chromium from application to archive: a parking contract with its bill, renewal and end; a letter approved, printed, handed over (VAS-01, FEE-02, COM-15 … COM-18)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from guanjia import clock
from guanjia.billing.models import BillLine, BillRun
from guanjia.collection.models import Mailing
from guanjia.events.models import Event
from guanjia.lettings.models import Lease, Space
from guanjia.people.reach import reach_of
from guanjia.tenancy.scope import estate_scope
from tests.browsing import PHONE, draw, needs_browser, picture

pytestmark = [pytest.mark.django_db(transaction=True), *needs_browser]
BASE = "/e/sunny/services/lettings/"
MONEY = "/e/sunny/money/"


def acts(row):
    return [str(event.action) for event in Event.objects.about(row)]


def test_a_contract_and_a_letter(world, opened):
    from playwright.sync_api import expect

    with estate_scope(world.sunny):
        space = Space.objects.keep(world.sunny, "parking", "B1-008", Decimal(310), by=reach_of(world.he, world.sunny))
        first = clock.today(world.sunny).replace(day=1)
    mei, desk = opened("mei", PHONE), opened("he")
    mei.goto(f"{BASE}mine/")
    mei.locator("input[name=kind][value=parking]").check(force=True)
    mei.get_by_role("button", name="告诉前台，排队候租").click()
    expect(mei.get_by_text("第 1 位")).to_be_visible()
    desk.goto(f"{BASE}spaces/{space.pk}/")
    expect(desk.get_by_text("3-1-501")).to_be_visible()
    desk.get_by_label("承租房号").fill("3-1-501")
    desk.get_by_label("租期从").fill(f"{first}")
    desk.get_by_label("租期到").fill(f"{first + timedelta(days=364)}")
    desk.get_by_label("车牌").fill("川A12345")
    desk.get_by_role("button", name="签约出租").click()
    expect(desk.get_by_text("已签约，每月随账单收取。")).to_be_visible()
    with estate_scope(world.sunny):
        lease = Lease.objects.get()
        run = BillRun.objects.draft(world.sunny, first, by=reach_of(world.qian, world.sunny))
        run.review(by=reach_of(world.qian, world.sunny))
        run.post(by=reach_of(world.qian, world.sunny))
        assert BillLine.objects.get(fee=lease.fee_id, live=True).amount == Decimal(310)
    mei.goto(f"{BASE}mine/{lease.pk}/")
    mei.get_by_role("button", name="申请续租").click()
    expect(mei.get_by_text("已申请续租").first).to_be_visible()
    picture(mei, "lease-phone")
    paper = mei.request.get(f"{BASE}{lease.pk}/contract.pdf")
    assert paper.ok and paper.body()[:5] == b"%PDF-"
    desk.goto(f"{BASE}{lease.pk}/")
    desk.get_by_label("续租到").fill(f"{first + timedelta(days=729)}")
    desk.get_by_role("button", name="续租", exact=True).click()
    expect(desk.get_by_text("已续租。")).to_be_visible()
    desk.get_by_text("提前结束").first.click()
    desk.get_by_label("最后一天").fill(f"{first + timedelta(days=60)}")
    desk.get_by_label("原因").fill("搬家")
    desk.get_by_role("button", name="提前结束").click()
    expect(desk.get_by_text("已登记结束。")).to_be_visible()
    picture(desk, "lease-desk")
    with estate_scope(world.sunny):
        assert acts(lease) == ["lease.made", "lease.renewal_asked", "lease.renewed", "lease.ended"]
    _a_letter(world, opened, desk)


def _a_letter(world, opened, desk):
    """Nobody prints or hands it over before another approved it; a signature ends it."""
    from playwright.sync_api import expect

    desk.goto(f"{MONEY}mailings/new/?room=3-1-501")
    desk.get_by_label("标题").fill("外墙清洗期间关窗的说明")
    desk.get_by_label("正文").fill("下周二清洗外墙，请关好门窗。")
    desk.get_by_role("button", name="写好，列出送达名单").click()
    expect(desk.get_by_text("等另一个人审批").first).to_be_visible()
    with estate_scope(world.sunny):
        made = Mailing.objects.get()
        paper = made.handings.get()
    assert desk.request.get(f"{MONEY}mailings/{made.pk}/pdf/").status == 404
    chief = opened("zhao", PHONE)
    chief.goto(f"{MONEY}mailings/?show=asked")
    chief.get_by_role("link", name="外墙清洗期间关窗的说明").click()
    chief.get_by_role("button", name="同意送出").click()
    expect(chief.get_by_text("已批准，可以打印送出。")).to_be_visible()
    picture(chief, "letter-approved-phone")
    printed = desk.request.get(f"{MONEY}mailings/{made.pk}/pdf/")
    assert printed.ok and printed.body()[:5] == b"%PDF-"
    desk.goto(f"{MONEY}handings/{paper.pk}/")
    desk.get_by_label("谁收的").fill("梅女士")
    draw(desk)
    desk.get_by_role("button", name="已送达").click()
    expect(desk.get_by_text("都已送达").first).to_be_visible()
    picture(desk, "letter-handed")
    with estate_scope(world.sunny):
        assert acts(made) == ["mailing.written", "mailing.approved"] and acts(paper) == ["paper.handed"]

"""A paid repair in Chromium: ordered on the phone, quoted by the worker, agreed to with a tap, done with a photo, paid, rated (VAS-03, VAS-16)."""

from __future__ import annotations

import pytest
from PIL import Image

from guanjia.collection.models import Payment
from guanjia.collection.models.payer import Payer
from guanjia.events.models import Event
from guanjia.services.charging import owed
from guanjia.services.models import ServiceOrder
from guanjia.tenancy.scope import estate_scope
from tests.browsing import PHONE, needs_browser, picture

pytestmark = [pytest.mark.django_db(transaction=True), *needs_browser]
STEPS = ["ordered", "assigned", "quoted", "agreed", "done", "rated"]


def test_a_paid_repair_from_order_to_rating(world, opened, tmp_path):
    from playwright.sync_api import expect

    Image.new("RGB", (800, 600), "steelblue").save(tmp_path / "done.jpg")
    mei, desk, worker = opened("mei", PHONE), opened("he"), opened("zhou")
    mei.goto("/e/sunny/services/orders/menu/")
    mei.get_by_role("link", name="入户维修").click()
    mei.get_by_label("维修部位").select_option("水")
    mei.get_by_label("说明").fill("厨房水槽下水慢")
    mei.get_by_role("button", name="预约上门报价").click()
    expect(mei.get_by_text("已下单。")).to_be_visible()
    with estate_scope(world.sunny):
        order = ServiceOrder.objects.get()
    there, theirs = f"/e/sunny/services/orders/{order.pk}/", f"/e/sunny/services/orders/mine/{order.pk}/"
    desk.goto(there)
    desk.get_by_label("派给").select_option(label="周工")
    desk.get_by_role("button", name="派单").click()
    expect(desk.get_by_text("已派单。")).to_be_visible()
    worker.goto(there)
    for number, (what, yuan) in enumerate([("疏通下水管", "80"), ("更换存水弯", "45.50")]):
        worker.get_by_label("名目").nth(number).fill(what)
        worker.get_by_label("金额").nth(number).fill(yuan)
    worker.get_by_role("button", name="报价给业主").click()
    expect(worker.get_by_text("已报价，等业主同意。")).to_be_visible()
    mei.goto(theirs)
    expect(mei.get_by_text("¥ 125.50")).to_be_visible()
    picture(mei, "service-quote-phone")
    mei.get_by_role("button", name="同意报价，请动手").click()
    expect(mei.get_by_text("已同意报价。")).to_be_visible()
    worker.goto(there)
    worker.get_by_label("完成情况").fill("已疏通，换了存水弯")
    worker.locator("input[type=file]").set_input_files(tmp_path / "done.jpg")
    worker.get_by_role("button", name="完成并出账").click()
    expect(worker.get_by_text("已完成，账单已发给住户。")).to_be_visible()
    with estate_scope(world.sunny):
        order.refresh_from_db()
        Payment.objects.take(Payer(world.sunny, order.household_id, order.unit_id), owed(order), way="transfer", key="browser")
    mei.goto(theirs)
    expect(mei.get_by_text("已付清")).to_be_visible()
    mei.locator("input[name=stars][value='5']").check(force=True)
    mei.get_by_role("button", name="提交评价").click()
    expect(mei.get_by_text("谢谢您的评价。")).to_be_visible()
    picture(desk, "service-order")
    for paper in ("quote.pdf", "slip.pdf"):
        answer = mei.request.get(f"{there}{paper}")
        assert answer.ok and answer.body()[:5] == b"%PDF-"
    with estate_scope(world.sunny):
        assert [str(event.action).removeprefix("service.") for event in Event.objects.about(order)] == STEPS

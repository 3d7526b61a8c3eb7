"""The gate in Chromium at 390: passes read from their pictures, real, used, forged and expired; a key out and back (SEC-12, SEC-13, KEY-04 … KEY-06)."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import segno

from guanjia import clock
from guanjia.events.models import Event
from guanjia.gate.models import Guest
from guanjia.keys.models import Key, Loan
from guanjia.people.reach import reach_of
from guanjia.tenancy.scope import estate_scope
from tests.browsing import PHONE, draw, needs_browser, picture

pytestmark = [pytest.mark.django_db(transaction=True), *needs_browser]
GATE = "/e/sunny/services/gate/"


def scan(page, mark):
    """The pass as it lies before the camera: here its picture."""
    code = io.BytesIO()
    segno.make(f"https://example.cn{GATE}q/{mark}/", error="m").save(code, kind="png", scale=8, border=4)
    page.goto(GATE)
    page.get_by_role("button", name="扫码").click()
    page.locator("dialog.scanner input[type=file]").set_input_files({"name": "pass.png", "mimeType": "image/png", "buffer": code.getvalue()})


def acts(row):
    return [str(event.action) for event in Event.objects.about(row)]


def test_passes_at_the_gate(world, opened):
    from playwright.sync_api import expect

    mei, guard = opened("mei", PHONE), opened("zheng", PHONE)
    mei.goto(f"{GATE}mine/new/")
    mei.get_by_label("访客姓名").fill("王叔叔")
    mei.get_by_label("来访事由").fill("探亲")
    mei.get_by_role("button", name="生成通行证").click()
    expect(mei.locator(".pass svg")).to_be_visible()
    picture(mei, "gate-pass-phone")
    with estate_scope(world.sunny):
        good = Guest.objects.get()
        now = clock.now()
        old = Guest.objects.announce(world.home, world.meis, "送货员", now - timedelta(hours=2), now + timedelta(hours=2), by=reach_of(world.mei, world.sunny))
        Guest.objects.filter(pk=old.pk).update(until_at=now - timedelta(hours=1))
    scan(guard, good.mark)
    expect(guard.get_by_text("可以进入")).to_be_visible()
    expect(guard.get_by_text("王叔叔")).to_be_visible()
    picture(guard, "gate-scan-good-phone")
    guard.get_by_role("button", name="核对无误，放行").click()
    expect(guard.get_by_text("已登记放行，住户会收到通知。")).to_be_visible()
    scan(guard, good.mark)
    expect(guard.get_by_text("通行证已经用过")).to_be_visible()
    plain, _dot, seal = good.mark.rpartition(".")
    scan(guard, f"{plain[:-1]}{old.pk}.{seal}")
    expect(guard.get_by_text("不是本小区发的通行证")).to_be_visible()
    picture(guard, "gate-scan-forged-phone")
    scan(guard, old.mark)
    expect(guard.get_by_text("通行证已过期")).to_be_visible()
    guard.get_by_role("button", name="登记谢绝，告知住户").click()
    expect(guard.get_by_text("已登记谢绝，住户会收到通知。")).to_be_visible()
    mei.goto(f"{GATE}mine/{old.pk}/")
    expect(mei.get_by_text("通行证已过期").first).to_be_visible()
    with estate_scope(world.sunny):
        assert acts(good) == ["guest.announced", "guest.entered"] and acts(old) == ["guest.announced", "guest.refused"]
    _a_key_out_and_back(world, opened)


def _a_key_out_and_back(world, opened):
    """Lent over the counter with a signature, confirmed back by the borrower's own phone, taken back, on the ledger."""
    from playwright.sync_api import expect

    with estate_scope(world.sunny):
        key = Key.objects.register("KF-009", "spare", "天台门", "钥匙柜 2 格", by=reach_of(world.he, world.sunny))
    desk, worker = opened("he"), opened("zhou", PHONE)
    desk.goto(f"/e/sunny/services/keys/{key.pk}/")
    desk.locator("select[name=person]").select_option(label="周工")
    desk.get_by_label("用途").fill("检查天台排水")
    draw(desk)
    desk.get_by_role("button", name="借出", exact=True).click()
    expect(desk.get_by_text("已借出。")).to_be_visible()
    worker.goto("/e/sunny/services/keys/mine/")
    worker.get_by_role("button", name="已交回").click()
    expect(worker.get_by_text("等保管人验收。", exact=True)).to_be_visible()
    picture(worker, "keys-mine-phone")
    desk.reload()
    desk.get_by_role("button", name="收回", exact=True).click()
    expect(desk.get_by_text("已收回。")).to_be_visible()
    book = desk.request.get("/e/sunny/services/keys/?xlsx=1")
    assert book.ok
    with estate_scope(world.sunny):
        loan = Loan.objects.get()
        assert loan.returned_at and loan.taken_by_id == world.he.pk and acts(key) == ["key.kept", "key.lent", "key.handed_in", "key.returned"]

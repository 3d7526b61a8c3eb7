"""An inspector without signal: items scored with amount, reason and photo for each deduction, kept on the phone, sent once (QLT-27, CF-30; issue 6 line 1)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from guanjia import clock
from guanjia.people.models import CompanyPost
from guanjia.people.reach import reach_of
from guanjia.quality.models import Inspection, ItemScore, OwnRubric
from guanjia.tenancy.scope import estate_scope
from tests.browsing import PHONE, needs_browser, picture
from tests.cast import ALWAYS, staff
from tests.duties.doing import photo
from tests.quality.conftest import SMALL

from .test_offline import KEPT, cut, sent, until

pytestmark = [pytest.mark.django_db(transaction=True), *needs_browser]


@pytest.fixture
def inspection(world):
    """丁敏 of the company inspects the gate today."""
    world.ding = staff(world.company, "ding", "丁敏")
    CompanyPost.objects.create(company=world.company, person=world.ding, role="company_quality", during=ALWAYS)
    with estate_scope(world.sunny):
        by = reach_of(world.ding, world.sunny)
        OwnRubric.objects.keep(SMALL, by=by, reason="秩序细则")
        return Inspection.objects.plan("门岗月查", "open", clock.today(world.sunny), world.ding, by=by, rubrics={"gate": Decimal(100)})


def scores(world):
    with estate_scope(world.sunny):
        return list(ItemScore.objects.at_estate(world.sunny).current().prefetch_related("deductions__photos").order_by("item"))


def test_an_inspector_scores_without_signal(world, opened, inspection):
    page = opened("ding", PHONE, has_touch=True, is_mobile=True)
    sheet = f"/e/sunny/quality/inspections/{inspection.pk}/sheet/"
    page.goto("/e/sunny/today/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    until(page, KEPT, sheet)  # what today asks for is fetched before the signal goes
    until(page, "async () => Boolean(navigator.serviceWorker.controller)")
    cut(page)
    page.goto(sheet)
    page.wait_for_selector("form[data-restored]")
    page.get_by_role("button", name="其余都合格").click()
    item = page.locator("[data-item='gate-A1-b']")
    item.get_by_text("不合格").click()
    item.locator("input[type=number]").fill("1.5")
    page.get_by_role("button", name="交上打好的项目").click()
    assert "waiting" not in page.url and not scores(world), "a deduction without reason and photo is not sent"
    item.locator("textarea").fill("夜班没有记录")
    item.locator("input[type=file]").first.set_input_files({"name": "gate.jpg", "mimeType": "image/jpeg", "buffer": photo(5).read()})
    expect(item.locator(".picked")).to_have_count(1)
    picture(page, "inspection-offline", full=False)
    page.get_by_role("button", name="交上打好的项目").click()
    expect(page.get_by_text("等待发送").first).to_be_visible()
    assert not scores(world)
    page.context.set_offline(False)
    sent(page)
    first, second = scores(world)
    (lack,) = first.deductions.all()
    assert (first.item, lack.amount, lack.words, lack.photos.count()) == ("A1", Decimal("1.5"), "夜班没有记录", 1)
    assert (first.score, second.score) == (Decimal("3.5"), Decimal(2))
    expect(page.get_by_text("等待发送").first).not_to_be_visible()  # the page opens itself anew once all is sent
    assert len(scores(world)) == 2

"""A resident's journey on a phone of 360 px, in Chromium (issue 2, points 3 and Proof). Pictures are left in artifacts/."""

from __future__ import annotations

import re

import pytest
from PIL import Image

from guanjia.people.reach import reach_of
from guanjia.tenancy.scope import estate_scope
from guanjia.tickets.models import Ticket
from tests.browsing import needs_browser, picture, wait_ready

pytestmark = [pytest.mark.django_db(transaction=True), *needs_browser]


@pytest.fixture
def phone(opened):
    """`phone("mei")` → a page of 360 px, signed in as that person; without a name signed out."""
    return lambda name="", **more: opened(name, {"width": 360, "height": 740}, has_touch=True, **more)


def kept(page, name):
    picture(page, f"resident-{name}", full=False)


def pick(page, words):
    """A chip is a radio that covers its words."""
    page.get_by_role("radio", name=words).check()


def staff_does(world, act):
    """`act(ticket, by)` by the verbs, as somebody at a desk would."""
    with estate_scope(world.sunny):
        act(Ticket.objects.latest("pk"), lambda name: reach_of(getattr(world, name), world.sunny))


def test_from_report_to_stars(world, phone, tmp_path):
    from playwright.sync_api import expect

    Image.new("RGB", (2400, 1800), "steelblue").save(tmp_path / "leak.jpg")
    page = phone("mei")
    page.goto("/e/sunny/home/")
    kept(page, "home-empty")
    page.get_by_role("link", name="报事", exact=True).first.click()

    page.set_input_files("input[name=photos]", tmp_path / "leak.jpg")
    page.get_by_role("button", name="提交").click()  # nothing was said yet
    page.locator(".form-errors").wait_for()
    expect(page.locator(".photo-input .picked"), "a photo stays picked").to_have_count(1)
    page.locator("#id_words").press_sequentially("厨房水管爆管，水漫到客厅")
    page.locator("#hint a[href^='tel:']").wait_for()
    kept(page, "report-urgent")
    pick(page, "公共区域")
    page.get_by_text("3栋1单元电梯").wait_for()
    pick(page, "3栋1单元 501")
    expect(page.locator("#id_where")).to_be_hidden()
    page.get_by_text("上门时间和特别要求").click()
    page.fill("#id_wishes", "孩子上网课时请不要有噪音")
    page.reload()
    expect(page.locator("#id_words"), "the device keeps what was typed").to_have_value("厨房水管爆管，水漫到客厅")
    page.set_input_files("input[name=photos]", tmp_path / "leak.jpg")
    page.get_by_role("button", name="提交").dblclick()
    page.get_by_text("等管家分类").wait_for()
    kept(page, "ticket-new")

    staff_does(world, lambda ticket, by: ticket.classify(by=by("ming"), klass="urgent", category="leak"))
    staff_does(world, lambda ticket, by: ticket.dispatch(by=by("jing"), worker=world.zhou, priority="high", wishes="孩子上网课时请不要有噪音"))
    wait_ready(page)
    page.locator("[data-poll]").dispatch_event("poll")
    page.get_by_text("已派给周工").wait_for()
    page.get_by_role("button", name="催办").click()
    page.get_by_text("您催办").wait_for()
    page.get_by_role("link", name="补充").click()
    page.locator("dialog textarea").fill("总阀已经关了")
    kept(page, "add")
    page.locator("dialog").get_by_role("button", name="补充").click()
    page.get_by_text("您补充：总阀已经关了").wait_for()

    staff_does(world, lambda ticket, by: ticket.works.get().take(by=by("zhou")))
    staff_does(world, lambda ticket, by: ticket.works.get().arrive(by=by("zhou")))
    staff_does(world, lambda ticket, by: ticket.works.get().finish("换了软管", by=by("zhou")))
    staff_does(world, lambda ticket, by: ticket.complete("换了软管，试水不漏", by=by("ming")) if ticket.stage == "handling" else None)
    page.goto("/e/sunny/home/")
    kept(page, "home-waiting")
    page.get_by_role("link", name="去评价").click()
    page.get_by_role("link", name="评价", exact=True).click()
    for row in ("speed", "result", "attitude"):
        page.locator(f"label:has(input[name={row}][value='5'])").click()
    kept(page, "rate")
    page.locator("dialog").get_by_role("button", name="评价").click()
    page.get_by_text("谢谢您的评价").wait_for()
    with estate_scope(world.sunny):
        ticket = Ticket.objects.get()  # two clicks, one ticket
        assert (ticket.photos.count(), ticket.urged, ticket.ratings.get().speed) == (1, 1, 5)
        assert max(ticket.photos.get().width, ticket.photos.get().height) == 1600


def test_a_complaint_without_a_name_and_without_script(world, phone):
    """The way back works on another device, signed out, with script switched off."""
    from playwright.sync_api import expect

    page = phone("mei")
    page.goto("/e/sunny/report/")
    pick(page, "投诉")
    page.locator("#id_anonymous").check()
    page.fill("#id_words", "保安夜里睡岗")
    kept(page, "complaint")
    page.get_by_role("button", name="提交").click()
    page.get_by_text("投诉已收到").wait_for()
    kept(page, "way-back")
    way_back = re.sub(r"^https?://[^/]+", "", page.locator(".secret").inner_text())
    page.goto("/e/sunny/mine/")
    expect(page.locator("main")).to_be_visible()
    expect(page.get_by_text("保安夜里睡岗")).to_have_count(0)

    nameless = phone(waits=False, java_script_enabled=False)
    nameless.goto(way_back)
    nameless.get_by_role("button", name="催办").click()
    nameless.get_by_text("您催办").wait_for()
    nameless.get_by_role("link", name="补充").click()
    nameless.fill("textarea", "昨晚两点又睡了")
    nameless.get_by_role("button", name="补充").click()
    nameless.get_by_text("您补充：昨晚两点又睡了").wait_for()
    expect(nameless).to_have_url(re.compile(re.escape(way_back) + "$"))


def slow_script(page):
    """The script stays under way until the answer is called: a weak signal."""
    held = []
    page.route("**/built/app.js", lambda route: held.append(route))

    def let_it_come():
        for route in held:
            route.continue_()

    return let_it_come


def test_picked_before_the_script_came(world, phone, tmp_path):
    """What was picked and typed while the script was still under way is taken over by it."""
    from playwright.sync_api import expect

    Image.new("RGB", (2400, 1800), "steelblue").save(tmp_path / "leak.jpg")
    page = phone("mei", waits=False)
    let_it_come = slow_script(page)
    page.goto("/e/sunny/report/", wait_until="commit")
    page.set_input_files("input[name=photos]", tmp_path / "leak.jpg")
    page.fill("#id_words", "厨房水管爆管")
    let_it_come()
    expect(page.locator(".photo-input .picked")).to_have_count(1)
    page.get_by_role("button", name="提交").click()
    page.get_by_text("等管家分类").wait_for()
    with estate_scope(world.sunny):
        photo = Ticket.objects.get().photos.get()
        assert max(photo.width, photo.height) == 1600


def test_sent_before_the_script_came(world, phone, tmp_path):
    """Sent by the browser alone: what was typed stays, the photo that cannot is asked for again; then it is filed."""
    from playwright.sync_api import expect

    Image.new("RGB", (2400, 1800), "steelblue").save(tmp_path / "leak.jpg")
    page = phone("mei", waits=False)
    slow_script(page)
    page.goto("/e/sunny/report/", wait_until="commit")
    page.set_input_files("input[name=photos]", tmp_path / "leak.jpg")
    pick(page, "公共区域")
    page.fill("#id_where", "3栋东侧滑梯")
    page.get_by_role("button", name="提交").click(no_wait_after=True)
    expect(page.get_by_text("照片没能留下，请再选一次。")).to_be_visible()
    expect(page.locator("#id_where")).to_have_value("3栋东侧滑梯")
    page.set_input_files("input[name=photos]", tmp_path / "leak.jpg")
    page.fill("#id_words", "厨房水管爆管")
    page.get_by_role("button", name="提交").click(no_wait_after=True)
    page.get_by_text("等管家分类").wait_for()
    with estate_scope(world.sunny):
        assert Ticket.objects.get().photos.count() == 1

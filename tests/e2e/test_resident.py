"""A resident's journey on a phone of 360 px, in Chromium (issue 2, points 3 and Proof). Pictures are left in artifacts/."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connections
from PIL import Image

from guanjia.people.reach import reach_of
from guanjia.tenancy.scope import estate_scope
from guanjia.tickets.models import Ticket
from tests.cast import build_cast

ROOT = Path(__file__).parents[2]
CHROMIUM = next((path for path in (os.environ.get("CHROMIUM", ""), "/usr/bin/chromium", "/usr/bin/chromium-browser") if path and Path(path).exists()), "")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine: set CHROMIUM=/path/to/it"),
    pytest.mark.skipif(not (ROOT / "guanjia/web/static/built/app.css").exists(), reason="pages are not built: run python -m ops.build_assets"),
]


@pytest.fixture
def world(transactional_db, tmp_path, settings, monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright runs a loop in this thread
    settings.MEDIA_ROOT = tmp_path
    settings.ALLOWED_HOSTS = ["*"]
    cache.clear()
    return build_cast()


@pytest.fixture
def phone(world, live_server, client):
    """`phone("mei")` → a page of 360 px, signed in as that person; without a name signed out."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        complaints: list[str] = []

        def open_phone(name: str = "", **more):
            context = browser.new_context(
                base_url=live_server.url, locale="zh-CN", viewport={"width": 360, "height": 740}, has_touch=True, **more
            )
            if name:
                client.force_login(getattr(world, name))
                context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
            page = context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            return page

        yield open_phone
        connections.close_all()  # those opened while playwright's loop runs are nobody else's to close
        browser.close()
        assert not complaints


def kept(page, name):
    (ROOT / "artifacts").mkdir(exist_ok=True)
    page.wait_for_timeout(250)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, "nothing may hang over the edge"
    page.screenshot(path=ROOT / "artifacts" / f"resident-{name}.png")


def pick(page, words):
    """A chip is a radio that covers its words."""
    page.get_by_role("radio", name=words).check()


def staff_does(world, act):
    """`act(ticket, by)` by the verbs, as somebody at a desk would."""
    with estate_scope(world.sunny):
        act(Ticket.objects.latest("pk"), lambda name: reach_of(getattr(world, name), world.sunny))


def test_from_report_to_stars(world, phone, tmp_path):
    Image.new("RGB", (2400, 1800), "steelblue").save(tmp_path / "leak.jpg")
    page = phone("mei")
    page.goto("/e/sunny/home/")
    kept(page, "home-empty")
    page.get_by_role("link", name="报事", exact=True).first.click()

    page.set_input_files("input[name=photos]", tmp_path / "leak.jpg")
    page.get_by_role("button", name="提交").click()  # nothing was said yet
    page.locator(".form-errors").wait_for()
    assert page.locator(".photo-input .picked").count() == 1, "a photo stays picked"
    page.locator("#id_words").press_sequentially("厨房水管爆管，水漫到客厅")
    page.locator("#hint a[href^='tel:']").wait_for()
    kept(page, "report-urgent")
    pick(page, "公共区域")
    page.get_by_text("3栋1单元电梯").wait_for()
    pick(page, "3栋1单元 501")
    assert not page.locator("#id_where").is_visible()
    page.get_by_text("上门时间和特别要求").click()
    page.fill("#id_wishes", "孩子上网课时请不要有噪音")
    page.reload()
    assert page.input_value("#id_words") == "厨房水管爆管，水漫到客厅", "the device keeps what was typed"
    page.set_input_files("input[name=photos]", tmp_path / "leak.jpg")
    page.get_by_role("button", name="提交").dblclick()
    page.get_by_text("等管家分类").wait_for()
    kept(page, "ticket-new")

    staff_does(world, lambda ticket, by: ticket.classify(by=by("ming"), klass="urgent", category="leak"))
    staff_does(world, lambda ticket, by: ticket.dispatch(by=by("jing"), worker=world.zhou, priority="high", wishes="孩子上网课时请不要有噪音"))
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
        page.locator(f"input[name={row}][value='5']").check(force=True)
    kept(page, "rate")
    page.locator("dialog").get_by_role("button", name="评价").click()
    page.get_by_text("谢谢您的评价").wait_for()
    with estate_scope(world.sunny):
        ticket = Ticket.objects.get()  # two clicks, one ticket
        assert (ticket.photos.count(), ticket.urged, ticket.ratings.get().speed) == (1, 1, 5)
        assert max(ticket.photos.get().width, ticket.photos.get().height) == 1600


def test_a_complaint_without_a_name_and_without_script(world, phone):
    """The way back works on another device, signed out, with script switched off."""
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
    assert not page.get_by_text("保安夜里睡岗").count()

    nameless = phone(java_script_enabled=False)
    nameless.goto(way_back)
    nameless.get_by_role("button", name="催办").click()
    nameless.get_by_text("您催办").wait_for()
    nameless.get_by_role("link", name="补充").click()
    nameless.fill("textarea", "昨晚两点又睡了")
    nameless.get_by_role("button", name="补充").click()
    nameless.get_by_text("您补充：昨晚两点又睡了").wait_for()
    assert nameless.url.endswith(way_back)

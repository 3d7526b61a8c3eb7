"""The small scripts do what docs/parts.md says, in a real browser."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image

from tests.browsing import needs_browser

pytestmark = needs_browser


@pytest.fixture(autouse=True)
def expect():
    """Waiting assertions."""
    from playwright.sync_api import expect

    return expect


@pytest.fixture
def page(look_at):
    return look_at("/styleguide/")


def picture(side: int) -> dict[str, object]:
    file = io.BytesIO()
    Image.effect_noise((side, side // 2), 90).convert("RGB").save(file, "PNG")
    return {"name": "leak.png", "mimeType": "image/png", "buffer": file.getvalue()}


def test_photos_are_shrunk_previewed_and_removable(page, expect):
    box = page.locator("[data-photos]").first
    box.locator("input[type=file]").set_input_files([picture(2400), picture(200)])
    expect(box.locator(".picked")).to_have_count(2)
    sizes = box.locator("input").evaluate(
        "async input => Promise.all([...input.files].map(async f => [(await createImageBitmap(f)).width, f.type]))"
    )
    assert sizes[0] == [1600, "image/jpeg"]
    box.locator(".drop").first.click()
    expect(box.locator(".picked")).to_have_count(1)
    assert box.locator("input").evaluate("input => input.files.length") == 1


def test_no_more_photos_than_allowed(page, expect):
    box = page.locator("[data-photos]").first
    box.locator("input[type=file]").set_input_files([picture(40) for _ in range(11)])
    expect(box.locator(".picked")).to_have_count(9)
    expect(box.locator(".error")).to_contain_text("9")
    expect(box.locator(".add")).to_be_hidden()


def test_search_waits_for_the_input_method(page):
    heard = """() => { window.heard = 0; document.addEventListener('typed', () => window.heard++) }"""
    page.clock.install()
    page.evaluate(heard)
    compose = """([kind, data]) => { const i = document.querySelector('.top-search input'); i.dispatchEvent(kind === 'input' ? new InputEvent('input', { bubbles: true, isComposing: true, data }) : new CompositionEvent(kind, { bubbles: true, data })) }"""
    page.evaluate(compose, ["compositionstart", ""])
    page.evaluate(compose, ["input", "lou"])
    page.clock.run_for(300)
    assert page.evaluate("heard") == 0
    page.evaluate(compose, ["compositionend", "漏"])
    page.clock.run_for(300)
    assert page.evaluate("heard") == 1


def test_slash_goes_to_the_search_box(page, expect):
    page.keyboard.press("/")
    expect(page.locator(":focus")).to_have_attribute("name", "q")


def test_dialog_opens_and_shuts(page, expect):
    page.get_by_text("打开弹窗").click()
    dialog = page.locator("#guide-dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_text("取消").click()
    expect(dialog).to_be_hidden()


def test_theme_shows_at_once(page, expect):
    page.locator(".switches [name=theme][value=dark]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_signature_is_a_picture(page, expect):
    pad = page.locator("[data-signature] canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 100, steps=8)
    page.mouse.up()
    value = page.locator("[data-signature] input")
    expect(value).to_have_value(re.compile("^data:image/png;base64,"))
    page.locator("[data-clear]").click()
    expect(value).to_have_value("")


def test_deadlines_count_down_and_turn_late(page):
    words = page.evaluate("""() => {
      const row = document.querySelectorAll('.row')[1], time = row.querySelector('time')
      time.dateTime = new Date(Date.now() - 61000).toISOString()
      document.dispatchEvent(new Event('visibilitychange'))
      return [time.textContent, time.dataset.tone, row.hasAttribute('data-late')]
    }""")
    assert words == ["已超时 1 分", "bad", True]


def test_polling_fires_only_while_seen(page):
    page.clock.install()
    page.evaluate("""() => {
      const box = Object.assign(document.createElement('div'), { id: 'polled' })
      box.dataset.poll = '2'; window.polls = 0; box.addEventListener('poll', () => window.polls++)
      document.body.append(box); htmx.process(box); document.dispatchEvent(new CustomEvent('htmx:load', { detail: { elt: box } }))
    }""")
    page.clock.run_for(5000)
    assert page.evaluate("polls") == 2


def test_what_was_typed_survives_a_reload(page):
    key = "draft:/styleguide/:new"
    page.evaluate("""() => { const f = document.querySelector('form.form'); f.querySelector('.form-errors').remove(); f.querySelectorAll('[aria-invalid]').forEach(e => e.removeAttribute('aria-invalid'));
      f.about.value = ''; f.dataset.draft = 'new'; document.dispatchEvent(new CustomEvent('htmx:load', { detail: { elt: f } })) }""")
    page.fill("#id_about", "门口积水")
    kept = page.evaluate("key => localStorage.getItem(key)", key)
    assert kept and "门口积水" in kept
    assert "csrf" not in kept


def test_a_form_is_sent_once(page, expect):
    page.evaluate(
        """() => { window.sent = 0; const f = document.querySelector('form.form'); f.addEventListener('submit', e => { window.sent++; e.preventDefault() }) }"""
    )
    button = page.get_by_role("button", name="提交报事")
    button.click()
    expect(button).to_have_attribute("aria-busy", "true")
    button.dispatch_event("click")
    assert page.evaluate("sent") == 1


def test_photos_open_large(page, expect):
    page.locator(".sheet [data-lightbox]:not([data-size]) a").first.click()
    expect(page.locator("dialog.lightbox footer span")).to_have_text("1 / 4")
    page.keyboard.press("ArrowRight")
    expect(page.locator("dialog.lightbox footer span")).to_have_text("2 / 4")

"""The small scripts do what docs/parts.md says, in a real browser."""

from __future__ import annotations

import io

import pytest
from PIL import Image

pytestmark = pytest.mark.browser


@pytest.fixture
def page(look_at):
    return look_at("/styleguide/")


def picture(side: int) -> dict[str, object]:
    file = io.BytesIO()
    Image.effect_noise((side, side // 2), 90).convert("RGB").save(file, "PNG")
    return {"name": "leak.png", "mimeType": "image/png", "buffer": file.getvalue()}


def test_photos_are_shrunk_previewed_and_removable(page):
    box = page.locator("[data-photos]").first
    box.locator("input[type=file]").set_input_files([picture(2400), picture(200)])
    box.locator(".picked").nth(1).wait_for()
    sizes = box.locator("input").evaluate(
        "async input => Promise.all([...input.files].map(async f => [(await createImageBitmap(f)).width, f.type]))"
    )
    assert sizes[0] == [1600, "image/jpeg"]
    box.locator(".drop").first.click()
    assert box.locator("input").evaluate("input => input.files.length") == 1


def test_no_more_photos_than_allowed(page):
    box = page.locator("[data-photos]").first
    box.locator("input[type=file]").set_input_files([picture(40) for _ in range(11)])
    box.locator(".picked").nth(8).wait_for()
    assert box.locator(".picked").count() == 9
    assert "9" in box.locator(".error").inner_text()
    assert not box.locator(".add").is_visible()


def test_search_waits_for_the_input_method(page):
    heard = """() => { window.heard = 0; document.addEventListener('typed', () => window.heard++) }"""
    page.evaluate(heard)
    compose = """([kind, data]) => { const i = document.querySelector('.top-search input'); i.dispatchEvent(kind === 'input' ? new InputEvent('input', { bubbles: true, isComposing: true, data }) : new CompositionEvent(kind, { bubbles: true, data })) }"""
    page.evaluate(compose, ["compositionstart", ""])
    page.evaluate(compose, ["input", "lou"])
    page.wait_for_timeout(300)
    assert page.evaluate("heard") == 0
    page.evaluate(compose, ["compositionend", "漏"])
    page.wait_for_timeout(300)
    assert page.evaluate("heard") == 1


def test_slash_goes_to_the_search_box(page):
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"


def test_dialog_opens_and_shuts(page):
    page.get_by_text("打开弹窗").click()
    dialog = page.locator("#guide-dialog")
    assert dialog.is_visible()
    dialog.get_by_text("取消").click()
    assert not dialog.is_visible()


def test_theme_shows_at_once(page):
    page.locator(".switches [name=theme][value=dark]").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_signature_is_a_picture(page):
    pad = page.locator("[data-signature] canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 100, steps=8)
    page.mouse.up()
    value = page.locator("[data-signature] input")
    assert value.input_value().startswith("data:image/png;base64,")
    page.locator("[data-clear]").click()
    assert value.input_value() == ""


def test_deadlines_count_down_and_turn_late(page):
    words = page.evaluate("""() => {
      const row = document.querySelectorAll('.row')[1], time = row.querySelector('time')
      time.dateTime = new Date(Date.now() - 61000).toISOString()
      document.dispatchEvent(new Event('visibilitychange'))
      return [time.textContent, time.dataset.tone, row.hasAttribute('data-late')]
    }""")
    assert words == ["已超时 1 分", "bad", True]


def test_polling_fires_only_while_seen(page):
    page.evaluate("""() => {
      const box = Object.assign(document.createElement('div'), { id: 'polled' })
      box.dataset.poll = '2'; window.polls = 0; box.addEventListener('poll', () => window.polls++)
      document.body.append(box); htmx.process(box); document.dispatchEvent(new CustomEvent('htmx:load', { detail: { elt: box } }))
    }""")
    page.wait_for_timeout(5000)
    assert page.evaluate("polls") == 2


def test_what_was_typed_survives_a_reload(page):
    key = "draft:/styleguide/:new"
    page.evaluate("""() => { const f = document.querySelector('form.form'); f.querySelector('.form-errors').remove(); f.querySelectorAll('[aria-invalid]').forEach(e => e.removeAttribute('aria-invalid'));
      f.about.value = ''; f.dataset.draft = 'new'; document.dispatchEvent(new CustomEvent('htmx:load', { detail: { elt: f } })) }""")
    page.fill("#id_about", "门口积水")
    kept = page.evaluate("key => localStorage.getItem(key)", key)
    assert "门口积水" in kept
    assert "csrf" not in kept


def test_a_form_is_sent_once(page):
    page.evaluate(
        """() => { window.sent = 0; const f = document.querySelector('form.form'); f.addEventListener('submit', e => { window.sent++; e.preventDefault() }) }"""
    )
    button = page.get_by_role("button", name="提交报事")
    button.click()
    button.click()
    assert page.evaluate("sent") == 1
    assert button.get_attribute("aria-busy") == "true"


def test_photos_open_large(page):
    page.locator(".sheet [data-lightbox]:not([data-size]) a").first.click()
    assert page.locator("dialog.lightbox footer span").inner_text() == "1 / 4"
    page.keyboard.press("ArrowRight")
    assert page.locator("dialog.lightbox footer span").inner_text() == "2 / 4"

"""Measured, not promised: words on badges, buttons and everything else that carries them (WCAG 2.2 AA, look.md)."""

from __future__ import annotations

import pytest

from tests.browsing import needs_browser

pytestmark = needs_browser

AA = 4.5
MEASURE = """() => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true })
  const rgba = colour => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1)
    return [...canvas.getImageData(0, 0, 1, 1).data].map(v => v / 255)
  }
  const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3]))
  const light = rgb => rgb.map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0)
  const ground = element => {
    const layers = []
    for (let e = element; e; e = e.parentElement) { const c = rgba(getComputedStyle(e).backgroundColor); if (c[3]) layers.push(c); if (c[3] === 1) break }
    return layers.reverse().reduce((below, top) => over(top, below), [1, 1, 1])
  }
  const owns = e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())
  const found = []
  for (const e of document.body.querySelectorAll('*')) {
    const box = e.getBoundingClientRect()
    if (!owns(e) || box.width < 2 || box.height < 2 || e.closest('svg, script, .skip, .photos, .lightbox, :disabled, [data-signature] .pad')) continue
    const behind = ground(e), words = over(rgba(getComputedStyle(e).color), behind)
    const [a, b] = [light(behind), light(words)].sort((x, y) => y - x)
    found.push([+((a + .05) / (b + .05)).toFixed(2), (e.className || e.tagName) + ' ' + (e.dataset.tone || e.dataset.kind || '') + ': ' + e.textContent.trim().slice(0, 20)])
  }
  return found
}"""
SMALL = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary')].filter(e => {
  const box = (e.closest('label.chip, .verdict > label, .rating > label, .add, .field[data-kind=check] > label') || e).getBoundingClientRect()
  return box.width && !e.closest('.visually-hidden, svg, noscript') && (box.width < 24 || box.height < 24) && getComputedStyle(e).display !== 'inline' && e.type !== 'checkbox'
}).map(e => e.outerHTML.slice(0, 90))"""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_words_stand_out_from_what_is_behind_them(look_at, theme, width):
    """Every word of every part in every state reaches 4.5:1."""
    measured = look_at("/styleguide/", width=width, theme=theme).evaluate(MEASURE)
    assert len(measured) > 300, "the styleguide did not render"
    assert not [one for one in measured if one[0] < AA]


@pytest.mark.parametrize("type", ["normal", "large"])
@pytest.mark.parametrize("width", [360, 390, 1024, 1440])
def test_no_page_is_wider_than_its_screen(look_at, width, type):
    page = look_at("/styleguide/", width=width, type=type)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_targets_are_large_enough_for_a_thumb(look_at):
    """Nothing to touch is below 24 px (WCAG 2.5.8); buttons, inputs and bars are 44 px on phones."""
    page = look_at("/styleguide/", width=390)
    assert page.evaluate(SMALL) == []
    heights = page.eval_on_selector_all(
        ".btn, .bottom a, select, .chip", "all => all.map(e => e.offsetHeight).filter(Boolean)"
    )
    assert min(heights) >= 44


def test_the_policy_is_kept(look_at):
    """No script, style or picture is refused by the content security policy, and no script fails."""
    assert look_at("/styleguide/").complaints == []

"""Every page a resident can reach, at 320 px in large type and at 200 % of a phone's width, nothing beside the screen (issue 7 line 8)."""

from __future__ import annotations

import re

import pytest

from guanjia.people.reach import reach_of
from guanjia.tenancy.scope import estate_scope
from guanjia.tickets.models import Ticket
from tests.browsing import PHONE, needs_browser

pytestmark = [pytest.mark.django_db(transaction=True), *needs_browser]
NARROW = ((320, "large"), (195, "normal"))  # WCAG 1.4.10: 320 px is 1280 px at 400 %; 195 px is a phone of 390 px at 200 %
AWAY = re.compile(r"sign-out|\.pdf|\.png|/pdf/|/static/|webmanifest|menu/(?!indoor)")
LINKS = "[...document.querySelectorAll('a[href^=\"/\"]')].map(link => link.getAttribute('href').split('#')[0])"
WIDE = """([width, type]) => { document.documentElement.dataset.type = type
  if (document.documentElement.scrollWidth <= width) return [] // what scrolls by itself, such as tabs, may be longer
  return [...document.querySelectorAll('main, main *')].filter(part => part.getBoundingClientRect().right > width + 1 && part.checkVisibility())
    .map(part => `${part.tagName} ${part.className} ${part.textContent.trim().slice(0, 30)}`).slice(-2) }"""


def alike(path):
    """Pages that differ by a number alone are one page."""
    return re.sub(r"=[^&]*", "", re.sub(r"\d{6}-\d{4}|\d+", "#", path))


def test_nothing_hangs_over_the_edge_and_nobody_gets_lost(world, opened):
    """In English, whose words are the longest; from every page the bar or a way back leads on."""
    with estate_scope(world.sunny):
        mei = reach_of(world.mei, world.sunny)
        ticket = Ticket.objects.report(by=mei, estate=world.sunny, words="厨房水管爆管，水漫到客厅" * 6, unit=world.home, household_id=world.meis.pk)
        ticket.progress("师傅十分钟到，请先关总阀" * 4, by=reach_of(world.ming, world.sunny))
    page = opened("mei", PHONE, has_touch=True, is_mobile=True)
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": page.context.request.get("/healthz").url}])
    seen, todo = set(), ["/e/sunny/home/", "/me/"]
    while todo:
        path = todo.pop(0)
        if alike(path) in seen or AWAY.search(path):
            continue
        seen.add(alike(path))
        page.set_viewport_size({"width": NARROW[0][0], "height": 640})
        assert page.goto(path).status == 200, path
        for width, size in NARROW:
            page.set_viewport_size({"width": width, "height": 640})
            assert page.evaluate(WIDE, [width, size]) == [], f"{path} at {width} px"
        assert page.locator("nav.bottom a, .back, a[href^='/e/']").count(), f"{path} leads nowhere"
        todo += page.evaluate(LINKS)
    assert len(seen) > 35, sorted(seen)

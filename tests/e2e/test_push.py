"""Web Push in Chromium: what the house would send is shown by the service worker, and a tap leads to its page (issue 7 line 8).

The push service of a browser is far away; Chromium hands the message to the worker itself (DevTools: deliverPushMessage).
"""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from guanjia import clock
from guanjia.notices.deliver import fan_out
from guanjia.notices.models import Delivery, Device
from guanjia.notices.pushing import _said
from guanjia.people.reach import reach_of
from guanjia.tenancy.scope import estate_scope
from guanjia.tickets.models import Ticket
from tests.browsing import PHONE, needs_browser, picture

from .test_offline import until

pytestmark = [pytest.mark.django_db(transaction=True), *needs_browser]
SHOWN = "async () => (await (await navigator.serviceWorker.ready).getNotifications()).length"
TOLD = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
  .map(one => [one.title, one.body, one.data.url, one.requireInteraction])"""
TAPPED = """async () => { const [one] = await registration.getNotifications()
  dispatchEvent(new NotificationEvent('notificationclick', { notification: one })) }"""


@pytest.fixture
def letter(world):
    """What a household's device is told of its own leak, as it is before it is sealed."""
    with estate_scope(world.sunny):
        Device.objects.subscribe(
            world.mei, "https://push.example.org/" + "x" * 20, "B" + "A" * 86, "A" * 22, "Chrome", clock.now()
        )
        ticket = Ticket.objects.report(
            by=reach_of(world.mei, world.sunny),
            estate=world.sunny,
            words="厨房漏水",
            unit=world.home,
            household_id=world.meis.pk,
        )
        ticket.progress("师傅十分钟到", by=reach_of(world.ming, world.sunny))
    fan_out(clock.now())
    with estate_scope(world.sunny):
        row = Delivery.objects.filter(channel="push", person_id=world.mei.pk).latest("pk")
    return ticket, _said(world.sunny, row, world.mei).decode()


def test_a_message_is_shown_and_a_tap_opens_its_page(world, opened, letter):
    ticket, said = letter
    page = opened("mei", PHONE, has_touch=True, is_mobile=True, permissions=["notifications"])
    page.goto("/e/sunny/inbox/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    until(page, "async () => Boolean(navigator.serviceWorker.controller)")
    page.get_by_text("通知方式").click()
    expect(page.locator("form[data-push-on]")).to_be_visible()
    picture(page, "push-1-inbox")
    browser, found = page.context.new_cdp_session(page), []
    browser.on("ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(told["registrations"]))
    browser.send("ServiceWorker.enable")
    until(page, "async () => true")  # its answer to that comes first
    origin = page.evaluate("location.origin")
    browser.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": origin, "registrationId": found[0]["registrationId"], "data": said},
    )
    until(page, f"async () => (await ({SHOWN})()) === 1")
    ((title, body, url, urgent),) = page.evaluate(TOLD)
    assert (title, body, url, urgent) == tuple(json.loads(said)[name] for name in ("title", "body", "url", "urgent"))
    assert "师傅十分钟到" in body
    page.context.service_workers[0].evaluate(TAPPED)
    page.wait_for_url(f"**/mine/{ticket.number}/")
    expect(page.get_by_text("师傅十分钟到").first).to_be_visible()
    with estate_scope(world.sunny):
        assert Delivery.objects.get(
            channel="inbox", person_id=world.mei.pk, pk=int(url.rstrip("/").rpartition("/")[2])
        ).read_at
    assert page.evaluate(SHOWN) == 0

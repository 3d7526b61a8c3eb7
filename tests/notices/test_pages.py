"""The inbox and the webhook pages."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.notices.deliver import fan_out
from guanjia.notices.models import Delivery, Preference, Subscription
from guanjia.notices.reading import unread_count
from tests.cast import TUESDAY

INBOX = "/e/sunny/inbox/"


@pytest.fixture
def enter(cast):
    def enter(name):
        client = Client()
        client.force_login(getattr(cast, name))
        return client

    return enter


@pytest.fixture
def told(cast, ticket):
    fan_out(TUESDAY)
    return Delivery.objects.get(channel="inbox", person=cast.ming)


def urge(ticket, times):
    for _n in range(times):
        Event.objects.record(Action.TICKET_URGED, ticket, at=TUESDAY)
    fan_out(TUESDAY)


def test_what_one_was_told_and_no_more(cast, told, enter):
    page = enter("ming").get(INBOX).content.decode()
    assert "新报事" in page and "厨房漏水" in page and "3-1-501" in page
    assert "厨房漏水" not in enter("fang").get(INBOX).content.decode()
    assert enter("stranger").get(INBOX).status_code == 404
    assert "报事已受理" in enter("mr_mei").get(INBOX).content.decode()


def test_opening_marks_read_and_leads_there(cast, told, ticket, enter):
    client = enter("ming")
    address = reverse("notices:message", args=["sunny", told.pk])
    assert client.head(address).status_code == 302
    told.refresh_from_db()
    assert told.read_at is None  # a look ahead reads nothing
    assert client.get(address).url == f"/e/sunny/tickets/{ticket.number}/"
    told.refresh_from_db()
    assert told.read_at is not None
    assert unread_count(cast.as_("ming")) == 0
    assert enter("mr_mei").get(address).status_code == 404
    resident = Delivery.objects.get(channel="inbox", person=cast.mr_mei)
    assert (
        enter("mr_mei").get(reverse("notices:message", args=["sunny", resident.pk])).url
        == f"/e/sunny/mine/{ticket.number}/"
    )


def test_all_read_means_all_that_were_seen(cast, told, ticket, enter):
    client = enter("ming")
    client.get(INBOX)
    urge(ticket, 1)
    assert client.post(reverse("notices:reading", args=["sunny"]), {"newest": told.pk}).status_code == 302
    assert unread_count(cast.as_("ming")) == 1
    assert client.get(reverse("notices:reading", args=["sunny"])).status_code == 405
    assert unread_count(cast.as_("mr_mei")) == 1


def test_the_bell_costs_one_query_and_counts_to_a_hundred(cast, told, ticket, django_assert_num_queries):
    urge(ticket, 120)
    reach = cast.as_("ming")
    with django_assert_num_queries(1):
        assert unread_count(reach) == 100


def test_pages_of_the_past(cast, told, ticket, enter):
    urge(ticket, 70)
    Delivery.objects.filter(person=cast.ming).update(read_at=TUESDAY)
    client, seen, address = enter("ming"), [], INBOX
    while address:
        page = client.get(address)
        seen += [one.pk for one in page.context["read"]]
        address = f"{INBOX}?before={page.context['older']}" if page.context["older"] else ""
    assert seen == sorted(seen, reverse=True) and len(seen) == len(set(seen)) == 71


def test_as_many_queries_for_ten_as_for_a_hundred(cast, told, ticket, enter):
    client = enter("ming")
    client.get(INBOX)

    def cost():
        with CaptureQueriesContext(connection) as asked:
            client.get(INBOX)
        return len(asked)

    urge(ticket, 9)
    ten = cost()
    urge(ticket, 90)
    assert cost() == ten


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "１２", ""])
def test_nonsense_in_the_address_is_harmless(told, enter, before):
    assert enter("ming").get(INBOX, {"before": before}).status_code == 200
    assert enter("ming").post(reverse("notices:reading", args=["sunny"]), {"newest": before}).status_code == 302


def test_preferences_are_kept_per_person(cast, enter):
    enter("ming").post(reverse("notices:preferences", args=["sunny"]), {"email": "urgent"})
    assert Preference.objects.get().person == cast.ming
    enter("ming").post(reverse("notices:preferences", args=["sunny"]), {"email": "loud"})
    assert Preference.objects.get().wanted == "urgent"


HOOKS = "/e/sunny/inbox/webhooks/"


@pytest.mark.parametrize("name", ["ming", "jing", "zhao", "mei", "stranger"])
def test_webhooks_are_for_who_may_change_rules(enter, hook, name):
    client = enter(name)
    for address in (HOOKS, f"{HOOKS}{hook.pk}/"):
        assert client.get(address).status_code == 404
    for noun in ("trial", "rotation", "switch", "removal"):
        assert client.post(f"{HOOKS}{hook.pk}/{noun}/").status_code == 404
    assert Subscription.objects.get().active


def test_a_manager_sets_one_up_and_sees_its_secret_once(cast, enter, listener):
    client = enter("qian")
    bad = client.post(HOOKS, {"url": "ftp://x", "actions": ["ticket.done"]})
    assert bad.status_code == 422 and 'value="ftp://x"' in bad.content.decode()
    assert client.post(HOOKS, {"url": listener.url, "actions": ["personal.read"]}).status_code == 422
    page = client.post(HOOKS, {"url": listener.url, "actions": ["ticket.done"]}).content.decode()
    made = Subscription.objects.get()
    assert made.secret in page
    assert made.secret not in client.get(f"{HOOKS}{made.pk}/").content.decode()
    assert "no-store" in client.post(f"{HOOKS}{made.pk}/rotation/").headers["Cache-Control"]
    made.refresh_from_db()
    assert made.old_secret


def test_a_trial_says_what_the_other_side_answered(cast, enter, hook, listener):
    client = enter("qian")
    page = client.post(f"{HOOKS}{hook.pk}/trial/", follow=True).content.decode()
    assert "HTTP 200" in page and listener.got[0].said["action"] == "test"
    listener.answer = 500
    assert "HTTP 500" in client.post(f"{HOOKS}{hook.pk}/trial/", follow=True).content.decode()


def test_pausing_and_removing(cast, enter, hook):
    client = enter("qian")
    client.post(f"{HOOKS}{hook.pk}/switch/", {"active": "0"})
    hook.refresh_from_db()
    assert not hook.active
    client.post(f"{HOOKS}{hook.pk}/removal/")
    assert not Subscription.objects.exists()

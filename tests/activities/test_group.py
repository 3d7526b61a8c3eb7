"""The owners' group as a log with its three clocks (COM-10, COM-11, CF-39)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from guanjia import clock
from guanjia.activities.group import evening, listed, measured
from guanjia.rulebooks.form_book import form
from guanjia.tickets.models import Ticket
from tests.duties.doing import task

pytestmark = pytest.mark.django_db


def there(name, *args):
    return reverse(f"activities:{name}", args=["sunny", *args])


def test_a_message_is_answered_fed_back_and_measured(cast, client):
    """COM-10: noted once however often it is sent; 3 and 30 minutes are judged by the clocks, late is said."""
    client.force_login(cast.ming)
    said = {"words": "3 栋大堂灯又不亮了", "room": "3-1-501", "name": "梅女士", "kind": "repair", "key": "k1"}
    for _time in range(2):
        assert client.post(there("noting"), said).status_code == 302
    row = Ticket.objects.get()
    assert (row.channel, row.household_id, row.steward_id) == ("group", cast.meis.pk, cast.ming.pk)
    assert client.post(there("noting"), said | {"room": "99-9-9999", "key": "k2"}).status_code == 409
    with clock.at(clock.now() + timedelta(minutes=2)):
        client.post(there("answering", row.number), {"verb": "reply", "words": "收到，马上安排"})
    with clock.at(clock.now() + timedelta(minutes=40)):
        ((_row, clocks, verb),) = listed(cast.as_("ming"), clock.now())
        assert [tone for _words, tone in clocks] == ["good", "bad", "soon"] and verb == "feedback"
        client.post(there("answering", row.number), {"verb": "feedback", "words": "电工今天 15 点换"})
        assert [(line.kept, line.judged) for line in measured(cast.as_("ming"), clock.now())] == [(1, 1), (0, 1), (0, 0)]
        page = client.get(there("group")).content.decode()
        assert "3 栋大堂灯又不亮了" in page and "1 / 1" in page
    assert not listed(cast.as_("fang"), clock.now())
    client.force_login(cast.fang)
    assert client.post(there("answering", row.number), {"words": "x"}).status_code == 404


def test_what_was_answered_at_once_is_one_act(cast, client):
    """COM-10: with the answer given on the spot no clock of 3 minutes is left running."""
    client.force_login(cast.ming)
    client.post(there("noting"), {"words": "快递柜几点关？", "key": "k", "reply": "24 小时开着"})
    row = Ticket.objects.get()
    assert row.responded_at and row.kind == "enquiry" and row.zone_id == cast.east.pk
    assert set(row.running_clocks.values_list("kind", flat=True)) >= {"sla_group_feedback", "sla_group_close"}


def test_the_evening_hour_has_its_own_form(cast):
    """COM-11: what was posted, and how much: more than ten would be a flood."""
    held = task(cast, key="com_group_hour", form="group_hour")
    assert list(evening(cast.as_("ming"), clock.now())) == [held] and form("group_hour").items["posts"].most == 10

"""What staff keep of a household, and looking at a telephone (HSE-02, HSE-14, CF-20)."""

from __future__ import annotations

import pytest

from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import NotAllowed
from guanjia.tickets.models import Ticket


def test_preferences_are_kept_and_noted(cast):
    """HSE-02: by who may edit; the event says what."""
    with pytest.raises(NotAllowed):
        cast.meis.keep_preferences("晚上", "", by=cast.as_("zhou"))
    cast.meis.keep_preferences(" 下午三点后 ", "家有大型犬", by=cast.as_("he"))
    cast.meis.refresh_from_db()
    assert (cast.meis.preferences, cast.meis.hints) == ("下午三点后", "家有大型犬")
    assert "家有大型犬" in Event.objects.about(cast.meis).get().sentence


def test_a_telephone_is_masked_until_asked_for(client, cast):
    """HSE-14: the ticket page never carries it; showing it is recorded with the ticket as reason."""
    ticket = Ticket.objects.report(by=cast.as_("mei"), estate=cast.sunny, words="漏水", unit=cast.home, household_id=cast.meis.pk)
    client.force_login(cast.ming)
    page = client.get(f"/e/sunny/tickets/{ticket.number}/").content.decode()
    assert "199****0001" in page and "19900000001" not in page
    shown = client.post(f"/e/sunny/tickets/{ticket.number}/phone/", headers={"HX-Request": "true"}).content.decode()
    assert "tel:+8619900000001" in shown
    event = Event.objects.about(ticket).filter(action=Action.PERSONAL_DATA_READ).get()
    assert event.actor_id == cast.ming.pk and ticket.number in event.particulars["why"]


def test_who_has_no_order_sees_no_telephone(client, cast):
    """CF-20: a repairer only while an order of theirs is open."""
    ticket = Ticket.objects.report(by=cast.as_("mei"), estate=cast.sunny, words="漏水", unit=cast.home, household_id=cast.meis.pk)
    ticket.classify(by=cast.as_("ming"), klass="urgent", category="leak")
    order = ticket.dispatch(by=cast.as_("ming"), worker=cast.zhou, wishes="无", priority="high")
    with pytest.raises(NotAllowed):
        ticket.show_phone(by=cast.as_("wu"))
    assert ticket.show_phone(by=cast.as_("zhou")).endswith("0001")
    order.take(by=cast.as_("zhou"))
    order.finish("好了", by=cast.as_("zhou"))
    with pytest.raises(NotAllowed):
        ticket.show_phone(by=cast.as_("zhou"))


def test_a_member_s_telephone_needs_a_reason(client, cast):
    """HSE-14: no reason, no number; the west steward does not reach the east's households."""
    member = cast.meis.members.order_by("pk").first()
    client.force_login(cast.he)
    assert client.post(f"/e/sunny/households/readings/member/{member.pk}/", {"why": ""}).status_code == 422
    assert "+8619900000001" in client.post(f"/e/sunny/households/readings/member/{member.pk}/", {"why": "回访报修"}).content.decode()
    client.force_login(cast.fang)
    assert client.get(f"/e/sunny/households/readings/member/{member.pk}/").status_code == 404

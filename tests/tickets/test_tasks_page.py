"""The worker's list keeps telephones masked: calling is a POST that leaves a trace (HSE-14, CF-20)."""

from __future__ import annotations

from django.test import Client

from guanjia.events.models import Event
from guanjia.tickets.models import Ticket


def client_of(cast, name):
    client = Client(HTTP_HOST="localhost")
    client.force_login(getattr(cast, name))
    return client


def test_no_telephone_stands_in_the_list(cast):
    ticket = Ticket.objects.report(by=cast.as_("mei"), estate=cast.sunny, words="漏水", unit=cast.home, household_id=cast.meis.pk)
    ticket.classify(by=cast.as_("ming"), klass="routine", category="leak")
    ticket.dispatch(by=cast.as_("ming"), worker=cast.zhou, wishes="无", priority="high")
    client = client_of(cast, "zhou")
    page = client.get("/e/sunny/today/").content.decode()
    assert ticket.title in page and "19900000001" not in page
    assert f"/e/sunny/tickets/{ticket.number}/phone/" in page
    shown = client.post(f"/e/sunny/tickets/{ticket.number}/phone/").content.decode()
    assert "19900000001" in shown and Event.objects.filter(particulars__has_key="what").exists()


def test_a_cursor_that_is_no_number_is_nonsense(cast):
    """`²` is a digit, but no number: the list begins at its beginning."""
    assert client_of(cast, "qian").get("/e/sunny/tickets/", {"after": "_²"}).status_code == 200

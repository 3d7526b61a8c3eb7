"""Labels: what a scanned code proves (PAT rows' ground; issue 2.6: arrive by position or QR)."""

from __future__ import annotations

import pytest

from guanjia.estates.marks import mark_of, place_of
from guanjia.tenancy.errors import Refused
from guanjia.tickets.models import Ticket


def order_at_home(cast):
    ticket = Ticket.objects.report(by=cast.as_("mei"), estate=cast.sunny, words="漏水", unit=cast.home, household_id=cast.meis.pk)
    ticket.classify(by=cast.as_("ming"), klass="urgent", category="leak")
    return ticket.dispatch(by=cast.as_("ming"), worker=cast.zhou, wishes="无", priority="high")


def test_a_mark_cannot_be_made_up(cast):
    mark = mark_of(cast.e31)
    assert place_of(mark, cast.sunny) == cast.e31
    assert place_of(mark, cast.lake) is None
    assert place_of(mark[:-1] + ("a" if mark[-1] != "a" else "b"), cast.sunny) is None
    assert place_of("1-e1", cast.sunny) is None


def test_only_the_right_place_proves_arrival(cast):
    """The entrance, the lift and the home itself do; another building does not."""
    order = order_at_home(cast)
    order.take(by=cast.as_("zhou"))
    for wrong in ("", mark_of(cast.e51), mark_of(cast.home_next)):
        with pytest.raises(Refused) as refused:
            order.arrive(by=cast.as_("zhou"), proof="qr", mark=wrong)
        assert refused.value.code == "wrong_place"
    order.arrive(by=cast.as_("zhou"), proof="qr", mark=mark_of(cast.lift))
    assert order.arrival_proof == "qr"


def test_scanning_opens_the_order_here(client, cast):
    """A worker finds the order and checks in; a resident is led to the report; a forged code is nothing."""
    order = order_at_home(cast)
    client.force_login(cast.zhou)
    page = client.get(f"/e/sunny/q/{mark_of(cast.e31)}/")
    assert f"/e/sunny/work/{order.pk}/arrival/" in page.content.decode()
    assert "没有派给您的活" in client.get(f"/e/sunny/q/{mark_of(cast.e51)}/").content.decode()
    assert client.get("/e/sunny/q/1-e1.forged/").status_code == 404
    client.post(f"/e/sunny/work/{order.pk}/arrival/", {"proof": "qr", "mark": mark_of(cast.e31)})
    order.refresh_from_db()
    assert order.stage == "arrived" and order.arrival_proof == "qr"
    client.force_login(cast.mei)
    assert "/report/" in client.get(f"/e/sunny/q/{mark_of(cast.lift)}/")["Location"]


def test_labels_are_printed_for_a_building(client, cast):
    client.force_login(cast.qian)
    page = client.get(f"/e/sunny/labels/?building={cast.b3.pk}").content.decode()
    assert page.count('class="qr"') == 2 and "3栋1单元" in page
    client.force_login(cast.zhou)
    assert client.get("/e/sunny/labels/").status_code == 404

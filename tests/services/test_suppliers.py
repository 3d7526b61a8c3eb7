"""Suppliers: looked at before they are listed, under contract, followed up, struck off (VAS-09, VAS-10, F-69, F-93)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.services import alarm
from guanjia.services.models import ServiceOrder, Supplier
from guanjia.tenancy.errors import NotAllowed

from .conftest import GOOD
from .test_orders import refused


def order(cast):
    return ServiceOrder.objects.place(cast.home, cast.meis, "chores", by=cast.as_("mei"))


def test_only_who_was_vetted_and_has_a_contract_is_ordered(cast):
    """VAS-09: each reason is said; one bad point and it is not listed."""
    row = Supplier.objects.register(cast.sunny, "快洁", "19900000112", ["chores"], by=cast.as_("he"))
    chore, he = order(cast), cast.as_("he")
    assert "还没有通过考察" in row.refusal(clock.today(cast.sunny))
    refused("supplier_refused", lambda: chore.assign(supplier=row, by=he))
    refused("incomplete", lambda: row.vet({**GOOD, "price": ""}, "看过了没有", by=he))
    row.vet({**GOOD, "people": "bad"}, "上门人员没有健康证", by=he)
    refused("supplier_refused", lambda: chore.assign(supplier=row, by=he))
    row.vet(GOOD, "已补健康证，复查合格", by=he)
    row = Supplier.objects.get(pk=row.pk)
    assert "没有在有效期内的合同" in row.refusal(clock.today(cast.sunny))
    refused("bad_dates", lambda: row.contract(date(2026, 5, 1), date(2026, 4, 1), by=he))
    row.contract(date(2026, 1, 1), date(2026, 12, 31), by=he)
    chore.assign(supplier=row, by=he)
    assert chore.supplier_id == row.pk and chore.worker_id is None
    with pytest.raises(NotAllowed):
        Supplier.objects.register(cast.sunny, "乙", "19900000113", ["chores"], by=cast.as_("zhou"))
    refused("known", lambda: Supplier.objects.register(cast.sunny, "快洁", "19900000112", ["chores"], by=he))


def test_the_blacklist(cast, cleaners):
    """VAS-10: struck off it cannot be ordered, its open orders are told; taken back with a reason it can."""
    chore, he = order(cast), cast.as_("he")
    chore.assign(supplier=cleaners, by=he)
    refused("why_missing", lambda: cleaners.ban("", by=he))
    cleaners.ban("两次爽约", by=he)
    refused("already_done", lambda: cleaners.ban("再来", by=he))
    assert Event.objects.get(action=Action.SUPPLIER_BANNED).particulars["count"] == 1
    refused("supplier_refused", lambda: order(cast).assign(supplier=Supplier.objects.get(pk=cleaners.pk), by=he))
    assert Supplier.objects.list_for(cast.sunny, "chores", clock.today(cast.sunny)) == []
    cleaners.readmit("整改合格", by=he)
    assert [row.pk for row in Supplier.objects.list_for(cast.sunny, "chores", clock.today(cast.sunny))] == [cleaners.pk]


def test_quality_is_followed_up_at_an_interval(cast, cleaners):
    """VAS-10: due 90 days after the contract began or the last look; a review takes it off the list."""
    def due(day):
        return [row.pk for row in Supplier.objects.due_for_review(cast.sunny, day)]

    assert due(date(2026, 3, 10)) == [] and due(date(2026, 4, 2)) == [cleaners.pk]
    refused("incomplete", lambda: cleaners.review(6, "很好很好", by=cast.as_("he")))
    cleaners.review(4, "抽查三单，擦窗细致", on=date(2026, 4, 2), by=cast.as_("he"))
    assert due(date(2026, 4, 2)) == [] and due(date(2026, 7, 2)) == [cleaners.pk]


def test_a_contract_that_ends_is_told_once(cast, cleaners):
    """VAS-09: 30 days before its end; a renewal is told of again in its turn."""
    near = clock.now() + timedelta(days=270)
    assert [alarm.run_once(at, cast.sunny) for at in (clock.now(), near, near)] == [0, 1, 0]
    cleaners.contract(date(2027, 1, 1), date(2027, 12, 31), by=cast.as_("he"))
    assert [alarm.run_once(near + timedelta(days=days), cast.sunny) for days in (1, 365)] == [0, 1]


def test_a_steward_sees_a_suppliers_orders_of_the_own_zone(cast, cleaners, client):
    """VAS-09: the page of a supplier names no household of another zone."""
    order(cast).assign(supplier=cleaners, by=cast.as_("he"))
    there = reverse("services:supplier", args=["sunny", cleaners.pk])
    for who, found in (("ming", True), ("fang", False), ("he", True)):
        client.force_login(getattr(cast, who))
        assert ("3-1-501" in client.get(there).content.decode()) == found


def test_supplier_pages(cast, cleaners, client):
    """F-93: the desk keeps them, others do not; mistakes keep what was typed."""
    client.force_login(cast.he)
    there = reverse("services:supplier", args=["sunny", cleaners.pk])
    assert "可派单" in client.get(reverse("services:suppliers", args=["sunny"])).content.decode()
    answer = client.post(reverse("services:supplier_new", args=["sunny"]), {"name": "丙家政", "phone": "19900000114"})
    assert answer.status_code == 422 and "丙家政" in answer.content.decode()
    client.post(reverse("services:review", args=["sunny", cleaners.pk]), {"score": "5", "words": "客户满意，准时"})
    client.post(reverse("services:ban", args=["sunny", cleaners.pk]), {"why": "试一试黑名单"})
    page = client.get(there).content.decode()
    assert "客户满意，准时" in page and "在黑名单上" in page
    client.force_login(cast.zhou)
    assert client.get(there).status_code == 404

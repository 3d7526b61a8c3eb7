"""Spaces and their contracts: no double letting, billed by the monthly run by the day, renewed, ended, waited for (VAS-01, FEE-02)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from guanjia import clock
from guanjia.billing.models import BillLine, BillRun
from guanjia.lettings import alarm
from guanjia.lettings.models import Lease, Space, Waiting
from guanjia.lettings.paper import lease_pdf
from guanjia.notices.loop import run_once as tell
from guanjia.notices.models import Delivery
from guanjia.tenancy.errors import NotAllowed, Refused

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def refused(code, act):
    with pytest.raises(Refused) as caught, transaction.atomic():
        act()
    assert caught.value.code == code


@pytest.fixture
def space(cast):
    return Space.objects.keep(cast.sunny, "parking", "B1-008", Decimal(310), plan="P-17", where="地下一层 B 区", by=cast.as_("he"))


def let(cast, space, first=date(2026, 3, 12), last=date(2026, 6, 30), who="meis", **more):
    home = cast.home if who == "meis" else cast.home_west
    return Lease.objects.let(space, home, getattr(cast, who), first, last, more.pop("price", Decimal(310)), by=cast.as_("he"), **more)


def bill(cast, period):
    run = BillRun.objects.draft(cast.sunny, period, by=cast.as_("qian"))
    run.review(by=cast.as_("qian"))
    run.post(by=cast.as_("qian"))
    return list(BillLine.objects.filter(bill__run=run, fee__category="租赁合同").values_list("unit__code", "amount"))


def test_a_space_is_let_to_one_at_a_time(cast, space):
    """VAS-01: by the verb with a sentence, by the database for whoever races; terms may follow each other."""
    lease = let(cast, space, plate="川 a12345")
    assert lease.plate == "川A12345" and lease_pdf(lease)[:5] == b"%PDF-"
    for first, last in ((date(2026, 6, 30), date(2026, 9, 1)), (date(2026, 1, 1), date(2026, 3, 12)), (date(2026, 4, 1), date(2026, 4, 2))):
        refused("let", lambda first=first, last=last: let(cast, space, first, last, "lus"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Lease.objects.create(estate=cast.sunny, space=space, unit=cast.home_west, household=cast.lus, first=date(2026, 6, 30), last=date(2026, 7, 1), price=1, made_by=cast.he, made_at=clock.now())
    assert let(cast, space, date(2026, 7, 1), date(2026, 9, 1), "lus").pk
    refused("bad_term", lambda: let(cast, space, date(2026, 12, 1), date(2026, 11, 1)))
    refused("let", lambda: space.retire("改为充电桩", by=cast.as_("he")))
    with pytest.raises(NotAllowed):
        Lease.objects.let(space, cast.home, cast.meis, date(2027, 1, 1), date(2027, 2, 1), Decimal(1), by=cast.as_("zhou"))


def test_the_monthly_run_bills_it_by_the_day(cast, space):
    """FEE-02: 310 a month from 12 March is 20 of 31 days; a renewal's price holds from the day after the old term."""
    lease = let(cast, space, last=date(2026, 4, 15))
    assert bill(cast, MARCH) == [("3-1-501", Decimal("200.00"))]
    refused("bad_term", lambda: lease.renew(date(2026, 4, 15), Decimal(300), by=cast.as_("he")))
    lease.renew(date(2026, 12, 31), Decimal(360), by=cast.as_("he"))
    assert bill(cast, APRIL) == [("3-1-501", Decimal("335.00"))]  # 15 days at 310, 15 at 360


def test_what_was_agreed_for_days_after_an_end_counts_no_more(cast, space):
    """FEE-02: a dearer year is agreed, then given up before it begins; going on at another price bills that price on every day."""
    lease = let(cast, space, last=date(2026, 4, 30))
    lease.renew(date(2026, 12, 31), Decimal(600), by=cast.as_("he"))  # from 1 May
    lease.end(date(2026, 3, 31), "换车位", by=cast.as_("he"))
    lease.renew(date(2026, 12, 31), Decimal(310), by=cast.as_("he"))
    assert [bill(cast, date(2026, month, 1)) for month in (3, 4, 5)] == [[("3-1-501", Decimal(amount))] for amount in ("200.00", "310.00", "310.00")]


def test_going_on_at_the_price_that_was_given_up(cast, space):
    """FEE-02: the price that was agreed for later holds from the day after the term that ends, not from its old day."""
    lease = let(cast, space, last=date(2026, 4, 30))
    lease.renew(date(2026, 12, 31), Decimal(248), by=cast.as_("he"))  # from 1 May
    lease.end(date(2026, 3, 31), "换车位", by=cast.as_("he"))
    lease.renew(date(2026, 12, 31), Decimal(248), by=cast.as_("he"))
    bill(cast, MARCH)
    assert bill(cast, APRIL) == [("3-1-501", Decimal("248.00"))]


def test_what_is_retired_is_not_let_again_by_a_renewal(cast, space):
    """VAS-01: a contract that is over is not renewed on a space out of use; a page read before it was retired does not help."""
    lease = let(cast, space)
    with clock.at(clock.now() + timedelta(days=120)):
        stale = Space.objects.get(pk=space.pk)
        space.retire("改为充电桩", by=cast.as_("he"))
        refused("retired", lambda: lease.renew(date(2026, 12, 31), Decimal(310), by=cast.as_("he")))
        refused("retired", lambda: let(cast, stale, date(2026, 8, 1), date(2026, 12, 31)))


def test_odd_input_is_said_so(cast, space, client):
    """VAS-01: a space without an area is kept, and put right; a term at the end of all days is a mistake, not a crash."""
    client.force_login(cast.he)
    said = {"kind": "storage", "code": "c-9", "price": "120"}
    assert client.post(reverse("lettings:space_new", args=["sunny"]), said).status_code == 302
    assert client.post(reverse("lettings:details", args=["sunny", space.pk]), {"area": "0.00", "price": "320"}).status_code == 302
    assert Space.objects.get(code="C-9").area == 0 and Space.objects.get(pk=space.pk).price == 320
    there = reverse("lettings:letting", args=["sunny", space.pk])
    for first, last in (("9999-01-01", "9999-12-31"), ("2026-03-12", "9999-12-31")):
        assert client.post(there, {"room": "3-1-501", "first": first, "last": last, "price": "310"}).status_code == 409


def test_an_end_is_never_before_what_is_billed(cast, space):
    """FEE-02: a month that is billed stays; from the day after it nothing more is charged, and the space is free."""
    lease = let(cast, space)
    bill(cast, MARCH)
    refused("why_missing", lambda: lease.end(date(2026, 3, 31), "", by=cast.as_("he")))
    refused("billed", lambda: lease.end(date(2026, 3, 20), "换车位", by=cast.as_("he")))
    lease.end(date(2026, 3, 31), "换车位", by=cast.as_("he"))
    refused("nothing_to_bill", lambda: bill(cast, APRIL))
    assert list(Space.objects.at_estate(cast.sunny).free(APRIL, APRIL)) == [space]


def test_the_end_is_told_once_and_the_household_asks_to_go_on(cast, space):
    """VAS-01: 30 days before; the household asks once, the desk hears; others' contracts are not theirs."""
    lease = let(cast, space)
    near = clock.now() + timedelta(days=90)
    assert [alarm.run_once(at, cast.sunny) for at in (clock.now(), near, near)] == [0, 1, 0]
    with pytest.raises(NotAllowed):
        lease.ask_renewal(by=cast.as_("lu"))
    lease.ask_renewal(by=cast.as_("mei"))
    refused("already_asked", lambda: lease.ask_renewal(by=cast.as_("mei")))
    tell(near + timedelta(hours=1))
    titles = set(Delivery.objects.filter(person=cast.mei).values_list("title", flat=True))
    assert "{code} 的租期快到了" in titles and Delivery.objects.filter(person=cast.he, title="{where} 申请续租 {code}").exists()


def test_waiting(cast, space):
    """VAS-01: first come first served, once a household and kind; a contract ends the waiting."""
    first = Waiting.objects.join(cast.lus, cast.home_west, "parking", by=cast.as_("lu"))
    with clock.at(clock.now() + timedelta(hours=1)):
        second = Waiting.objects.join(cast.meis, cast.home, "parking", "要大车位", by=cast.as_("mei"))
    assert (first.place, second.place) == (1, 2)
    refused("already_waiting", lambda: Waiting.objects.join(cast.lus, cast.home_west, "parking", by=cast.as_("lu")))
    with pytest.raises(NotAllowed):
        Waiting.objects.join(cast.lus, cast.home_west, "storage", by=cast.as_("mei"))
    let(cast, space, who="lus")
    assert [row.pk for row in Waiting.objects.live()] == [second.pk] and second.place == 1


def test_pages_of_both_faces(cast, space, client):
    """VAS-01: the desk lets, the household reads its own; a mistake keeps what was typed."""
    def get(who, name, *args, more=""):
        client.force_login(getattr(cast, who))
        return client.get(reverse(f"lettings:{name}", args=["sunny", *args]) + more)

    assert "B1-008" in get("he", "spaces").content.decode()
    there = reverse("lettings:letting", args=["sunny", space.pk])
    said = {"room": "3-1-501", "first": "2026-03-12", "last": "2026-02-01", "price": "310", "plate": "川A1"}
    answer = client.post(there, said)
    assert answer.status_code == 409 and "川A1" in answer.content.decode()
    assert client.post(there, {**said, "last": "2026-06-30"}).status_code == 302
    lease = Lease.objects.get()
    assert [get(who, "mine_lease", lease.pk).status_code for who in ("mei", "lu", "he")] == [200, 404, 404]
    assert [get(who, "lease", lease.pk).status_code for who in ("he", "zhou", "mei")] == [200, 404, 404]
    assert "B1-008" in get("mei", "mine").content.decode() and "B1-008" not in get("lu", "mine").content.decode()
    client.force_login(cast.mei)
    client.post(reverse("lettings:wish", args=["sunny", lease.pk]))
    client.post(reverse("lettings:joining", args=["sunny"]), {"kind": "storage"})
    assert "第 1 位" in get("mei", "mine").content.decode()
    assert "申请续租" in get("he", "leases", more="?show=asked").content.decode()
    assert b"".join(get("he", "leases", more="?xlsx=1").streaming_content)[:2] == b"PK"
    assert get("mei", "paper", lease.pk).content[:5] == b"%PDF-" and get("lu", "paper", lease.pk).status_code == 404

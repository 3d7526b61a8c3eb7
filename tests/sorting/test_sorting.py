"""垃圾分类积分: confirmed on the spot, so many a day, never below nothing, gifts and turns once (CLN-09, CLN-10, CF-58)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.urls import reverse

from guanjia import clock
from guanjia.activities.finding import household_in
from guanjia.estates.models import Unit
from guanjia.households.models import Household, Occupancy
from guanjia.people.reach import reach_of
from guanjia.sorting.board import board
from guanjia.sorting.models import Gift, PointEntry, Purse, Turn
from guanjia.sorting.models.points import household_of, mark_of
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.scope import estate_scope
from tests.cast import ALWAYS, TUESDAY, build_cast

pytestmark = pytest.mark.django_db


def refused(code, act):
    with pytest.raises(Refused) as caught, transaction.atomic():
        act()
    assert caught.value.code == code


def there(name, *args):
    return reverse(f"sorting:{name}", args=["sunny", *args])


def test_a_sort_is_confirmed_by_another_so_often_a_day(cast):
    """CLN-10, CF-58: 1 point a correct sort, confirmed by a supervisor or a volunteer on duty, capped by day."""
    purse, ming, mei, lu = Purse.objects.of(cast.meis), cast.as_("ming"), cast.as_("mei"), cast.as_("lu")
    assert Purse.objects.of(cast.meis).pk == purse.pk
    with pytest.raises(NotAllowed):
        purse.sort(by=lu)  # no volunteer today
    Turn.objects.take(cast.lus, clock.today(cast.sunny), "am", by=lu)
    Turn.objects.take(cast.meis, clock.today(cast.sunny), "am", by=mei)
    with pytest.raises(NotAllowed):
        purse.sort(by=mei)  # never one's own
    purse.sort(by=lu)
    purse.sort(by=ming)
    refused("enough_today", lambda: purse.sort(by=ming))
    with clock.at(clock.now() + timedelta(days=1)):
        purse.sort(by=ming)
    purse.refresh_from_db()
    assert purse.points == 3 == sum(PointEntry.objects.values_list("points", flat=True))
    assert [(line.building, line.joined) for line in board(cast.sunny, clock.today(cast.sunny))] == [("3", 1)]


def test_gifts_and_a_ledger_that_is_only_added_to(cast):
    """CLN-10: 50 points at least; points and stock go down together; mistakes are set right by another entry."""
    by = cast.as_("he")
    refused("incomplete", lambda: Gift.objects.offer("垃圾袋", 49, 5, by=by))
    gift, purse = Gift.objects.offer("洗衣液", 60, 1, by=by), Purse.objects.of(cast.meis)
    refused("too_few", lambda: purse.redeem(gift, by=by))
    refused("incomplete", lambda: purse.correct(70, " ", by=by))
    purse.correct(70, "补记上月纸质记录", by=by)
    refused("too_few", lambda: purse.correct(-71, "记错", by=by))
    purse.redeem(gift, by=by)
    assert (purse.points, Gift.objects.get().stock) == (10, 0)
    purse.correct(90, "补记", by=by)
    refused("out_of_stock", lambda: purse.redeem(gift, by=by))
    gift.restock(3, by=by)
    with pytest.raises(NotAllowed):
        purse.redeem(gift, by=cast.as_("mei"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Purse.objects.update(points=-1)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        PointEntry.objects.all().delete()


def test_a_let_home_is_its_tenants(cast):
    """CLN-10: a room means who lives there, not the landlord; where both have sorted it is one home, never more than there are."""
    tenants = Household.objects.create(estate=cast.sunny, number="88", name="租户")
    Occupancy.objects.create(estate=cast.sunny, household=tenants, unit=cast.home, kind="tenant", during=ALWAYS)
    assert household_in(cast.sunny, "3-1-501") == tenants
    for home in (cast.meis, tenants):
        Purse.objects.of(home).sort(by=cast.as_("ming"))
    Unit.objects.filter(building=cast.b3).exclude(pk=cast.home.pk).update(state="vacant")
    assert board(cast.sunny, clock.today(cast.sunny)) == [("3", 1, 1)]


def test_turns_are_one_households(cast):
    """CLN-09: one household a zone, day and peak; given back before its day."""
    day = clock.today(cast.sunny) + timedelta(days=3)
    row = Turn.objects.take(cast.meis, day, "pm", by=cast.as_("mei"))
    assert Turn.objects.take(cast.meis, day, "pm", by=cast.as_("mei")) == row
    refused("taken", lambda: Turn.objects.take(cast.lus, day, "pm", by=cast.as_("ming"), zone=cast.east))
    refused("bad_day", lambda: Turn.objects.take(cast.meis, day - timedelta(days=9), "pm", by=cast.as_("mei")))
    with pytest.raises(NotAllowed):
        row.give_back(by=cast.as_("lu"))
    with clock.at(clock.now() + timedelta(days=3)):
        refused("too_late", lambda: row.give_back(by=cast.as_("mei")))
    row.give_back(by=cast.as_("mei"))
    assert not Turn.objects.exists()


def test_the_pages(cast, client):
    """CLN-10: scanned or typed; a forged code is said so; odd input is no mistake of ours."""
    client.force_login(cast.ming)
    mark = mark_of(cast.meis)
    assert household_of(mark, cast.sunny) == cast.meis and household_of(mark, cast.lake) is None
    assert "这个住户码无效" in client.get(there("scan", "1-1.x")).content.decode()
    assert "分得正确，记一次" in client.get(there("scan", mark)).content.decode()
    client.post(there("scan", mark))
    client.post(there("recording"), {"room": "3-1-501"})
    for name, said in (("recording", {"room": "99"}), ("recording", {}), ("turns", {"room": "3-1-501", "day": "x", "slot": "am"}), ("turns", {"turn": "x"})):
        assert client.post(there(name), said).status_code in (302, 404)
    assert PointEntry.objects.count() == 2 and "梅女士" in client.get(there("desk")).content.decode()
    client.force_login(cast.zhou)
    assert client.post(there("stocking"), {"title": "x", "points": "60", "stock": "1"}).status_code == 404
    client.force_login(cast.he)
    client.post(there("stocking"), {"title": "洗衣液", "points": "60", "stock": "2"})
    client.post(there("stocking"), {"gift": Gift.objects.get().pk, "stock": "-1"})
    client.post(there("correcting"), {"room": "3-1-501", "points": "-x", "words": "x"})
    assert "积分不够" in client.post(there("redeeming"), {"room": "3-1-501", "gift": Gift.objects.get().pk}, follow=True).content.decode()
    assert client.get(there("desk") + "?xlsx=1").status_code == 200
    client.force_login(cast.mei)
    page = client.get(there("mine")).content.decode()
    assert "2 分" in page and "洗衣液" in page
    assert "由督导员扫码" in client.get(there("scan", mark)).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_counters_at_once():
    """CLN-10: of 60 points one gift of 60 goes out, not two; the last one of the stock to one household."""
    with clock.at(TUESDAY):
        world = build_cast()
        with estate_scope(world.sunny):
            by = reach_of(world.he, world.sunny)
            gift, purse = Gift.objects.offer("洗衣液", 60, 5, by=by), Purse.objects.of(world.meis)
            purse.correct(60, "补记", by=by)
        gate = Barrier(2)

        def one(_n):
            try:
                with clock.at(TUESDAY), estate_scope(world.sunny):
                    mine = Purse.objects.get(pk=purse.pk)
                    gate.wait(20)
                    mine.redeem(gift, by=by)
                    return "done"
            except Refused as refused_one:
                return refused_one.code
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(one, range(2))) == ["done", "too_few"]
        with estate_scope(world.sunny):
            assert (Purse.objects.get().points, Gift.objects.get().stock) == (0, 4)

"""Goods that come and go: slots, releases, the gate (MOV-04, F-41)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.urls import reverse

from guanjia import clock
from guanjia.households.models import Household, Occupancy
from guanjia.moves.models import Move
from guanjia.people.reach import reach_of
from guanjia.rulebooks.models import Parameter
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.scope import estate_scope
from tests.cast import TUESDAY, build_cast

TODAY = date(2026, 3, 10)


def refused(code, act):
    with pytest.raises(Refused) as caught, transaction.atomic():
        act()
    assert caught.value.code == code


def book(cast, who="mei", **more):
    home, household = (cast.home_west, cast.lus) if who == "lu" else (cast.home, cast.meis)
    said = {"direction": "out", "day": TODAY, "slot": "morning", "goods": "沙发、冰箱", **more}
    return Move.objects.book(home, household, by=cast.as_(who), **said)


def test_a_slot_takes_so_many_and_a_home_one_a_day(cast):
    """MOV-04: full is said; a place that was called off is free again; nobody books for another's home or for yesterday."""
    Parameter.objects.set("moves.capacity", 1, by=cast.as_("qian"), reason="一个装卸位", estate=cast.sunny)
    row = book(cast)
    refused("already_booked", lambda: book(cast, slot="afternoon"))
    refused("full", lambda: book(cast, "lu"))
    assert Move.objects.free(cast.sunny, TODAY, clock.now()) == {"morning": 0, "afternoon": 1, "evening": 1}
    row.cancel("改期", by=cast.as_("mei"))
    book(cast, "lu")
    refused("bad_day", lambda: book(cast, day=TODAY - timedelta(days=1)))
    refused("incomplete", lambda: book(cast, slot="midnight"))
    for who in ("lu", "fang"):
        with pytest.raises(NotAllowed):
            Move.objects.book(cast.home, cast.meis, "in", TODAY, "evening", "沙发", by=cast.as_(who))


def test_the_lift_of_an_entrance_is_one_homes(cast):
    """MOV-04: neighbours of an entrance share its lift: one a slot, though the loading bay has room."""
    new = Household.objects.create(estate=cast.sunny, number="7", name="新住户")
    Occupancy.objects.create(estate=cast.sunny, household=new, unit=cast.home_next, during=(TODAY, None))
    book(cast)
    refused("lift_taken", lambda: Move.objects.book(cast.home_next, new, "in", TODAY, "morning", "沙发", by=cast.as_("he")))
    assert Move.objects.book(cast.home_next, new, "in", TODAY, "afternoon", "沙发", by=cast.as_("he")).pk


def test_goods_are_released_by_the_desk_and_read_once_at_the_gate(cast, client):
    """MOV-04: not before the owner's word; forged, unreleased, of another day, used twice: each its own answer; the guard's page finds it by digits."""
    row = book(cast)
    there = reverse("moves:release_slip", args=["sunny", row.mark])
    client.force_login(cast.zheng)
    assert "前台还没有放行" in client.get(there).content.decode()
    refused("owner_missing", lambda: row.release(by=cast.as_("he")))
    for who in ("mei", "fang"):
        with pytest.raises(NotAllowed):
            row.release(by=cast.as_(who), owner_agrees=True)
    row.release(by=cast.as_("he"), owner_agrees=True)
    assert "不是本小区开的" in client.get(reverse("moves:release_slip", args=["sunny", row.mark[:-2] + "xx"])).content.decode()
    with clock.at(TUESDAY + timedelta(days=1)):
        assert "不是今天的放行条" in client.get(there).content.decode()
    found = client.get(reverse("gate:scan", args=["sunny"]) + f"?mark={row.code}")
    assert found.status_code == 302 and "可以放行" in client.get(found["Location"]).content.decode()
    assert client.post(reverse("moves:passage", args=["sunny", row.mark])).status_code == 302
    assert "放行条已经用过" in client.get(there).content.decode()
    refused("not_through", lambda: Move.objects.get(pk=row.pk).let_through(by=cast.as_("zheng")))
    refused("already_done", lambda: Move.objects.get(pk=row.pk).cancel(by=cast.as_("mei")))
    assert Move.objects.of_mark(row.mark, cast.lake) is None


def test_pages(cast, client):
    """A refused booking keeps what was typed; others' moves are not there; the slip is printed."""
    client.force_login(cast.mei)
    there, said = reverse("moves:book_move", args=["sunny"]), {"room": "3-1-501", "direction": "out", "slot": "morning", "goods": "钢琴一台"}
    answer = client.post(there, {**said, "day": "2026-03-01"})
    assert answer.status_code == 422 and "钢琴一台" in answer.content.decode()
    assert client.post(there, {**said, "day": "2026-03-10"}).status_code == 302
    row = Move.objects.get()
    row.release(by=cast.as_("he"), owner_agrees=True)
    assert "<svg" in client.get(reverse("moves:mine_move", args=["sunny", row.pk])).content.decode()
    assert client.get(reverse("moves:slip_paper", args=["sunny", row.pk])).content[:5] == b"%PDF-"
    for who in ("lu", "fang"):
        client.force_login(getattr(cast, who))
        assert client.get(reverse("moves:mine_move" if who == "lu" else "moves:move", args=["sunny", row.pk])).status_code == 404
    client.force_login(cast.he)
    assert "钢琴一台" in client.get(reverse("moves:moves", args=["sunny"]) + "?day=2026-03-10").content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_last_place_is_given_once():
    """MOV-04: two homes race for the last place of a slot: one has it, the other is told."""
    with clock.at(TUESDAY):
        world = build_cast()
        with estate_scope(world.sunny):
            Parameter.objects.set("moves.capacity", 1, by=None, reason="一个装卸位", estate=world.sunny)
            he = reach_of(world.he, world.sunny)
        gate = Barrier(2)

        def take(pair):
            try:
                with clock.at(TUESDAY), estate_scope(world.sunny):
                    gate.wait(20)
                    return Move.objects.book(*pair, "in", TODAY, "morning", "沙发", by=he)
            except Refused as slip:
                return slip
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            came = list(pool.map(take, [(world.home, world.meis), (world.home_west, world.lus)]))
        assert sorted(isinstance(each, Refused) for each in came) == [False, True]

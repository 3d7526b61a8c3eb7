"""Two households want the last place at once: one has it, the other is told or waits (COM-32)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from guanjia import clock
from guanjia.activities.models import Activity, SignUp
from guanjia.people.reach import reach_of
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope
from tests.cast import TUESDAY, build_cast

pytestmark = pytest.mark.django_db(transaction=True)
PLAN = {"title": "接待日", "words": "聊聊供暖", "place": "大堂", "theme": "elders", "places": 1, "budget": Decimal(0)}


def test_two_want_the_last_place():
    """One place: one household has it and one is told `full`; with patience one has it and one waits."""
    with clock.at(TUESDAY):
        world = build_cast()
        with estate_scope(world.sunny):
            ming, zhao = reach_of(world.ming, world.sunny), reach_of(world.zhao, world.sunny)
            begins = clock.now() + timedelta(hours=29)
            rows = [Activity.objects.plan("culture", by=ming, begins_at=begins, ends_at=begins + timedelta(hours=2), **PLAN) for _n in range(2)]
            for row in rows:
                row.send_in(by=ming)
                row.judge_it(True, by=zhao)
            guests = [(world.meis, reach_of(world.mei, world.sunny)), (world.lus, reach_of(world.lu, world.sunny))]
        for row, wait, wanted in ((rows[0], False, ["full", "has it"]), (rows[1], True, ["has it", "waits"])):
            assert sorted(_both(world, row, guests, wait)) == wanted
            with estate_scope(world.sunny):
                assert SignUp.objects.filter(activity=row, waiting=False).count() == 1


def _both(world, row, guests, wait):
    gate = Barrier(2)

    def one(guest):
        household, by = guest
        try:
            with clock.at(TUESDAY), estate_scope(world.sunny):
                mine = Activity.objects.get(pk=row.pk)
                gate.wait(20)
                return "waits" if mine.enter(household, by=by, wait=wait).waiting else "has it"
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, guests))

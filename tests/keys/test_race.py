"""Two desks lend one key at once: one does, the other is told (KEY-01 exclusion: one borrower a key)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from guanjia import clock
from guanjia.keys.models import Key, Loan
from guanjia.people.reach import reach_of
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope
from tests.cast import TUESDAY, build_cast

from .conftest import PNG


@pytest.mark.django_db(transaction=True)
def test_one_key_is_lent_once():
    with clock.at(TUESDAY):
        world = build_cast()
        with estate_scope(world.sunny):
            he = reach_of(world.he, world.sunny)
            key = Key.objects.register("GG-001", "spare", "天台", "前台柜", by=he)
        gate = Barrier(2)

        def lend(name):
            try:
                with clock.at(TUESDAY), estate_scope(world.sunny):
                    row = Key.objects.get(pk=key.pk)
                    gate.wait(20)
                    return row.lend("查漏", name=name, signature=PNG, by=he)
            except Refused as refused:
                return refused
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            came = list(pool.map(lend, ["甲", "乙"]))
        assert sorted(isinstance(each, Refused) for each in came) == [False, True]
        with estate_scope(world.sunny):
            assert Loan.objects.open().count() == 1

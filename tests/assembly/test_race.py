"""A unit's ballot from the phone and from paper at the same moment: one counts, the other is told (issue 7)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from guanjia import clock
from guanjia.assembly.models import Assembly, Ballot, Choice
from guanjia.people.reach import reach_of
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope
from tests.cast import TUESDAY, build_cast
from tests.duties.doing import photo

pytestmark = pytest.mark.django_db(transaction=True)


def test_phone_and_paper_at_once(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    with clock.at(TUESDAY):
        world = build_cast()
        with estate_scope(world.sunny):
            qian, now = reach_of(world.qian, world.sunny), clock.now()
            row = Assembly.objects.draft("表决", [{"title": "更换电梯", "matter": "fund_use"}], now, now + timedelta(days=1), by=qian)
            row.announce(by=qian)
            topic = row.topics.get().pk
            ways = [(reach_of(world.mei, world.sunny), "yes", None), (reach_of(world.he, world.sunny), "no", photo())]
    gate = Barrier(2)

    def one(way):
        by, said, picture = way
        try:
            with clock.at(TUESDAY), estate_scope(world.sunny):
                mine = Assembly.objects.get(pk=row.pk)
                gate.wait(20)
                mine.vote(world.home, {topic: said}, by=by, photo=picture)
                return "given"
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, ways)) == ["given", "voted"]
    with estate_scope(world.sunny):
        assert (Ballot.objects.count(), Choice.objects.count()) == (1, 1)

"""Two tabs submit at once: one answer counts, the other is told (COM-27); the closing waits for nobody twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from guanjia import clock
from guanjia.people.reach import reach_of
from guanjia.surveys.models import Envelope, Invitation, Poll, Response
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope
from tests.cast import TUESDAY, build_cast
from tests.surveys.making import GOOD, homes

pytestmark = pytest.mark.django_db(transaction=True)


def both(world, act):
    """Run `act` twice at once, each in its own connection; what each came to."""
    gate = Barrier(2)

    def one(n):
        try:
            with clock.at(TUESDAY), estate_scope(world.sunny):
                gate.wait(20)
                return act(n)
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, range(2)))


def test_two_tabs_and_two_closings(world):
    poll, by = world.poll, world.mei_reach
    came = both(world, lambda _n: Invitation.objects.select_related("poll__version", "poll__estate").get(poll=poll, household=world.meis).answer(GOOD, by=by))
    with estate_scope(world.sunny):
        assert [isinstance(one, Refused) for one in sorted(came, key=str)].count(True) == 1
        assert Envelope.objects.count() == 1
    _answer_the_others(world)
    both(world, lambda _n: Poll.objects.get(pk=poll.pk).close(by=world.zhao_reach))
    with estate_scope(world.sunny), connection.cursor() as cursor:
        assert (Response.objects.count(), Envelope.objects.count()) == (7, 0)
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM surveys_response")
        assert cursor.fetchone()[0] == 1  # all of one transaction, which no mark was written in
        cursor.execute("SELECT count(*) FROM surveys_invitation i JOIN surveys_response r ON r.xmin::text = i.xmin::text")
        assert cursor.fetchone()[0] == 0


def _answer_the_others(world):
    for row in list(world.others):
        with clock.at(TUESDAY), estate_scope(world.sunny):
            Invitation.objects.select_related("poll__version", "poll__estate").get(poll=world.poll, household=row).answer(GOOD, by=world.he_reach, way="phone")


@pytest.fixture
def world():
    with clock.at(TUESDAY):
        made = build_cast()
        with estate_scope(made.sunny):
            made.as_ = lambda name: reach_of(getattr(made, name), made.sunny)
            made.others = [*homes(made, east=5), made.lus]
            made.mei_reach, made.zhao_reach, made.he_reach = (made.as_(name) for name in ("mei", "zhao", "he"))
            made.poll = Poll.objects.draft(made.sunny, "annual", by=made.zhao_reach, draw="census")
            made.poll.publish(by=made.zhao_reach)
        yield made

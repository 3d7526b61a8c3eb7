"""Two at once: one tier at a time, one planned visit, one standing consent (issue 4 proof: exclusion constraints by racing transactions)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from guanjia import clock
from guanjia.care.models import Tiering, Visit
from guanjia.households.models import Consent, Household, Member
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope
from tests.cast import TUESDAY, build_cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world():
    from guanjia.people.reach import reach_of

    with clock.at(TUESDAY):
        made = build_cast()
        with estate_scope(made.sunny):
            made.ming_reach = reach_of(made.ming, made.sunny)
        yield made


def both(world, act):
    """Run `act` twice at once, each in its own connection; what each came to."""
    gate = Barrier(2)

    def one(_n):
        try:
            with clock.at(TUESDAY), estate_scope(world.sunny):
                household = Household.objects.get(number="1")
                gate.wait(20)
                return act(household)
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, range(2)))


def test_two_people_decide_a_tier_at_once(world):
    both(world, lambda home: Tiering.objects.decide(home, "core", "同时调整", by=world.ming_reach))
    with estate_scope(world.sunny):
        assert Tiering.objects.present().filter(household__number="1").count() == 1


def test_two_people_plan_a_visit_at_once(world):
    both(world, lambda home: Visit.objects.plan(home, clock.today(world.sunny), by=world.ming_reach))
    with estate_scope(world.sunny):
        assert Visit.objects.open().count() == 1


def test_consent_given_twice_at_once_stands_once(world):
    both(
        world,
        lambda home: Consent.objects.give(
            Member.objects.get(household=home, name="梅女士"), "health", "paper", by=world.ming_reach
        ),
    )
    with estate_scope(world.sunny):
        assert Consent.objects.standing().count() == 1

"""Tiers: rules by priority, thresholds as parameters, a person's override, the scopes of duties (HSE-04..07, HSE-19, CF-37)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from guanjia import clock
from guanjia.care.models import KeyCustomer, Tiering
from guanjia.care.retiering import retier
from guanjia.care.tiers import tiers_book
from guanjia.duties.generation import _subjects
from guanjia.households.models import Consent, Household, Member, Need, Occupancy, Pet
from guanjia.rulebooks.models import Parameter
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tickets.models import Ticket
from tests.cast import ALWAYS

pytestmark = pytest.mark.django_db


def tier(household):
    household.refresh_from_db()
    return household.tier, household.is_vulnerable


def present(household):
    return Tiering.objects.present().get(household=household)


def tiered(cast, **later):
    return retier(cast.sunny, clock.now() + timedelta(**later))


def test_a_household_nobody_hears_of_is_potential_and_says_why(cast):
    """HSE-08: the silent majority; the row keeps the number and the bound that decided."""
    assert tiered(cast) == 2
    assert tier(cast.meis) == ("potential", False)
    assert present(cast.meis).facts == {"fact": "signs", "count": 0, "bound": 0}


def test_one_report_makes_it_regular_many_make_it_core(cast):
    """HSE-04: activity and demand; the threshold is a parameter."""
    Ticket.objects.report(
        by=cast.as_("mei"), estate=cast.sunny, words="漏水", unit=cast.home, household_id=cast.meis.pk
    )
    tiered(cast)
    assert tier(cast.meis) == ("regular", False)
    Parameter.objects.set("tier.core_tickets", 1, estate=cast.sunny, reason="试行", by=None)
    tiered(cast, minutes=1)
    assert tier(cast.meis) == ("core", False)
    assert present(cast.meis).rule == "many_tickets"


def test_an_elder_alone_who_also_has_several_units_is_decided_by_the_first_rule(cast):
    """CF-37: a household may fit two rules; priority decides, and HSE-19 marks it for service at the door."""
    Member.objects.filter(household=cast.meis).exclude(name="梅女士").update(left_on=clock.today(cast.sunny))
    Member.objects.filter(name="梅女士").update(born_year=1945)
    Occupancy.objects.create(estate=cast.sunny, household=cast.meis, unit=cast.home_next, during=ALWAYS)
    tiered(cast)
    assert tier(cast.meis) == ("core", True)
    assert present(cast.meis).rule == "elder_alone"
    Member.objects.filter(name="梅女士").update(born_year=None)  # an unknown age makes nobody old
    tiered(cast, minutes=1)
    assert tier(cast.meis) == ("core", False)
    assert present(cast.meis).rule == "several_units"


def test_running_again_changes_nothing(cast):
    tiered(cast)
    assert tiered(cast, hours=1) == 0
    assert Tiering.objects.count() == 2


def test_a_person_decides_otherwise_with_a_reason_until_a_day(cast):
    """CF-37: manual override; the rules return when it ends."""
    tiered(cast)
    today = clock.today(cast.sunny)
    with pytest.raises(Refused):
        Tiering.objects.decide(cast.meis, "core", "", by=cast.as_("ming"), at=clock.now() + timedelta(minutes=1))
    Tiering.objects.decide(
        cast.meis, "core", "老人刚出院", by=cast.as_("ming"), until=today, at=clock.now() + timedelta(minutes=1)
    )
    assert tier(cast.meis)[0] == "core"
    assert tiered(cast, hours=1) == 0
    assert tiered(cast, days=1) == 1
    assert tier(cast.meis)[0] == "potential"
    assert [row.tier for row in Tiering.objects.filter(household=cast.meis).order_by("during")] == [
        "potential",
        "core",
        "potential",
    ]


def test_given_back_the_rules_decide_at_once(cast):
    tiered(cast)
    row = Tiering.objects.decide(cast.meis, "core", "重要", by=cast.as_("ming"), at=clock.now() + timedelta(minutes=1))
    row.give_back(by=cast.as_("ming"), at=clock.now() + timedelta(minutes=2))
    assert tier(cast.meis)[0] == "potential"
    with pytest.raises(Refused):
        present(cast.meis).give_back(by=cast.as_("ming"))


def test_who_may_not_decide_is_refused(cast):
    with pytest.raises(NotAllowed):
        Tiering.objects.decide(cast.meis, "core", "试试", by=cast.as_("zhou"))


def test_health_needs_and_key_customers_are_core(cast):
    """HSE-19, HSE-20."""
    mei = Member.objects.get(name="梅女士")
    Consent.objects.give(mei, "health", "paper", by=cast.as_("ming"))
    Need.objects.add(cast.meis, "mobility", "轮椅", by=cast.as_("ming"), member=mei)
    KeyCustomer.objects.put_down(cast.lus, "多次投诉", "每周联系", by=cast.as_("zhao"))
    tiered(cast)
    assert tier(cast.meis) == ("core", True)
    assert tier(cast.lus) == ("core", False)


def test_each_scope_of_a_duty_finds_its_households(cast):
    """HSE-05..07, HSE-19, FEE: household:core, potential, vulnerable, arrears, all from one row of each household."""
    from django.db import connection

    Household.objects.filter(pk=cast.meis.pk).update(tier="core", is_vulnerable=True, in_arrears=True)
    Household.objects.filter(pk=cast.lus.pk).update(tier="regular")
    with connection.cursor() as cursor:
        cursor.execute(_subjects({"household"}), {"estate": cast.sunny.pk, "today": clock.today(cast.sunny)})
        sorts = {row[3]: row[1].split() for row in cursor.fetchall()}
    assert sorts == {cast.meis.pk: ["core", "vulnerable", "arrears"], cast.lus.pk: ["regular"]}


def test_every_rule_can_be_reached():
    """The book ends with a rule for everybody and names only facts that are counted."""
    rules = tiers_book().rules
    assert next(reversed(rules.values())).fact == "always"
    assert {rule.tier for rule in rules.values()} == {"core", "regular", "potential"}
    assert {rule.criterion for rule in rules.values()} == {"activity", "demand", "sensitivity"}


def test_a_pet_and_a_member_are_written_down(cast):
    """HSE-02: family structure: who lives here, what animals."""
    Pet(estate=cast.sunny, household=cast.meis, kind="dog", name="豆豆").keep(by=cast.as_("ming"))
    Member.objects.join(cast.meis, "梅小宝", "family", by=cast.as_("ming"), born_year=2019)
    assert cast.meis.pets.live().count() == 1
    assert cast.meis.members.get(name="梅小宝").number == "1-1"

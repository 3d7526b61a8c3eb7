"""Money rules on facts: bonus, penalty for the last, star, failures (INC-03, INC-04, INC-05, INC-07, CF-45, CF-46, CF-76)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from guanjia.incentives.rules import (
    PersonFacts,
    Share,
    Terms,
    ZoneFacts,
    earns,
    failures,
    last_below,
    of_zones,
    results,
    stars,
)

TERMS = Terms(Decimal(95), Decimal(90), Decimal(500), Decimal(200))


def share(part, whole):
    return Share(Decimal(part), Decimal(whole))


def zone(number, collected=96, satisfied=92, complaints=0, of=100):
    return ZoneFacts(number, share(collected, of), share(satisfied, of), complaints)


shares = st.builds(lambda whole, part: share(min(part, whole), whole), st.integers(0, 40), st.integers(0, 40))
zones = st.lists(st.tuples(shares, shares, st.integers(0, 2)), max_size=5).map(
    lambda rows: [ZoneFacts(n, *row) for n, row in enumerate(rows, 1)]
)
terms = st.builds(
    Terms, st.integers(0, 100).map(Decimal), st.integers(0, 100).map(Decimal), st.none() | st.integers(0, 900).map(Decimal),
    st.none() | st.integers(0, 900).map(Decimal), st.sampled_from(["nobody", "all", "satisfaction"]),
)  # fmt: skip


def rate(one):
    return Fraction(int(one.part), int(one.whole)) if one.whole else None


@settings(max_examples=300)
@given(terms, zones)
def test_bonus_and_penalty_by_the_words_of_the_source(rule, facts):
    """INC-03: both on target and no valid complaint. INC-04: last *and* below target. CF-45: ties by the rule."""
    found = of_zones(rule, facts)
    rewarded = {one.zone for one in found if one.kind == "zone_bonus"}
    fined = {one.zone for one in found if one.kind == "zone_penalty"}
    on_target = {one.zone for one in facts if one.collection.whole and rate(one.collection) * 100 >= rule.collection_target}
    assert rewarded == {one.zone for one in facts if one.zone in on_target and one.satisfaction.whole and rate(one.satisfaction) * 100 >= rule.satisfaction_target and not one.complaints}
    assert not fined & on_target
    known = [one for one in facts if one.collection.whole]
    least = min((rate(one.collection) for one in known), default=None)
    last = {one.zone for one in known if rate(one.collection) == least} - on_target
    assert fined <= last
    if len(known) < 2:
        assert not fined
    elif len(last) == 1 or rule.tie == "all":
        assert fined == last
    elif rule.tie == "nobody":
        assert not fined
    assert {one.amount for one in found if one.kind == "zone_bonus"} <= {rule.bonus or 0}
    assert all(one.amount == -(rule.penalty or 0) for one in found if one.kind == "zone_penalty")
    assert all(bool(one.inputs.get("missing")) == ((rule.bonus if one.kind == "zone_bonus" else rule.penalty) is None) for one in found)


@given(terms)
def test_a_rule_is_kept_and_read_as_it_was(rule):
    assert Terms.read(rule.told()) == rule


def test_exactly_at_target_is_on_target():
    """INC-03: 95 of 95 per cent earns; a fen less does not."""
    assert earns(TERMS, zone(1, 95, 90))
    assert not earns(TERMS, ZoneFacts(1, share("94.99", 100), share(90, 100), 0))


def test_no_data_earns_and_costs_nothing():
    """A zone that nobody has rated, or that was charged nothing, is neither good nor bad."""
    assert not earns(TERMS, ZoneFacts(1, share(96, 100), Share(), 0))
    assert not earns(TERMS, ZoneFacts(1, Share(), share(96, 100), 0))
    assert last_below(TERMS, [ZoneFacts(1, Share(), Share(), 3), zone(2, 50)]) == []


def test_one_valid_complaint_costs_the_bonus():
    """CF-46: no valid complaint, not few."""
    assert not earns(TERMS, zone(1, complaints=1))


def test_last_but_on_target_is_safe_and_the_only_zone_is_not_last():
    """INC-04: both conditions together; among one nobody is last."""
    assert last_below(TERMS, [zone(1, 95), zone(2, 99)]) == []
    assert last_below(TERMS, [zone(1, 10)]) == []
    assert [one.zone for one in last_below(TERMS, [zone(1, 90), zone(2, 91)])] == [1]


def test_a_tie_for_the_last_place():
    """CF-45: nobody, everybody, or whose people are less satisfied; still level, nobody."""
    from dataclasses import replace

    level = [zone(1, 90, 80), zone(2, 90, 85), zone(3, 97)]
    assert last_below(TERMS, level) == []
    assert len(last_below(replace(TERMS, tie="all"), level)) == 2
    assert [one.zone for one in last_below(replace(TERMS, tie="satisfaction"), level)] == [1]
    assert last_below(replace(TERMS, tie="satisfaction"), [zone(1, 90, 80), zone(2, 90, 80)]) == []


def test_an_amount_that_is_not_set_is_said_and_is_nought():
    """CF-76: the sources leave both amounts blank; nothing is paid until the company sets them."""
    bare = Terms(Decimal(95), Decimal(90), None, None)
    found = of_zones(bare, [zone(1), zone(2, 50)])
    assert [(one.kind, one.amount, one.inputs["missing"]) for one in found] == [("zone_bonus", 0, True), ("zone_penalty", 0, True)]


def test_star_of_the_month():
    """INC-05: the best mean mark; then praise, then tasks in time; who is level to the end shares it."""
    rule = Terms(Decimal(95), Decimal(90), None, None, star=Decimal(200))
    a = PersonFacts(1, marks=share(180, 2), praises=1)
    assert [one.person for one in stars(rule, [a, PersonFacts(2, marks=share(85, 1), praises=9)])] == [1]
    assert [one.person for one in stars(rule, [a, PersonFacts(3, marks=share(90, 1), praises=2)])] == [3]
    assert [one.person for one in stars(rule, [a, PersonFacts(4, marks=share(90, 1), praises=1, tasks=share(9, 10))])] == [4]
    assert len(stars(rule, [a, PersonFacts(5, marks=share(90, 1), praises=1)])) == 2
    assert stars(rule, [PersonFacts(6, praises=3)]) == []


def test_failures_cost_by_the_case_and_may_cost_nothing():
    """INC-07: so much a judged case; at nought it is a word on file."""
    rule = Terms(Decimal(95), Decimal(90), None, None, support=Decimal(50))
    people = [PersonFacts(1, failures=2), PersonFacts(2)]
    assert [(one.person, one.amount) for one in failures(rule, people)] == [(1, Decimal(-100))]
    assert [one.amount for one in results(Terms(Decimal(95), Decimal(90), None, None), [], people)] == [0]

"""Sampling, intervals, small groups: properties of the arithmetic (COM-28, QLT-57, HSE-14, CF-60)."""

from __future__ import annotations

from math import isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanjia.surveys.measuring import measured, wilson
from guanjia.surveys.sampling import RESERVE, drawn, shares
from guanjia.surveys.small import hidden

SIZES = st.dictionaries(st.integers(1, 30), st.integers(0, 400), min_size=1, max_size=12)
MARKS = st.dictionaries(st.integers(1, 5), st.integers(0, 200), min_size=1)


@given(SIZES, st.integers(0, 900))
def test_shares_add_up_and_are_in_proportion(sizes, wanted):
    """COM-28: a stratum gives its part, within one, and never more than it has."""
    found = shares(sizes, wanted)
    total = sum(sizes.values())
    assert sum(found.values()) == min(wanted, total)
    for key, count in found.items():
        assert 0 <= count <= sizes[key]
        assert not total or abs(count - sizes[key] * min(wanted, total) / total) < 1


@given(st.dictionaries(st.integers(1, 6), st.sets(st.integers(1, 10**6), max_size=20), min_size=1), st.integers(0, 60), st.integers(0, 2**31), st.booleans())
@settings(max_examples=60)
def test_a_draw_can_be_drawn_again(strata, wanted, seed, by_stratum):
    """Issue 6 line 5: the seed is kept; whatever order people are listed in, the draw is the same and takes nobody twice."""
    used: set[int] = set()
    strata = {key: [one for one in sorted(some) if one not in used and not used.add(one)] for key, some in strata.items()}
    once = drawn(strata, wanted, seed, by_stratum=by_stratum)
    again = drawn({key: list(reversed(some)) for key, some in reversed(strata.items())}, wanted, seed, by_stratum=by_stratum)
    everybody = [one for some in strata.values() for one in some]
    assert once == again
    assert len({one for one, _is in once}) == len(once) and {one for one, _is in once} <= set(everybody)
    assert sum(is_drawn for _one, is_drawn in once) == min(wanted, len(everybody))


def test_every_stratum_has_its_reserve():
    """COM-28: who is out of reach is replaced within the stratum, in the last one as in the first."""
    strata = {zone: list(range(zone * 1000, zone * 1000 + 150)) for zone in range(1, 9)}
    order = drawn(strata, 160, 7, by_stratum=True)
    for some in strata.values():
        assert sum(one in some and is_drawn for one, is_drawn in order) == 20
        assert sum(one in some and not is_drawn for one, is_drawn in order) == 20 * RESERVE


@given(st.integers(1, 500), st.data())
def test_wilson_holds_the_share_and_narrows_with_the_population(whole, data):
    part = data.draw(st.integers(0, whole))
    low, high = wilson(part, whole)
    near = wilson(part, whole, whole + 50)
    assert 0 <= low <= part / whole <= high <= 1
    assert low <= near[0] + 1e-9 and near[1] <= high + 1e-9  # the correction never widens
    assert wilson(part, whole, whole) == (part / whole, part / whole)  # everybody asked leaves nothing open


def test_wilson_as_the_books_have_it():
    """Brown, Cai and DasGupta's textbook case: 4 of 20 gives 8.1 % to 41.6 %."""
    low, high = wilson(4, 20)
    assert isclose(low, 0.0807, abs_tol=5e-4) and isclose(high, 0.4160, abs_tol=5e-4)


@given(MARKS, st.sampled_from(["share", "mean20"]), st.integers(0, 3000))
def test_what_is_measured_lies_within_its_interval(marks, way, more):
    found = measured(marks, way, sum(marks.values()) + more if more else 0)
    if not sum(marks.values()):
        assert found.value is None
        return
    assert found.value is not None and 0 <= found.value <= 100
    if not more:
        assert found.low is None  # a census has no interval
    elif found.low is not None and found.high is not None:
        assert found.low - 1e-9 <= found.value <= found.high + 1e-9


def test_both_ways_of_counting():
    """CF-60, QLT-57: share of 4–5, or the mean mark times twenty."""
    marks = {5: 3, 4: 1, 2: 1}
    assert measured(marks, "share").words == "4 ÷ 5 = 80.0%"
    assert measured(marks, "mean20").words == "21 ÷ 5 × 20 = 84.0"


@given(SIZES, st.integers(1, 10))
def test_small_groups_are_never_told_alone(counts, k):
    """HSE-14: what is put together is nobody, at least k answers, or everything there is; the others are large enough."""
    found = hidden(counts, k)
    mixed = sum(counts[key] for key in found)
    shown = {key: count for key, count in counts.items() if key not in found and count}
    assert all(count >= k for count in shown.values())
    assert not found or mixed >= k or not shown


@pytest.mark.parametrize("counts,together", [({1: 9, 2: 9}, set()), ({1: 3, 2: 9, 3: 7}, {1, 3}), ({1: 3, 2: 2, 3: 9}, {1, 2}), ({1: 2}, {1}), ({1: 0, 2: 9}, set())])
def test_which_groups_are_put_together(counts, together):
    assert hidden(counts, 5) == together

"""The arithmetic of scores: between 0 and 100, sum of items, weights, rounding, bands without gap (QLT-21, CF-27, CF-30, CF-31)."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanjia.quality.rubric_book import RubricsBook, rubrics_book
from guanjia.quality.scoring import HUNDRED, Bands, Got, bands, mean, must_total, sheet, weighted
from guanjia.rulebooks.book import FOLDER, RulebookError, read
from guanjia.tenancy.errors import Refused

tenths = st.integers(0, 1000).map(lambda n: Decimal(n) / 10)
points = st.integers(1, 200).map(lambda n: Decimal(n) / 10)
items = st.lists(st.builds(Got, points, tenths, st.booleans()), min_size=1, max_size=25)
few = settings(max_examples=60)


@few
@given(items)
def test_a_sheet_is_the_sum_of_its_items_between_nought_and_a_hundred(rows):
    """CF-30: an item stops at nought; what does not apply leaves score and full mark alike."""
    counted = [row for row in rows if not row.na]
    if not counted:
        with pytest.raises(Refused):
            sheet(rows)
        return
    found = sheet(rows)
    assert found.full == sum(row.points for row in counted)
    assert found.got == sum(max(Decimal(0), row.points - row.deducted) for row in counted)
    assert 0 <= found.percent <= HUNDRED
    assert all(0 <= row.score <= row.points for row in counted)
    if not any(row.deducted for row in counted):
        assert found.percent == HUNDRED


@few
@given(st.lists(st.tuples(st.integers(0, 60), tenths.map(lambda n: n % 101)), min_size=1, max_size=6))
def test_weights_make_a_hundred_or_nothing(parts):
    """CF-31, QLT-27: any other sum is an error, never a silent rescaling; a whole lies between its parts."""
    weights = [Decimal(weight) for weight, _score in parts]
    if sum(weights) != 100:
        with pytest.raises(Refused):
            weighted([(Decimal(weight), score) for weight, score in parts])
        parts = [(HUNDRED, parts[0][1])]
    found = weighted([(Decimal(weight), score) for weight, score in parts])
    counted = [score for weight, score in parts if weight]
    assert min(counted) - Decimal("0.01") <= found <= max(counted) + Decimal("0.01")


def test_a_weight_below_nought_is_refused():
    with pytest.raises(Refused):
        must_total([Decimal(150), Decimal(-50)], "权重")
    with pytest.raises(Refused):
        mean([])


@few
@given(st.integers(0, 10000).map(lambda n: Decimal(n) / 100), st.sampled_from(["down", "half_up", "exact"]))
def test_every_score_has_one_band(score, rule):
    """CF-27: no score falls between two bands, and a higher score is never in a lower band."""
    found = bands("79", (Decimal(80), Decimal(90)), (Decimal(91), Decimal(100)), rule)
    order = ["fail", "good", "excellent"]
    assert found.band(score) in order
    assert order.index(found.band(score)) <= order.index(found.band(min(HUNDRED, score + Decimal("0.01"))))


@pytest.mark.parametrize(
    ("rule", "score", "band"),
    [
        ("down", "79.99", "fail"), ("down", "80", "good"), ("down", "90.5", "good"), ("down", "91", "excellent"),
        ("half_up", "79.5", "good"), ("half_up", "79.49", "fail"), ("half_up", "90.5", "excellent"),
        ("exact", "79", "fail"), ("exact", "79.1", "good"), ("exact", "90", "good"), ("exact", "90.5", "excellent"),
    ],
)  # fmt: skip
def test_what_a_fraction_counts_as(rule, score, band):
    """QLT-21, CF-27: ≤ 79 fail, 80–90 good, 91–100 excellent; 90.5 depends on the rule that is shown."""
    assert Bands(Decimal(79), Decimal(90), rule).band(Decimal(score)) == band


def test_bands_that_leave_a_gap_are_refused():
    with pytest.raises(Refused):
        bands("78", (Decimal(80), Decimal(90)), (Decimal(91), Decimal(100)), "down")
    with pytest.raises(Refused):
        bands("79", (Decimal(80), Decimal(90)), (Decimal(91), Decimal(99)), "down")


def test_the_rubrics_of_the_source():
    """QLT-27..53: 19 items of customer service, the seventh of equipment without points, each with check points in two languages."""
    book = rubrics_book()
    service, equipment = book.rubrics["customer_service"], book.rubrics["equipment"]
    assert (len(service.items), len(equipment.items)) == (19, 7)
    assert [key for key, item in equipment.items.items() if not item.points] == ["EQ07"]
    rows = {row for rubric in book.rubrics.values() for item in rubric.items.values() for row in item.rows}
    assert rows == {f"QLT-{n}" for n in range(28, 54)}
    assert all(set(item.checks) == set(item.checks_en) for rubric in book.rubrics.values() for item in rubric.items.values())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("deduct: $rubric.deduct_b", "deduct: two", "rubrics.yaml:"), ("category: internal", "category: nowhere", "no such category"),
     ("group: site, by: rubric}", "group: nowhere, by: rubric}", "no such group"), ("posts: [deputy_manager]", "posts: [nobody]", "no such post")],
)  # fmt: skip
def test_a_slip_in_the_file_names_its_line(tmp_path, old, new, said):
    """QLT-54: rubrics are data that is checked: file and line of what is wrong."""
    text = (FOLDER / "rubrics.yaml").read_text(encoding="utf-8")
    assert old in text
    line = text[: text.index(old)].count("\n") + 1
    (tmp_path / "rubrics.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulebookError) as slip:
        read("rubrics.yaml", RubricsBook, tmp_path)
    assert said in str(slip.value) and f"rubrics.yaml:{line}" in str(slip.value)

"""The page of collection says what the transfers say: rates, groups, ages, the year's curve (FEE-20, INC-01, issue 6)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from guanjia.billing.arrears import ageing, arrears, rates
from guanjia.people.models import Post

from .again import ages, fill, grouped, lines, per_cent

MONTH_ENDS = [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]
STEWARDS = {"东区": "李明", "西区": "王芳"}
KEYS = {
    "all": lambda line: "", "zone": lambda line: line.unit.zone.name, "building": lambda line: line.unit.building.number, "fee": lambda line: line.fee.name,
    "steward": lambda line: STEWARDS[line.unit.zone.name],
}  # fmt: skip


@pytest.mark.parametrize("seed", range(2))
def test_rates_and_ages_equal_the_transfers(cast, books, seed):
    """FEE-20: by every grouping, at the year's edges, with money given back, waived and reversed."""
    fill(books, seed)
    for on in (date(2025, 12, 31), date(2026, 1, 1), *MONTH_ENDS, date(2026, 4, 1)):
        known = lines(on)
        for by, key in KEYS.items():
            assert {row.key: (row.charged, row.paid, row.opening, row.paid_since) for row in rates(cast.sunny, on, by)} == grouped(on, key, known), (on, by)
        assert {age: (payers, owed) for age, payers, owed in ageing(cast.sunny, on)} == ages(on, known)
        assert {row.line_id: row.owed for row in arrears(cast.sunny, on)} == {one.line.pk: one.owed for one in known if one.owed}


def test_the_page_says_the_same(client, cast, books):
    """The page's four numbers, its curve, its ages and its ladder, each from the transfers."""
    fill(books)
    client.force_login(cast.qian)
    on = MONTH_ENDS[-1]
    page = client.get(f"/e/sunny/billing/collection/?by=building&on={on}").context
    charged, paid, opening, since = grouped(on)[""]
    whole = page["whole"]
    assert (whole.current, whole.previous, whole.total) == (per_cent(paid, charged), per_cent(since, opening), per_cent(paid + since, charged + opening))
    assert whole.owed == sum(one.owed for one in lines(on)) > 0
    curve = []
    for day in MONTH_ENDS:
        charged, paid, opening, since = grouped(day)[""]
        curve.append(float(per_cent(paid + since, charged + opening)))
    assert page["curve"]["series"][0]["values"] == curve
    said = ages(on)
    assert [(row["payers"], row["owed"]) for row in page["ages"]] == [said.get(age, (0, 0)) for age in range(5)]
    one = page["ladder"]
    beyond = one.rate - one.threshold
    assert one.rate == whole.total and one.grades == (int(beyond // one.step) * one.each if beyond >= 0 else 0)


def test_a_steward_has_what_was_theirs_on_the_day(cast, books):
    """FEE-20: who answered for the zone then."""
    fill(books)
    day = MONTH_ENDS[0]
    Post.objects.filter(person=cast.ming, role="steward").update(during=(date(2020, 1, 1), day + timedelta(days=1)))
    assert {row.key for row in rates(cast.sunny, day, "steward")} == set(STEWARDS.values())
    assert {row.key: row.charged for row in rates(cast.sunny, day + timedelta(days=1), "steward")}.keys() == {"", "王芳"}

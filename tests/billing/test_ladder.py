"""The salary ladder and the figures beside it (INC-01, INC-02, FEE-20)."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanjia import clock
from guanjia.billing.arrears import rates
from guanjia.billing.ladder import Ladder, ladder
from guanjia.billing.models import BillLine
from guanjia.people.models import Post
from guanjia.rulebooks.parameters import supposing


def at(rate, first=False):
    return Ladder(Decimal(rate), Decimal(85), Decimal(5), 2, first)


@pytest.mark.parametrize(
    ("rate", "grades", "next_at"),
    [("84.9", 0, 90), ("85", 0, 90), ("89.9", 0, 90), ("90", 2, 95), ("97", 4, 100), ("100", 6, None)],
)
def test_each_further_step(rate, grades, next_at):
    """INC-01: 85 itself is worth nothing, each 5 points beyond it two grades."""
    assert (at(rate).grades, at(rate).next_at) == (grades, next_at)


def test_the_threshold_itself_may_be_the_first_step():
    """CF-43: the other reading."""
    assert [at(rate, True).grades for rate in ("84.9", "85", "90")] == [0, 2, 4] and at("80", True).next_at == 85


@given(st.decimals(0, 100, places=1), st.decimals(0, 100, places=1), st.booleans())
def test_who_collects_more_never_earns_less(one, other, first):
    """INC-01: grades only rise with the rate, and the next step is above it."""
    low, high = at(min(one, other), first), at(max(one, other), first)
    assert low.grades <= high.grades and (high.next_at is None or high.next_at > high.rate)


def test_the_company_sets_its_numbers(cast):
    """INC-01: threshold, step and grades are parameters."""
    now = clock.now()
    with supposing(cast.sunny, "kpi.ladder_grades", 3, now):
        assert ladder(cast.sunny, Decimal(96), now).grades == 6


def charts(page):
    return [json.loads(found) for found in re.findall(r"<script[^>]*application/json[^>]*>(.*?)</script>", page)]


def test_the_page_draws_the_target_and_the_ladder(client, cast, books):
    """FEE-20, INC-01: both charts carry the target's line; the ladder shows its numbers."""
    books.fee()
    books.post()
    for line in BillLine.objects.all():
        books.pay(line, line.amount, date(2026, 3, 20))
    client.force_login(cast.qian)
    page = client.get("/e/sunny/billing/collection/?by=steward&on=2026-03-31").content.decode()
    drawn = [data for data in charts(page) if data.get("targetWords")]
    assert len(drawn) == 2 and all(data["series"][0]["target"] == 95 and data["targetWords"] for data in drawn)
    assert "李明" in drawn[1]["names"] and "薪酬阶梯" in page and "3 次 × 2 级 = 6 级" in page


def test_by_steward_of_the_day(cast, books):
    """FEE-20: who answered for the zone on the day has its figures, not who does today."""
    books.fee()
    books.post()
    by_name = {row.key: row.charged for row in rates(cast.sunny, date(2026, 3, 31), "steward")}
    whole = rates(cast.sunny, date(2026, 3, 31))[0].charged
    assert "李明" in by_name and sum(by_name.values()) == whole
    Post.objects.filter(person=cast.ming, role="steward").update(during=(date(2020, 1, 1), date(2026, 4, 1)))
    assert "李明" in {row.key for row in rates(cast.sunny, date(2026, 3, 31), "steward")}
    assert "李明" not in {row.key for row in rates(cast.sunny, date(2026, 4, 1), "steward")}

"""欠费原因分析: by the last word of who still owes, counted once more in plain Python (FEE-16, F-90)."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from guanjia import clock
from guanjia.collection.models import Chase, Payer
from guanjia.collection.reasons import by_reason
from tests.billing.again import lines


def at(day):
    return clock.at(datetime(2026, 3, day, 2, tzinfo=UTC))


@pytest.fixture
def spoken(cast, counter):
    """梅 said two things, 陆 one; 陆 paid a part."""
    west = Payer.of(cast.sunny, cast.lus.pk)
    for day, payer, who, reason in ((10, counter.payer, "ming", "forgot"), (18, counter.payer, "ming", "hardship"), (20, west, "fang", "forgot")):
        with at(day):
            Chase.objects.record(payer, contact="phone", reason=reason, words="谈过", by=cast.as_(who))
    with at(21):
        counter.open()
        counter.take("100", payer=west)
    return counter


def again(on, zone=None):
    owed, last = defaultdict(Decimal), {}
    for one in lines(on):
        if one.line.bill.household_id and zone in (None, one.line.unit.zone_id):
            owed[one.line.bill.household_id] += one.owed
    for row in sorted(Chase.objects.all(), key=lambda row: (row.at, row.pk)):
        if row.on <= on:
            last[row.household_id] = row.reason
    found = defaultdict(lambda: [0, Decimal(0)])
    for household, amount in owed.items():
        if amount > 0:
            found[last.get(household, "")][0] += 1
            found[last.get(household, "")][1] += amount
    return {reason: tuple(said) for reason, said in found.items()}


@pytest.mark.parametrize("day", [9, 10, 17, 18, 20, 21, 31])
def test_reasons_equal_the_rows(cast, spoken, day):
    on = date(2026, 3, day)
    for who, zone in (("qian", None), ("ming", cast.east.pk), ("fang", cast.west.pk)):
        found = {row.reason: (row.households, row.owed) for row in by_reason(cast.as_(who), on)}
        assert found == again(on, zone) and found


def test_a_steward_reads_the_own_zone(client, cast, spoken):
    """FEE-16: what another zone owes is neither counted as not spoken to nor summed up."""
    client.force_login(cast.ming)
    with at(31):
        page = client.get("/e/sunny/money/reasons/").content.decode()
    (row,) = by_reason(cast.as_("ming"), date(2026, 3, 31))
    assert (row.reason, row.owed) == ("hardship", Decimal("237.18")) and "237.18" in page and "还没有联系" not in page

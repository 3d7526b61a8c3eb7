"""The optional yearly settlement of prepaid operating costs (FEE-28, CF-77)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanjia.billing.checks import findings
from guanjia.billing.models import Bill, Transfer
from guanjia.billing.models.settling import spread
from guanjia.rulebooks.parameters import supposing
from guanjia.tenancy.errors import NotAllowed, Refused

from .conftest import AT


@given(
    st.integers(1, 10**9),
    st.dictionaries(st.integers(1, 99), st.decimals("0.01", 9999, places=2), min_size=1, max_size=9),
)
def test_no_cent_is_lost(cents, areas):
    """FEE-28: the shares add up to the cost, each within a cent of its exact part."""
    cost = Decimal(cents) / 100
    shares = spread(cost, areas)
    whole = sum(areas.values())
    assert sum(shares.values()) == cost
    assert all(abs(shares[key] - cost * areas[key] / whole) < Decimal("0.01") for key in areas)


def test_off_unless_the_company_says_on(books, cast):
    """CF-77: foreign law is no company rule."""
    with pytest.raises(Refused, match="没有启用"):
        books.fee().settle_year(2025, Decimal(100), by=cast.as_("finance"), at=AT)


def test_a_year_is_settled_once(books, cast):
    """FEE-28: who prepaid too little is charged, who prepaid too much has it ahead; a vacant unit's share is its owner's."""
    fee = books.fee()
    books.post(date(2025, 12, 1))
    [first, *_rest] = fee.year_shares(2025, Decimal("711.54"))
    assert abs(first.rest) < Decimal("0.02")
    with supposing(cast.sunny, "billing.settlement", "on", AT):
        with pytest.raises(NotAllowed):
            fee.settle_year(2025, Decimal("600.00"), by=cast.as_("cash"), at=AT)
        with pytest.raises(Refused, match="年度结束"):
            fee.settle_year(2026, Decimal("600.00"), by=cast.as_("finance"), at=AT)
        shares = fee.settle_year(2025, Decimal("600.00"), by=cast.as_("finance"), at=AT)
        with pytest.raises(Refused, match="结算过"):
            fee.settle_year(2025, Decimal("600.00"), by=cast.as_("finance"), at=AT)
    assert sum(one.cost for one in shares) == 600 and all(one.rest < 0 for one in shares)
    back = Transfer.objects.filter(credit__code="2203")
    assert sum(row.amount for row in back) == Decimal("111.54")
    assert {row.credit.household_id for row in back} >= {None, cast.meis.pk}  # the unsold one's is the developer's
    assert not list(findings(cast.sunny))


def test_what_was_prepaid_too_little_is_charged(books, cast):
    """FEE-28: a bill of its own for each owner, which the next run leaves alone."""
    fee = books.fee()
    books.post(date(2025, 12, 1))
    with supposing(cast.sunny, "billing.settlement", "on", AT):
        shares = fee.settle_year(2025, Decimal("1000.00"), by=cast.as_("finance"), at=AT)
    bills = Bill.objects.filter(run__isnull=True)
    assert sum(bill.amount for bill in bills) == Decimal("288.46") == sum(one.rest for one in shares)
    assert not list(findings(cast.sunny)) and books.post(date(2026, 3, 1)).lines == 3

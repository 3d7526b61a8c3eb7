"""The optional yearly settlement of prepaid operating costs (FEE-28, CF-77)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanjia.billing.checks import findings
from guanjia.billing.models import Bill, Transfer
from guanjia.billing.reckoning.years import CUT
from guanjia.estates.models import Unit
from guanjia.rulebooks.parameters import supposing
from guanjia.tenancy.errors import NotAllowed, Refused

from .conftest import AT


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(1, 10**9),
    st.lists(st.decimals("0.01", 9999, places=2), min_size=1, max_size=9),
)
def test_no_cent_is_lost(db, cents, areas):
    """FEE-28: the shares add up to the cost, each within a cent of its exact part, the largest remainders first."""
    homes = " UNION ALL ".join(f"SELECT {n} AS unit_id, {area}::numeric AS area" for n, area in enumerate(areas))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT unit_id, part FROM ({CUT.format(homes=homes)}) s ORDER BY unit_id", {"cents": cents})
        shares = [int(share) for _unit, share in cursor.fetchall()]
    exact = [Fraction(cents) * Fraction(area) / Fraction(sum(areas)) for area in areas]
    assert sum(shares) == cents and all(abs(share - part) < 1 for share, part in zip(shares, exact, strict=True))
    spare = [(part % 1, -n) for n, part in enumerate(exact)]
    raised = {n for n, share in enumerate(shares) if share > exact[n] // 1}
    assert raised == {-n for _rest, n in sorted(spare, reverse=True)[: len(raised)]}


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
        shares = list(fee.settle_year(2025, Decimal("600.00"), by=cast.as_("finance"), at=AT).shares.all())
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
        shares = fee.settle_year(2025, Decimal("1000.00"), by=cast.as_("finance"), at=AT).shares.all()
    bills = Bill.objects.filter(run__isnull=True)
    assert sum(bill.amount for bill in bills) == Decimal("288.46") == sum(one.rest for one in shares)
    assert not list(findings(cast.sunny)) and books.post(date(2026, 3, 1)).lines == 3


def test_a_year_settled_on_the_page(client, books, cast):
    """FEE-28: worked out, settled by a job, told home by home as page, Excel and paper; owners see their own only."""
    from guanjia.billing.models import SettledShare
    from tests.billing.test_pages import done

    fee = books.fee()
    books.post(date(2025, 12, 1))
    Unit.objects.filter(pk=cast.home.pk).update(state="vacant")
    client.force_login(cast.finance)
    asked = {"fee": fee.pk, "year": 2025, "cost": "600.00"}
    assert "没有启用" in client.get("/e/sunny/billing/settlement/").content.decode()
    assert not client.post("/e/sunny/billing/settlement/", asked).headers.get("Location") and not SettledShare.objects.exists()
    with supposing(cast.sunny, "billing.settlement", "on", AT):
        page = client.get("/e/sunny/billing/settlement/", asked).content.decode()
        assert "200.00" in page and "37.18" in page and "按此结算" in page
        assert client.post("/e/sunny/billing/settlement/", asked).status_code == 302
        assert done("year_settlement")["shares"] == 3
    mine = SettledShare.objects.get(unit=cast.home)
    assert mine.vacant and mine.household_id == cast.meis.pk and mine.back == Decimal("37.18")
    assert "空置" in client.get(f"/e/sunny/billing/settlement/{mine.settlement_id}/").content.decode()
    assert client.get(f"/e/sunny/billing/settlement/{mine.settlement_id}/settlement.xlsx").status_code == 200
    client.force_login(cast.mei)
    assert "结算单" in client.get("/e/sunny/billing/mine/").content.decode()
    assert "600.00 元 × 本户 89.5" in client.get(f"/e/sunny/billing/settlement/shares/{mine.pk}/").content.decode()
    assert client.get(f"/e/sunny/billing/settlement/shares/{mine.pk}/pdf/").content[:5] == b"%PDF-"
    other = SettledShare.objects.exclude(household=cast.meis).first()
    assert client.get(f"/e/sunny/billing/settlement/shares/{other.pk}/").status_code == 404

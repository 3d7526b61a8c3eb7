"""The improvement fund and the year's budget beside the books (QLT-58, CF-59, FIN-08, FIN-12)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from guanjia import clock
from guanjia.billing.books import trial_balance
from guanjia.billing.budgeting import budget_lines
from guanjia.billing.checks import findings
from guanjia.billing.models import Budget, Entry, FundUse
from guanjia.events.models import Event
from guanjia.rulebooks.models import Parameter
from guanjia.tenancy.errors import NotAllowed, Refused

from .conftest import MARCH


def fund_balance(cast):
    return {line.code: line.closing for line in trial_balance(cast.sunny, MARCH)}.get("2711", Decimal(0))


def test_the_fund_is_set_aside_once_a_year(books, cast):
    """QLT-58: 50,000 yuan a year, a parameter; asked twice, booked once."""
    first = FundUse.objects.grant(cast.sunny, by=cast.as_("qian"))
    assert FundUse.objects.grant(cast.sunny, by=cast.as_("qian")).pk == first.pk
    assert FundUse.objects.left(cast.sunny) == Decimal("50000.00") == -fund_balance(cast)
    assert Event.objects.filter(action="fund.granted").count() == 1 and not list(findings(cast.sunny))


def test_spending_is_asked_by_one_and_paid_by_another(books, cast):
    """CF-59: nobody approves their own; what is not there is not spent; a refusal says why."""
    FundUse.objects.grant(cast.sunny)
    use = FundUse.objects.ask(cast.sunny, Decimal("1200.00"), "游乐场地垫", by=cast.as_("qian"))
    assert FundUse.objects.left(cast.sunny) == 50_000
    with pytest.raises(Refused, match="别人审批"):
        use.decide(True, by=cast.as_("qian"))
    with pytest.raises(NotAllowed):
        use.decide(True, by=cast.as_("cash"))
    use.decide(True, by=cast.as_("finance"))
    assert FundUse.objects.left(cast.sunny) == Decimal("48800.00") == -fund_balance(cast)
    with pytest.raises(Refused, match="审批过"):
        use.decide(False, by=cast.as_("finance"), words="不")
    with pytest.raises(Refused, match="余额不足"):
        FundUse.objects.ask(cast.sunny, Decimal("48800.01"), "充电桩", by=cast.as_("ming"))


def test_a_years_spending_is_what_was_paid_in_it(client, books, cast):
    """QLT-58: asked for in December and paid on New Year's morning, it is of the year it was paid in."""
    begun = datetime(2026, 12, 20, 2, tzinfo=UTC)
    with clock.at(begun):
        FundUse.objects.grant(cast.sunny)
        use = FundUse.objects.ask(cast.sunny, Decimal("1234.00"), "充电桩", by=cast.as_("ming"))
    client.force_login(cast.qian)
    with clock.at(datetime(2026, 12, 31, 23, tzinfo=UTC)):  # seven in the morning of the first of January
        use.decide(True, by=cast.as_("finance"))
        assert FundUse.objects.used(cast.sunny, 2027) == 1234 and not FundUse.objects.used(cast.sunny, 2026)
        assert client.get("/e/sunny/billing/fund/").context["used"] == 1234


def test_two_requests_never_overdraw(books, cast):
    """QLT-58: each fits alone, both do not: the second is refused when it is judged."""
    FundUse.objects.grant(cast.sunny)
    one, other = (FundUse.objects.ask(cast.sunny, Decimal(30_000), "充电桩", by=cast.as_("ming")) for _ in range(2))
    one.decide(True, by=cast.as_("qian"))
    with pytest.raises(Refused, match="余额不足"):
        other.decide(True, by=cast.as_("qian"))
    assert FundUse.objects.left(cast.sunny) == 20_000 and FundUse.objects.get(pk=other.pk).state == "asked"


def test_budget_beside_the_books(books, cast):
    """FIN-08, FIN-12: a group's actual is what its accounts moved in the year; who spends too much is seen."""
    books.fee()
    run = books.post()
    FundUse.objects.grant(cast.sunny)
    amounts = {"service": Decimal("1000.00"), "running": Decimal("40000.00")}
    assert Budget.objects.set_to(cast.sunny, 2026, amounts, by=cast.as_("finance")) == 2
    assert Budget.objects.set_to(cast.sunny, 2026, amounts, by=cast.as_("finance")) == 0
    lines = {line.group: line for line in budget_lines(cast.sunny, 2026)}
    assert (lines["service"].actual, lines["service"].rest) == (run.total, 1000 - run.total)
    assert lines["running"].actual == 50_000 and lines["running"].over and lines["running"].done == 125
    assert all(line.actual == 0 for line in budget_lines(cast.sunny, 2025))
    with pytest.raises(NotAllowed):
        Budget.objects.set_to(cast.sunny, 2026, amounts, by=cast.as_("cash"))
    with pytest.raises(Refused):
        Budget.objects.set_to(cast.sunny, 2026, {"service": Decimal(-1)})


def test_the_pages(client, cast, books):
    """QLT-58, FIN-12: set aside, ask, agree; plan, read, take along as Excel."""
    client.force_login(cast.qian)
    client.post("/e/sunny/billing/fund/grant/")
    client.post("/e/sunny/billing/fund/", {"amount": "99.00", "why": "绿植"})
    [use] = FundUse.objects.all()
    client.force_login(cast.finance)
    assert "绿植" in client.get("/e/sunny/billing/fund/").content.decode()
    client.post(f"/e/sunny/billing/fund/{use.pk}/verdict/", {"approved": "yes"})
    assert "49,901.00" in client.get("/e/sunny/billing/fund/").content.decode()
    client.post("/e/sunny/billing/budget/?year=2026", {"running": "60000"})
    page = client.get("/e/sunny/billing/budget/?year=2026").content.decode()
    assert "60,000.00" in page and "83.3%" in page
    file = client.get("/e/sunny/billing/budget/budget.xlsx?year=2026")
    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(file.streaming_content))).get_sheet_by_index(0).to_python()
    assert next(row for row in rows if row[0] == "管理费用")[2:5] == [60000, 50000, 10000]
    assert client.post("/e/sunny/billing/fund/", {"amount": "", "why": "x"}).status_code == 422
    assert Entry.objects.filter(key__startswith="fund").count() == 2 and date(2026, 3, 1) == MARCH
    assert not Parameter.objects.filter(key="fund.annual").exists()

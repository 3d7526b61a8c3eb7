"""Every billing page, by the people who use it; with and without content."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from guanjia.billing.models import Bill, BillRun, Discount, Meter, Period
from guanjia.jobs.models import Job
from guanjia.jobs.registry import work_of

from .conftest import MARCH


def done(kind):
    """What the worker does with the last job of a kind, without its bar."""
    job = Job.objects.filter(kind=kind).order_by("-pk").first()
    return work_of(kind)(job, lambda *_bar: None)


@pytest.fixture
def full(books, cast):
    """A month with everything in it."""
    books.fee()
    water = books.fee("5", "水费", units=[cast.home], basis="metered", meter_kind="water", proration="none")
    books.tariff(water, date(2025, 1, 1), "阶梯(用量)", tiers=[["10", "2"], [None, "3"]])
    meter = Meter.objects.create(estate=cast.sunny, unit=cast.home, kind="water", number="W1")
    meter.read(Decimal(12), period=MARCH)
    Discount.objects.ask(
        cast.home, Decimal(5), MARCH, date(2026, 6, 1), kind="vacancy", why="空置", by=cast.as_("ming")
    )
    books.post(date(2026, 2, 1))
    books.post()
    return books


@pytest.mark.parametrize("path", ["", "fees/", "fees/new/", "meters/", "meters/?show=all", "costs/", "discounts/", "bills/", "bills/?q=501", "collection/", "collection/?by=fee&on=2026-04-01",
                                  "collection/?on=x", "ledger/", "ledger/journal.xlsx", "ledger/journal.csv", "?period=2026-13"])  # fmt: skip
@pytest.mark.parametrize("filled", [True, False])
def test_pages_open(client, cast, books, request, path, filled):
    """Issue 5: the month, fees, meters, shares, discounts, bills, rates, the books: full and empty."""
    if filled:
        request.getfixturevalue("full")
    client.force_login(cast.qian)
    answer = client.get(f"/e/sunny/billing/{path}")
    assert answer.status_code == 200
    if answer.headers["Content-Type"].startswith("text/html"):
        assert "<h1" in answer.content.decode()


def test_a_month_by_its_pages(client, cast, books):
    """FEE-03, FEE-21: draft → review → post → statements → reverse, each a click; the work is a job."""
    books.fee()
    client.force_login(cast.qian)
    client.post("/e/sunny/billing/runs/", {"period": "2026-03"})
    assert "正在计算" in client.get("/e/sunny/billing/?period=2026-03").content.decode()
    done("bill_draft")
    run = BillRun.objects.get()
    page = client.get(f"/e/sunny/billing/runs/{run.pk}/").content.decode()
    assert "711.54" in page and "复核无误" in page
    client.post(f"/e/sunny/billing/runs/{run.pk}/review/")
    client.post(f"/e/sunny/billing/runs/{run.pk}/posting/")
    assert done("bill_post")["lines"] == 3
    client.post(f"/e/sunny/billing/runs/{run.pk}/issue/")
    assert Bill.objects.filter(run__issued_at__isnull=False).count() == 3
    page = client.get(f"/e/sunny/billing/runs/{run.pk}/").content.decode()
    assert "发对账单" not in page and "已发出" in page
    client.post(f"/e/sunny/billing/runs/{run.pk}/reversal/", {"why": "单价错了"})
    run.refresh_from_db()
    assert run.state == "reversed"


def test_a_price_with_its_example(client, cast, full):
    """Issue 5: a worked example beside the box, an error at its character; a saved price is a version."""
    from guanjia.billing.models import Fee

    fee = Fee.objects.get(name="物业服务费")
    client.force_login(cast.finance)
    page = client.get(f"/e/sunny/billing/fees/{fee.pk}/").content.decode()
    assert "89.5 × 2.65" in page and "237.18" in page
    part = client.get("/e/sunny/billing/fees/formula/", {"fee": fee.pk, "expression": "面积 × 单阶"}).content.decode()
    assert "第 6 个字" in part and "<mark>" in part
    said = {"starts_on": "2026-04-01", "expression": "面积 × 单价", "price": "3", "reason": "业主大会"}
    assert client.post(f"/e/sunny/billing/fees/{fee.pk}/price/", said | {"expression": "面积 ×"}).status_code == 422
    assert client.post(f"/e/sunny/billing/fees/{fee.pk}/price/", said | {"starts_on": "2026-03-05"}).status_code == 422
    assert client.post(f"/e/sunny/billing/fees/{fee.pk}/price/", said).status_code == 302 and fee.tariffs.count() == 2


def test_a_reading_on_the_phone(client, cast, full):
    """A steward reads in their zone, and finds nothing of another."""
    meter = Meter.objects.get()
    client.force_login(cast.ming)
    assert client.get(f"/e/sunny/billing/meters/{meter.pk}/?period=2026-04").status_code == 200
    client.post(f"/e/sunny/billing/meters/{meter.pk}/?period=2026-04", {"value": "20"})
    assert meter.readings.get(period=date(2026, 4, 1)).usage == 8
    assert client.post(f"/e/sunny/billing/meters/{meter.pk}/?period=2026-05", {"value": "x"}).status_code == 422
    client.force_login(cast.fang)
    assert client.get(f"/e/sunny/billing/meters/{meter.pk}/").status_code == 404


def test_a_statement_explains_each_line_to_its_household_alone(client, cast, full):
    """FEE-03, FEE-22: formula and figures of each line, on the page and on paper; another household finds nothing."""
    bill = Bill.objects.get(unit=cast.home, period=MARCH)
    client.force_login(cast.mei)
    page = client.get(f"/e/sunny/billing/bills/{bill.pk}/").content.decode()
    assert "89.5 × 2.65" in page and "＋ 0" not in page and "10 × 2 ＋ 2 × 3" in page
    assert (
        "263.18" in client.get("/e/sunny/billing/mine/").content.decode()
        or "501.36" in client.get("/e/sunny/billing/mine/").content.decode()
    )
    paper = client.get(f"/e/sunny/billing/bills/{bill.pk}/pdf/")
    assert paper.status_code == 200 and paper.content.startswith(b"%PDF")
    client.force_login(cast.lu)
    assert client.get(f"/e/sunny/billing/bills/{bill.pk}/").status_code == 404


def test_the_journal_balances_in_its_file(client, cast, full):
    """FIN-04: the CSV's debits are its credits (docs/journal.md)."""
    import csv
    import io

    client.force_login(cast.finance)
    answer = client.get("/e/sunny/billing/ledger/journal.csv?period=2026-03")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert (
        rows and sum(Decimal(row["debit"] or 0) for row in rows) == sum(Decimal(row["credit"] or 0) for row in rows) > 0
    )
    assert {row["account"] for row in rows} == {"1122", "6001.01", "6001.06"} and rows[0]["unit"]


def test_closing_on_the_page_takes_two_to_undo(client, cast, full):
    """FIN-04."""
    client.force_login(cast.finance)
    client.post("/e/sunny/billing/ledger/close/", {"period": "2026-02"})
    assert Period.objects.get(month=date(2026, 2, 1)).closed
    client.post("/e/sunny/billing/ledger/reopening/", {"period": "2026-02", "why": "漏记"})
    client.post("/e/sunny/billing/ledger/reopening/agreement/", {"period": "2026-02"})
    assert Period.objects.get(month=date(2026, 2, 1)).closed
    client.force_login(cast.qian)
    client.post("/e/sunny/billing/ledger/reopening/agreement/", {"period": "2026-02"})
    assert not Period.objects.get(month=date(2026, 2, 1)).closed


def test_a_household_hears_of_its_bill(cast, books):
    """FEE-04: issuing tells every household that has a login; the developer's bill tells nobody."""
    from guanjia.events.models import Event, Outbox
    from guanjia.notices.crowd import Crowd

    books.fee()
    run = books.post()
    before = Outbox.objects.count()
    assert run.issue() == 2 and Outbox.objects.count() == before + 2 and run.issue() == 0
    told = list(Event.objects.filter(action="bill.issued"))
    assert len(told) == 3
    crowd = Crowd(cast.sunny, told, run.drafted_at)
    [hers] = [event for event in told if event.particulars["household_id"] == cast.meis.pk]
    assert crowd.audience("told_household", hers) == {cast.mei.pk, cast.mr_mei.pk}


def test_prices_are_public(client, cast, full):
    """FEE-27, FEE-02: every resident reads what is charged and how; what is collected for others says so."""
    from guanjia.billing.models import Fee

    Fee.objects.filter(name="水费").update(income="2241.01")
    client.force_login(cast.mei)
    page = client.get("/e/sunny/billing/prices/").content.decode()
    assert "物业服务费" in page and "单价 2.65 元" in page and "10:2 以上:3" in page and page.count("代收") == 1
    Fee.objects.filter(name="水费").update(ends_on=date(2026, 3, 1))  # no longer charged
    assert "水费" not in client.get("/e/sunny/billing/prices/").content.decode()

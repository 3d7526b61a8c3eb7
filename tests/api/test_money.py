"""Debits, refunds, late charges, prices, discounts, the fund, the budget and the books over the API (issue 5)."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from guanjia import clock
from guanjia.events.models import Event
from guanjia.rulebooks.models import Parameter
from tests.cast import post, staff
from tests.collection.conftest import counter

from .test_door import is_problem
from .test_payments import billed

__all__ = ["billed", "counter"]


@pytest.fixture
def books(billed, cast):
    cast.finance = staff(cast.company, "finance", "沈会计")
    post(cast.sunny, cast.finance, "finance_lead")
    return billed


def answered(items, results):
    rows = ["序号,户名,账号,金额,房号,结果,原因", *(f"{row['number']},x,y,{row['amount']},z,{results[row['number']]}" for row in items)]
    return base64.b64encode("\n".join(rows).encode("gb18030")).decode()


def test_a_debit_from_the_mandate_to_the_banks_answer(api, cast, books):
    """FEE-12 … FEE-14: three hands; the file names accounts and is written down; an ended mandate leaves the list."""
    said = {"bank": "交通银行", "holder": "梅女士", "number": "6222 6000 1234 5678"}
    signed = [api("he").post("/mandates", household=one.pk, **said).json() for one in (cast.meis, cast.lus)]
    assert signed[0]["tail"] == "5678" and is_problem(api("ming").post("/mandates", household=cast.meis.pk, **said), 403)
    assert is_problem(api("he").post("/mandates", household=cast.meis.pk, **(said | {"number": "12"})), 409)
    made = api("he").post("/debits").json()
    there = f"/debits/{made['id']}"
    assert is_problem(api("he").post("/debits"), 409) and is_problem(api("he").get(f"{there}/file"), 404)
    filled = api("cash").post(f"{there}/amounts").json()
    assert (filled["state"], filled["total"], filled["count"]) == ("filled", "474.36", 2)
    assert is_problem(api("ming").get(f"{there}/file"), 403)
    assert "6222600012345678" in api("he").get(f"{there}/file").content.decode() and Event.objects.filter(action="personal.exported").exists()
    assert api("he").post(f"{there}/dispatch").json()["state"] == "sent"
    short = answered(filled["items"][:1], {1: "成功,"})
    assert is_problem(api("cash").post(f"{there}/answer", content=short), 409) and is_problem(api("cash").post(f"{there}/answer", content="****"), 422)
    whole = answered(filled["items"], {1: "成功,", 2: "失败,余额不足"})
    assert api("cash").post(f"{there}/answer", content=whole).json() == {"good": 1, "bad": 1}
    assert is_problem(api("cash").post(f"{there}/answer", content=whole), 409)
    assert [(row["good"], row["why"]) for row in api("cash").get(there).json()["items"]] == [(True, ""), (False, "余额不足")]
    assert [row["kind"] for row in api("fang").get("/calls").json()["items"]] == ["debit_failed"]
    second = api("he").post("/debits").json()
    ended = api("he").post(f"/mandates/{signed[1]['id']}/ending").json()
    assert ended["ended_at"] and is_problem(api("he").post(f"/mandates/{signed[1]['id']}/ending"), 409)
    assert is_problem(api("cash").post(f"/debits/{second['id']}/amounts"), 409)  # 梅 has paid, 吕 wants it no more
    assert len(api("he").get("/mandates").json()["items"]) == 1 and len(api("he").get("/mandates", ended="true").json()["items"]) == 2


def test_money_goes_back_by_two_and_what_is_ahead_pays(api, cast, books):
    """FIN-01: asked by one, given by another, a red receipt; a prepayment pays the next bill once."""
    body = {"household": cast.meis.pk, "amount": "300.00", "way": "transfer", "client_key": "order-00021"}
    paid = api("cash").post("/payments", **body).json()
    there = f"/payments/{paid['id']}/refund"
    assert is_problem(api("cash").post(there, amount="300.01", why="多缴"), 409) and is_problem(api("ming").post(there, amount="1", why="x"), 403)
    asked = api("cash").post(there, amount="50.00", why="多缴").json()
    assert (asked["state"], asked["way"], asked["whole"]) == ("asked", "transfer", False)
    assert is_problem(api("cash").post(there, amount="1.00", why="再"), 409)  # one at a time
    assert is_problem(api("cash").post(f"/refunds/{asked['id']}/verdict", approved=True), 403)
    done = api("qian").post(f"/refunds/{asked['id']}/verdict", approved=True).json()
    assert (done["state"], done["receipt"]) == ("approved", "2026-000002") and api("cash").get("/refunds", waiting="true").json()["items"] == []
    books.post(books_next())
    used = api("cash").post("/prepayments", household=cast.meis.pk).json()
    assert (used["used"], used["prepaid"], used["owed"]) == ("12.82", "0.00", "224.36")
    assert api("cash").post("/prepayments", household=cast.meis.pk).json()["used"] == "0.00"


def books_next():
    from tests.billing.conftest import APRIL

    return APRIL


def test_lateness_is_charged_and_waived(api, cast, books):
    """CF-51: nothing without a rate; charged once; waived by another person."""
    with clock.at(datetime(2026, 6, 1, 2, tzinfo=UTC)):
        assert api("ming").get(f"/households/{cast.meis.pk}/late-dues").json() == []
        assert is_problem(api("zhao").post("/late-charges", household=cast.meis.pk), 409)
        Parameter.objects.set("fee.late_fee_rate", "1", by=cast.as_("qian"), reason="合同", estate=cast.sunny)
        [due] = api("ming").get(f"/households/{cast.meis.pk}/late-dues").json()
        assert api("zhao").post("/late-charges", household=cast.meis.pk).json()["charged"] == due["late"]
        assert is_problem(api("zhao").post("/late-charges", household=cast.meis.pk), 409) and is_problem(api("ming").post("/late-charges", household=cast.meis.pk), 403)
        [row] = api("ming").get("/late-charges", household=cast.meis.pk).json()["items"]
        assert row["amount"] == due["late"] and api("fang").get("/late-charges").json()["items"] == []
        line = books_line(row["bill"])
        asked = api("ming").post("/waivers", line=line, amount="1.00", why="首次").json()
        assert is_problem(api("fang").post("/waivers", line=line, amount="1.00", why="x"), 404)
        assert is_problem(api("ming").post(f"/waivers/{asked['id']}/verdict", approved=True), 403)
        assert api("zhao").post(f"/waivers/{asked['id']}/verdict", approved=True).json()["state"] == "approved"
        assert is_problem(api("qian").post(f"/waivers/{asked['id']}/verdict", approved=True), 409)
        assert api("ming").get("/waivers", waiting="true").json()["items"] == []


def books_line(bill):
    from guanjia.billing.models import BillLine

    return BillLine.objects.get(bill_id=bill).pk


def test_prices_discounts_and_shared_costs(api, cast, books):
    """FEE-02, FEE-17: versions by date, a bad formula by its place; a discount by who may grant its size."""
    fee = api("finance").get("/fees").json()["items"][0]["id"]
    there = f"/fees/{fee}/prices"
    refused = api("finance").post(there, starts_on="2026-05-01", formula="面积 × 单阶", price="3", why="x")
    assert is_problem(refused, 409) and "第 6 个字" in refused.json()["detail"]
    assert is_problem(api("finance").post(there, starts_on="2026-03-10", formula="面积 × 单价", price="3", why="x"), 409)  # billed
    made = api("finance").post(there, starts_on="2026-05-01", formula="阶梯(面积)", tiers=[[50, "2"], [None, "3"]], why="大会决定")
    assert made.json()["tiers"] == [["50", "2"], [None, "3"]] and len(api("ming").get(there).json()) == 2
    assert is_problem(api("ming").post(there, starts_on="2026-05-01", formula="面积", why="x"), 403)
    said = {"unit": "3-1-501", "kind": "vacancy", "percent": "30", "starts_on": "2026-04-01", "ends_on": "2026-10-01", "why": "空置"}
    asked = api("ming").post("/discounts", **said).json()
    assert asked["needs"] == "discount.approve" and is_problem(api("fang").post("/discounts", **said), 404)
    assert is_problem(api("ming").post("/discounts", **said), 409)  # asked already
    assert is_problem(api("zhao").post(f"/discounts/{asked['id']}/verdict", approved=True), 403)
    assert api("qian").post(f"/discounts/{asked['id']}/verdict", approved=True).json()["state"] == "approved"
    shared = books.fee("9", "公共水电", basis="shared").pk
    cost = {"period": "2026-04-01", "amount": "100.00", "method": "even"}
    assert is_problem(api("finance").post("/shared-costs", fee=fee, **cost), 409)  # is no shared one
    assert api("finance").post("/shared-costs", fee=shared, **cost).status_code == 201
    assert [row["amount"] for row in api("finance").get("/shared-costs").json()["items"]] == ["100.00"]


def test_the_fund_and_the_budget(api, cast, books):
    """QLT-58, FIN-12: set aside once a year, asked, judged by another; a plan beside the books."""
    assert api("qian").post("/fund").json()["left"] == "50000.00" == api("qian").post("/fund").json()["left"]
    asked = api("ming").post("/fund-uses", amount="3200.00", why="夜灯").json()
    assert is_problem(api("ming").post("/fund-uses", amount="60000", why="夜灯"), 409) and is_problem(api("ming").post(f"/fund-uses/{asked['id']}/verdict", approved=True), 403)
    assert is_problem(api("qian").post(f"/fund-uses/{asked['id']}/verdict", approved=False), 409)  # a no wants words
    assert api("qian").post(f"/fund-uses/{asked['id']}/verdict", approved=True).json()["state"] == "approved"
    assert api("ming").get("/fund").json()["left"] == "46800.00" and len(api("ming").get("/fund-uses").json()["items"]) == 1
    assert is_problem(api("cash").post("/budget", year=2026, amounts={"running": "1"}), 403)
    for odd in ({"running": "1.001"}, {"running": "NaN"}, {"running": "-1"}):
        assert is_problem(api("qian").post("/budget", year=2026, amounts=odd), 422), odd
    assert is_problem(api("qian").post("/budget", year=2026, amounts={"nobody": "1"}), 409)
    rows = {row["group"]: row for row in api("qian").post("/budget", year=2026, amounts={"running": "60000.00"}).json()}
    assert (rows["running"]["budget"], rows["running"]["actual"], rows["running"]["over"]) == ("60000.00", "50000.00", False)


def test_the_books_are_read_closed_and_opened_by_two(api, cast, books):
    """FIN-04: debits equal credits; a month is closed when it is over, opened again by two persons."""
    sheet = api("cash").get("/trial-balance", month="2026-03-05").json()
    assert {row["code"]: row["closing"] for row in sheet} == {"1122": "711.54", "6001.01": "-711.54"}
    journal = api("cash").get("/journal", month="2026-03-05")
    assert journal.status_code == 200 and b"237.18" in b"".join(journal.streaming_content)
    assert is_problem(api("finance").post("/closures", month="2026-03-01"), 409) and is_problem(api("cash").post("/closures", month="2026-03-01"), 403)
    with clock.at(datetime(2026, 4, 2, 2, tzinfo=UTC)):
        assert api("finance").post("/closures", month="2026-03-31").json()["closed"]
        assert is_problem(api("finance").post("/closures", month="2026-03-01"), 409)
        asked = api("finance").post("/reopenings", month="2026-03-01", why="漏记").json()
        there = f"/reopenings/{asked['id']}/agreement"
        assert is_problem(api("finance").post(there), 409) and api("qian").post(there).json()["agreer"] == cast.qian.pk
        assert is_problem(api("qian").post(there), 404)
        [march] = [row for row in api("cash").get("/periods").json()["items"] if row["month"] == "2026-03-01"]
        assert (march["closed"], march["asked"]) == (False, None)

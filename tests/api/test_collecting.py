"""Dunning, letters, the drawer and the bank over the API (issue 5.4, 5.6)."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from guanjia import clock
from guanjia.collection.chasing import make_calls
from guanjia.collection.models import Call, Shift
from tests.collection.conftest import counter
from tests.duties.doing import signature

from .test_door import is_problem
from .test_payments import billed

__all__ = ["billed", "counter"]
STATEMENT = "交易日期,交易金额,余额,对方户名,流水号,摘要\n2026-03-16,100.00,100.00,梅,A1,物业费\n2026-03-18,-15.00,85.00,,F1,账户费\n"


@pytest.fixture
def books(billed):
    """The counter's books: billed already."""
    return billed


def test_dunning_from_the_call_to_the_letter(api, cast, books):
    """FEE-05 … FEE-11: a contact ends the call and is kept once; a hold and a letter are judged by another."""
    said = {"household": cast.meis.pk, "contact": "phone", "reason": "forgot", "words": "周五来缴", "promised_on": "2026-03-20"}
    with clock.at(datetime(2026, 3, 16, 2, tzinfo=UTC)):
        make_calls(cast.sunny)
        [mine] = [row for row in api("ming").get("/calls").json()["items"] if row["household"] == cast.meis.pk]
        assert (mine["kind"], mine["owed"], mine["outcome"]) == ("recheck", "237.18", "")
        first = api("ming").post("/chases", **said, client_key="call-00001")
        assert first.status_code == 201 and api("ming").post("/chases", **said, client_key="call-00001").json() == first.json()
        assert [row["id"] for row in api("ming").get("/chases", household=cast.meis.pk, until="2026-03-16").json()["items"]] == [first.json()["id"]]
        assert api("ming").get("/chases", since="2026-03-17").json()["items"] == []
        assert not [row for row in api("ming").get("/calls").json()["items"] if row["household"] == cast.meis.pk]
        assert is_problem(api("mei").get("/chases"), 403) and is_problem(api("fang").post("/chases", **said, client_key="call-00002"), 404)
        assert is_problem(api("ming").post("/letters", household=cast.meis.pk, why="拒绝"), 409)  # the last check was not made
        held = api("ming").post("/holds", household=cast.meis.pk, kind="hardship", why="住院").json()
        assert held["state"] == "asked" and is_problem(api("ming").post(f"/holds/{held['id']}/verdict", approved=False), 403)
        assert api("qian").post(f"/holds/{held['id']}/verdict", approved=False).json()["state"] == "refused"
    with clock.at(datetime(2026, 4, 5, 2, tzinfo=UTC)):
        Call.objects.create(
            estate=cast.sunny, kind="final", slot="2026-03", household=cast.meis, unit=cast.home, opens_on="2026-03-22", closes_on="2026-03-27",
            ended_at=datetime(2026, 3, 24, tzinfo=UTC), outcome="recorded",
        )  # fmt: skip
        asked = api("ming").post("/letters", household=cast.meis.pk, why="拒绝缴费")
        assert asked.status_code == 201, asked.content.decode()
        letter = asked.json()
        assert letter["owed"] == "237.18" and [line["owed"] for line in letter["lines"]] == ["237.18"]
        there = f"/letters/{letter['id']}"
        assert is_problem(api("ming").post(f"{there}/posting", parcel="XA1"), 409)
        assert api("qian").post(f"{there}/verdict", approved=True).json()["state"] == "approved"
        assert api("ming").post(f"{there}/posting", parcel="XA1").json()["parcel"] == "XA1"
        assert api("ming").get("/letters").json()["items"][0]["sent_at"] and is_problem(api("fang").get(there), 404)


def test_the_drawer_and_its_count(api, cast, books):
    """FIN-01, FIN-02: opened once, counted by another, closed with what is banked."""
    opened = api("cash").post("/shifts", amount="200.00")
    assert opened.status_code == 201 and is_problem(api("cash").post("/shifts", amount="0"), 409) and is_problem(api("ming").get("/shifts"), 403)
    api("cash").post("/payments", household=cast.meis.pk, amount="37.00", way="cash", client_key="order-00009")
    there = f"/shifts/{opened.json()['id']}"
    assert api("qian").get(there).json()["expected"] == "237.00"
    count = {"pieces": {"100": 2, "20": 1, "10": 1, "5": 1, "0.5": 2}, "signature": signature()}
    assert is_problem(api("cash").post("/cash-counts", **count), 409) and is_problem(api("qian").post("/cash-counts", **(count | {"pieces": {"3": 1}})), 422)
    made = api("qian").post("/cash-counts", **count).json()
    assert (made["counted"], made["book"], made["out"]) == ("236.00", "237.00", "-1.00")
    assert is_problem(api("cash").post(f"/cash-counts/{made['id']}/answer", why=""), 409)  # a difference wants words
    assert api("cash").post(f"/cash-counts/{made['id']}/answer", why="找零").json()["why"] == "找零"
    assert is_problem(api("cash").post(f"{there}/closure", counted="237.00", banked="0"), 409)  # no cash overnight
    assert api("cash").post(f"{there}/closure", counted="237.00", banked="237.00", slip="S1").json()["left"] == "0.00"
    assert Shift.objects.get(pk=opened.json()["id"]).slip == "S1" and api("cash").get("/cash-counts").json()["items"][0]["answered_at"]


def test_the_bank_is_reconciled(api, cast, books):
    """FIN-02: a statement adds nothing twice; what is certain is matched, the rest by a person; the month by two."""
    with clock.at(datetime(2026, 3, 16, 2, tzinfo=UTC)):
        body = {"household": cast.meis.pk, "amount": "100.00", "way": "transfer", "reference": "A1", "client_key": "order-00010"}
        api("cash").post("/payments", **body)
    with clock.at(datetime(2026, 3, 20, 2, tzinfo=UTC)):
        sent = {"name": "三月.csv", "content": base64.b64encode(STATEMENT.encode()).decode()}
        assert api("cash").post("/bank-statements", **sent).json() == {"rows": 2, "new": 2, "matched": 1}
        assert api("cash").post("/bank-statements", **sent).json()["new"] == 0
        assert is_problem(api("cash").post("/bank-statements", **(sent | {"content": "*"*8})), 422) and is_problem(api("ming").post("/bank-statements", **sent), 403)
        [costs] = api("cash").get("/bank-rows", waiting="true", month="2026-03-20").json()["items"]
        assert api("cash").get(f"/bank-rows/{costs['id']}").json()["candidates"] == []
        assert is_problem(api("cash").post(f"/bank-rows/{costs['id']}/match", entry=1), 409)
        assert api("cash").post(f"/bank-rows/{costs['id']}/costs").json()["how"] == "costs"
    with clock.at(datetime(2026, 4, 2, 2, tzinfo=UTC)):
        balance = api("cash").get("/bank-balance", month="2026-03-01").json()
        assert (balance["held"], balance["bank"], balance["out"]) == ("85.00", "85.00", "0.00")
        sheet = api("cash").post("/reconciliations", month="2026-03-01").json()
        assert is_problem(api("cash").post(f"/reconciliations/{sheet['id']}/check"), 409)  # not one's own
        assert sheet["checker"] is None and [row["id"] for row in api("cash").get("/reconciliations").json()["items"]] == [sheet["id"]]


def test_a_letter_to_a_household(api, cast):
    """COM-16 … COM-18: written, tried, handed over once; the other zone's steward finds nothing."""
    from tests.duties.doing import signature

    made = api("ming").post("/mailings", title="停水通知", words="明天上午", signer="服务中心", client_key="k")
    assert made.status_code == 201 and made.json()["sent"] == 1, made.content
    assert api("ming").get("/papers").json()["items"] == [] and is_problem(api("ming").post(f"/mailings/{made.json()['id']}/verdict", approved=True), 403)
    assert api("zhao").post(f"/mailings/{made.json()['id']}/verdict", approved=True).json()["state"] == "approved"
    [paper] = [row for row in api("ming").get("/papers").json()["items"] if row["mailing"] == made.json()["id"]]
    there = f"/papers/{paper['id']}"
    assert is_problem(api("fang").get(there), 404) and is_problem(api("ming").post(f"{there}/delivery", taker="梅女士"), 409)
    assert api("ming").post(f"{there}/attempt", words="没人").json()["outcome"] == "tried"
    told = api("ming").post(f"{there}/delivery", taker="梅女士", signature=signature(), enveloped=True).json()
    assert (told["outcome"], told["taker"], told["proved"]) == ("handed", "梅女士", True)
    assert is_problem(api("ming").post(f"{there}/attempt", words="再"), 409)
    assert api("ming").get(f"/mailings/{made.json()['id']}").json()["done"] == 1
    assert is_problem(api("fang").post(f"/mailings/{made.json()['id']}/withdrawal", why="x"), 404)

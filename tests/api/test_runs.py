"""The accountant's verbs over the API: drafted, posted and reversed once however often they are sent (issue 5, FEE-03)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from guanjia.billing.models import BillLine, BillRun, Meter, Reading
from tests.billing.conftest import books  # noqa: F401


def test_a_month_by_the_api(api, books, cast):  # noqa: F811
    """FEE-03: draft → review → posting → statements → reversal, each sent twice."""
    books.fee()
    finance = api("finance")
    first = finance.post("/runs", period="2026-03-01")
    assert first.status_code == 201 and (first.json()["state"], first.json()["total"]) == ("draft", "711.54")
    number = first.json()["id"]
    assert finance.post("/runs", period="2026-03-01").json()["id"] == number
    assert finance.post(f"/runs/{number}/posting").status_code == 409
    for act, state in (("review", "reviewed"), ("posting", "posted"), ("statements", "posted")):
        assert [finance.post(f"/runs/{number}/{act}").json()["state"] for _ in range(2)] == [state, state]
    assert BillLine.objects.count() == 3
    for _ in range(2):
        assert finance.post(f"/runs/{number}/reversal", why="单价错了").json()["state"] == "reversed"
    assert [row["id"] for row in finance.get("/runs", period="2026-03-01").json()["items"]] == [number]
    assert BillRun.objects.get().state == "reversed" and not BillLine.objects.filter(live=True).exists()


def test_a_key_drafts_once(api, books, cast):  # noqa: F811
    """Issue 5: the answer of a key is told again, nothing is done again."""
    books.fee()
    one, other = (api("cash").post("/runs", key="march-2026", period="2026-03-01") for _ in range(2))
    assert one.json() == other.json() and other.headers["Idempotency-Replayed"] == "true"


def test_only_those_who_may(api, books, cast):  # noqa: F811
    """Deny by default: residents and stewards have no runs; a cashier drafts and does not post."""
    books.fee()
    run = api("cash").post("/runs", period="2026-03-01").json()["id"]
    assert api("cash").post(f"/runs/{run}/review").status_code == 403
    assert {api(who).get(f"/runs/{run}").status_code for who in ("mei", "ming")} == {403}
    assert api("finance").get(f"/runs/{run + 99}").status_code == 404
    assert api("finance").post("/runs", period="2026-03-02").status_code == 409


def test_readings_and_fees(api, books, cast):  # noqa: F811
    """FEE-22: a reading sent twice is one reading; another estate's or a resident's hand is not there."""
    books.fee()
    Meter.objects.create(estate=cast.sunny, unit=cast.home, kind="water", number="W1")
    said = {"meter": "W1", "kind": "water", "period": "2026-03-01", "value": "12"}
    for _ in range(2):
        told = api("ming").post("/readings", **said)
        assert told.status_code == 201 and (told.json()["usage"], told.json()["state"]) == ("12.000", "fine")
    assert Reading.objects.get().value == Decimal(12)
    assert len(api("ming").get("/readings", unit="3-1-501").json()["items"]) == 1
    assert api("mei").post("/readings", **said).status_code == 403
    assert api("ming").post("/readings", **(said | {"meter": "W9"})).status_code == 404
    [fee] = api("cash").get("/fees").json()["items"]
    assert (fee["name"], fee["basis"]) == ("物业服务费", "area") and api("mei").get("/fees").status_code == 403
    assert date.fromisoformat(told.json()["period"]) == date(2026, 3, 1)

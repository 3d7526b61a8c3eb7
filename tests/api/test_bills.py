"""Bills over the API: own ones, explained; figures for who may read the whole estate (FEE-20, FEE-22)."""

from __future__ import annotations

from tests.billing.conftest import books  # noqa: F401


def test_bills_are_told_to_whom_they_concern(api, books, cast):  # noqa: F811
    books.fee()
    books.post()
    [hers] = api("mei").get("/bills").json()
    assert (hers["unit"], hers["amount"], hers["payer"]) == ("3-1-501", "237.18", "梅女士")
    whole = api("mei").get(f"/bills/{hers['id']}").json()
    assert whole["lines"][0]["explained"] == "89.5 × 2.65" and whole["owed"] == "237.18"
    assert api("lu").get(f"/bills/{hers['id']}").status_code == 404 and api("zhou").get("/bills").json() == []
    assert (
        len(api("qian").get("/bills", period="2026-03-01").json()) == 3 and len(api("ming").get("/bills").json()) == 2
    )


def test_collection_is_for_the_estates_eyes(api, books, cast):  # noqa: F811
    books.fee()
    books.post()
    told = api("qian").get("/collection", by="zone", on="2026-03-31").json()
    assert [row["key"] for row in told["rates"]] == ["东区", "西区"] and told["rates"][0]["current"] == "0.0"
    assert (
        api("ming").get("/collection").status_code == 403 and api("qian").get("/collection", by="x").status_code == 422
    )


def test_a_year_is_settled_over_the_api(api, books, cast):  # noqa: F811
    """FEE-28: the verb of the page; residents read their own home of it, nobody settles a year twice."""
    from datetime import date

    from guanjia import clock
    from guanjia.rulebooks.parameters import supposing

    books.fee()
    books.post(date(2025, 12, 1))
    asked = {"fee": "1", "year": 2025, "cost": "600.00"}
    assert api("finance").post("/settlements", **asked).status_code == 409
    with supposing(cast.sunny, "billing.settlement", "on", clock.now()):
        made = api("finance").post("/settlements", **asked).json()
        assert api("finance").post("/settlements", **asked).status_code == 409
        assert api("cash").post("/settlements", **asked).status_code == 403
    assert len(api("finance").get(f"/settlements/{made['id']}").json()["shares"]) == 3
    [own] = api("mei").get(f"/settlements/{made['id']}").json()["shares"]
    assert (own["unit"], own["rest"]) == ("3-1-501", "-37.18")
    assert api("mei").get("/settlements").status_code == 403 and api("finance").get("/settlements").json() == [made]

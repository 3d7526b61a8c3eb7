"""Services over the API: the menu, an order, its quote answered by the household alone (VAS-03, VAS-16)."""

import pytest

pytestmark = pytest.mark.django_db
REPAIR = {"unit": "3-1-501", "item": "indoor_repair", "details": {"part": "水"}, "words": "水槽下水慢"}


def test_an_order_is_quoted_and_agreed_to(api, cast):
    assert "indoor_repair" in {row["key"] for row in api("mei").get("/service-items").json()}
    made = api("mei").post("/service-orders", **REPAIR)
    assert made.status_code == 200 and made.json()["stage"] == "asked", made.content
    there = f"/service-orders/{made.json()['id']}"
    assert api("lu").post("/service-orders", **REPAIR).status_code == 404 and api("lu").get(there).status_code == 404
    assert api("he").post(f"{there}/assignment", person=cast.zhou.pk).status_code == 200
    lines = [{"what": "疏通下水管", "yuan": "80.00"}]
    assert api("mei").post(f"{there}/quote", lines=lines).status_code == 403
    assert api("zhou").post(f"{there}/quote", lines=lines).json()["quote"] == "80.00"
    assert api("mei").post(f"{there}/answer", agreed=True, round=2).status_code == 409
    assert api("mei").post(f"{there}/answer", agreed=True, round=1).json()["stage"] == "agreed"
    assert [row["amount"] for row in api("mei").get("/service-orders").json()["items"]] == ["80.00"]

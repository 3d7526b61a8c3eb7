"""Payments over the API: whose, how much, once (design §5)."""

from __future__ import annotations

import pytest

from guanjia.people.roles import Role
from tests.billing.conftest import Books
from tests.cast import post, staff

from .test_door import is_problem


@pytest.fixture
def billed(cast):
    cast.cash = staff(cast.company, "cash", "贾出纳")
    post(cast.sunny, cast.cash, Role.CASHIER)
    books = Books(cast)
    books.fee()
    books.post()
    return books


def test_a_payment_is_taken_once(api, cast, billed):
    """Issue 5.4: the same key is the same payment; a resident sees their own only."""
    assert api("mei").get(f"/households/{cast.meis.pk}/dues").json()["owed"] == "237.18"
    assert is_problem(api("mei").get(f"/households/{cast.lus.pk}/dues"), 404)
    body = {"household": cast.meis.pk, "amount": "300.00", "way": "transfer", "client_key": "order-00001"}
    first = api("cash").post("/payments", **body)
    again = api("cash").post("/payments", **body)
    assert (
        first.status_code == 201
        and first.json()["id"] == again.json()["id"]
        and first.json()["receipts"] == ["2026-000001"]
    )
    assert first.json()["prepaid"] == "62.82" and api("mei").get("/payments").json()["items"][0]["amount"] == "300.00"
    assert api("lu").get("/payments").json()["items"] == [] and is_problem(
        api("lu").get(f"/payments/{first.json()['id']}"), 404
    )
    assert is_problem(api("ming").post("/payments", **(body | {"client_key": "order-00002"})), 403) and is_problem(
        api("cash").post("/payments", **(body | {"amount": "-1"})), 422
    )

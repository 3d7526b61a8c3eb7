"""A cursor leads on whatever kind of column the list is sorted by, and nothing else is taken for one."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from guanjia.api.paging import BY_ID, Order
from guanjia.api.problems import Unfit
from guanjia.keys.models import Key


@pytest.mark.parametrize(
    ("order", "value"),
    [(BY_ID, 7), (Order("at", "at"), datetime(2026, 3, 10, 2, tzinfo=UTC)), (Order("points", "points", kind=int), 50), (Order("code", "code", kind=str), "钥-01")],
)
def test_what_is_written_is_read(order, value):
    row = SimpleNamespace(pk=7, id=7, at=value, points=value, code=value)
    assert order.read(order.written(row)) == (value, 7)


def test_a_cursor_of_another_kind_is_refused():
    row = SimpleNamespace(pk=7, id=7, code="a\0b", points=True)
    for order in (Order("code", "code", kind=str), Order("points", "points", kind=int)):
        with pytest.raises(Unfit):
            order.read(order.written(row))
    with pytest.raises(Unfit):
        Order("at", "at").read(Order("at", "code").written(row))


@pytest.mark.django_db
def test_a_list_by_code_goes_on(api, cast):
    for code in ("GZ-003", "GZ-001", "GZ-002"):
        Key.objects.register(code, "spare", "配电间", "前台", by=cast.as_("he"))
    first = api("he").get("/keys", limit=2).json()
    after = api("he").get("/keys", limit=2, cursor=first["next"]).json()
    assert [row["code"] for row in (*first["items"], *after["items"])] == ["GZ-001", "GZ-002", "GZ-003"]

"""The API says who answers for what (issue 4, line 9)."""

from guanjia.estates.zoning import draw_zone
from tests.api.conftest import Caller
from tests.cast import TUESDAY


def test_who_answered_over_the_api(cast):
    """Any spelling, any day; staff only."""
    draw_zone(cast.sunny, "W", "西区", units=[cast.home], by=None, at=TUESDAY)
    ming = Caller(cast.ming)
    then = ming.get("/zones/responsible", unit="3栋1单元501", on="2026-03-09").json()
    now = ming.get("/zones/responsible", unit="3-1-501").json()
    assert (then["zone"], now["zone"]) == ("E", "W")
    assert [row["person"] for row in now["answers"] if row["role"] == "steward"] == ["王芳"]
    assert ming.get("/zones/responsible", unit="9-9-999").status_code == 404
    assert Caller(cast.mei).get("/zones/responsible", unit="3-1-501").status_code == 403


def test_loads_over_the_api(cast):
    assert {row["zone"]: row["homes"] for row in Caller(cast.ming).get("/zones/loads").json()} == {"E": 2, "W": 1}

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


def test_leave_over_the_api(cast):
    """Issue 4 line 9, STF-18: asked, seen by who decides, granted with its cover."""
    ming, zhao = Caller(cast.ming), Caller(cast.zhao)
    asked = ming.post("/leaves", kind="annual", first="2026-03-12", last="2026-03-13", why="回老家").json()
    assert asked["state"] == "waiting" and Caller(cast.fang).get("/leaves").json()["items"] == []
    assert ming.post(f"/leaves/{asked['id']}/verdict", granted=True).status_code == 403
    granted = zhao.post(f"/leaves/{asked['id']}/verdict", granted=True, cover=cast.fang.pk).json()
    assert (granted["state"], granted["cover"]) == ("granted", "王芳")
    assert ming.post(f"/leaves/{asked['id']}/withdrawal").json()["state"] == "withdrawn"
    assert zhao.post(f"/leaves/{asked['id']}/verdict", granted=False, words="晚了").status_code == 409


def test_facts_marks_and_awards_over_the_api(cast):
    """Issue 4 line 9, STF-05, STF-07: the level above judges; nobody decides on their own proposal."""
    ming, qian = Caller(cast.ming), Caller(cast.qian)
    fact = ming.post("/facts", about=cast.zhao.pk, happened_on="2026-03-09", words="三次请求未安排人").json()
    assert fact["level"] == "manager" and Caller(cast.zhao).get("/facts").json()["items"] == []
    assert qian.post(f"/facts/{fact['id']}/verdict", verdict="stands", measure="约谈").json()["verdict"] == "stands"
    assert ming.post("/praise", person=cast.zhou.pk, words="雨夜帮忙").json()["person"] == "周工"
    assert ming.post("/appraisals", person=cast.zhou.pk, score=90).json()["score"] == 90
    award = ming.post("/awards", person=cast.zhou.pk, kind="reward", amount="50", why="拾金不昧").json()
    assert Caller(cast.zhou).get("/awards").json()["items"] == []
    assert qian.post(f"/awards/{award['id']}/verdict", granted=True).json()["state"] == "granted"
    assert [row["amount"] for row in Caller(cast.zhou).get("/awards").json()["items"]] == ["50.00"]
    assert [row["score"] for row in Caller(cast.zhou).get("/appraisals").json()["items"]] == [90]


def test_zones_are_drawn_over_the_api(cast):
    """EST-01."""
    qian = Caller(cast.qian)
    drawn = qian.post("/zones", code="N", name="北区", units=["3-1-501"]).json()
    assert drawn == {"code": "N", "name": "北区", "units": 1}
    assert qian.post("/zones", code="N", name="北区", units=["9-9-999"]).status_code == 422

"""The API says who answers for what (issue 4, line 9)."""

from guanjia.estates.zoning import draw_zone
from guanjia.people.models import Post
from tests.api.conftest import Caller
from tests.cast import TUESDAY, post


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


def test_leave_without_end_is_no_leave(cast):
    """STF-18: a day that has none after it cannot be granted, so it is not taken."""
    assert Caller(cast.ming).post("/leaves", first="2026-03-12", last="9999-12-31").status_code == 422
    assert Caller(cast.ming).post("/facts", about=cast.zhao.pk, happened_on="0001-01-01", words="很久以前").status_code == 422


def test_marks_and_notes_reach_as_far_as_the_reader(cast):
    """STF-07: a zone's steward reads the marks of their own people; who has no say over the team, what is of themselves."""
    post(cast.sunny, cast.wu, "cleaner", cast.west)
    Post.objects.filter(person=cast.wu, role="repairer").delete()
    fang, ming = Caller(cast.fang), Caller(cast.ming)
    assert fang.post("/appraisals", person=cast.wu.pk, score=70, words="迟到").status_code == 200
    assert fang.post("/praise", person=cast.wu.pk, words="雨夜帮忙").status_code == 200
    assert ming.get("/appraisals").json()["items"] == []
    readers = (fang, Caller(cast.qian), Caller(cast.wu))
    assert [len(each.get("/appraisals").json()["items"]) for each in readers] == [1, 1, 1]
    assert [len(each.get("/praise").json()["items"]) for each in (*readers, ming, Caller(cast.zheng))] == [1, 1, 1, 1, 0]

"""Trainings, certificates and readiness over the API (issue 4): the same verbs, the same refusals."""

from datetime import timedelta

from guanjia.training.models import Attempt, Exam, Session
from guanjia.training.starter import take_starter
from tests.api.conftest import Caller
from tests.cast import TUESDAY


def test_a_training_over_the_api(cast):
    zhao, zheng = Caller(cast.zhao), Caller(cast.zheng)
    said = {"title": "夜巡", "course": "security", "starts_at": TUESDAY.isoformat(), "ends_at": (TUESDAY + timedelta(hours=2)).isoformat(), "trainer": cast.zhao.pk, "groups": ["order"]}
    assert Caller(cast.ming).post("/trainings", **said).status_code == 403
    made = zhao.post("/trainings", **said).json()
    assert (made["asked"], made["state"]) == (2, "open")
    code = Session.objects.get().code
    assert zheng.post(f"/trainings/{made['id']}/sign-in", code="XXXXXX").status_code == 409
    assert zheng.post(f"/trainings/{made['id']}/sign-in", code=code).json()["came"] == 1
    assert Caller(cast.ming).get("/trainings").json()["items"] == []
    assert Caller(cast.ming).post(f"/trainings/{made['id']}/sign-in", code=code).status_code == 404
    assert zhao.post(f"/trainings/{made['id']}/record", summary="讲了夜巡").json()["state"] == "held"
    assert Caller(cast.mei).get("/trainings").status_code == 403


def test_certificates_exams_and_readiness_over_the_api(cast):
    zhao = Caller(cast.zhao)
    kept = zhao.post("/certificates", person=cast.zheng.pk, kind="guard", number="川安-2024-7788", valid_until="2026-12-31").json()
    assert kept["number"] == "****7788"
    assert len(Caller(cast.zheng).get("/certificates").json()["items"]) == 1 and Caller(cast.ming).get("/certificates").json()["items"] == []
    told = zhao.get("/readiness", group="order").json()
    assert (told["part"], told["whole"]) == (1, 2) and "安保岗位培训" in told["people"][0]["lacking"]
    take_starter(by=cast.as_("zhao"))
    exam = Exam.objects.set_up("safety", "应知", TUESDAY, TUESDAY + timedelta(hours=2), by=cast.as_("zhao"))
    Attempt.objects.begin(exam, by=cast.as_("zhou")).give_in(by=cast.as_("zhou"))
    assert zhao.get("/exams").json()["items"][0]["pass_mark"] == 80
    assert [row["passed"] for row in zhao.get(f"/exams/{exam.pk}/sittings").json()] == [False]
    assert Caller(cast.ming).get("/exams").status_code == 403

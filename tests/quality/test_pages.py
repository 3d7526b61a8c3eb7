"""The pages: planning, the phone's sheet and its answers, correction, rectification, assessment, campaign, rubrics, files, API."""

import io
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from guanjia.importing.rubrics import sheet
from guanjia.quality.models import Assessment, Campaign, Inspection, ItemScore, OwnRubric, Rectification
from guanjia.rulebooks.models import Parameter
from tests.api.conftest import Caller

from .conftest import SMALL, TODAY, bad, fine, finished, picture, planned


def at(name, *args):
    return reverse(f"quality:{name}", args=["sunny", *args])


@pytest.fixture
def ding(small, client):
    client.force_login(small.ding)
    return client


def test_planning(small, ding):
    """Weights that do not make 100 % keep what was typed; an estate's steward finds no such page."""
    said = {"title": "月查", "method": "open", "day": "2026-03-12", "inspector": small.ding.pk, "rubric": ["gate", "equipment"], "share-gate": "50", "share-equipment": "25"}
    answer = ding.post(at("plan"), said)
    assert answer.status_code == 422 and "75" in answer.content.decode() and "月查" in answer.content.decode()
    assert ding.post(at("plan"), {**said, "share-equipment": "50"}).status_code == 302
    assert Inspection.objects.get(title="月查").rubrics[1]["share"] == "50"
    ding.force_login(small.ming)
    assert ding.get(at("plan")).status_code == 404


def test_the_phone_sends_what_it_kept(small, ding):
    """Offline: JSON with the device's id; 422 names what lacks, 201 once however often, 409 when it has ended."""
    row = planned(small)
    page = ding.get(at("sheet", row.pk))
    assert page.headers["Guanjia-Keep"] == str(small.ding.pk) and 'data-record="inspection-' in page.content.decode()

    def send(**said):
        more = {"person": small.ding.pk, "client_id": str(key), "offline": "1", "done_at": "2026-03-10T01:30:00Z"}
        return ding.post(at("marks", row.pk), {**more, **said}, headers={"Accept": "application/json"})

    key = uuid.uuid4()
    said = {**fine(row), **bad("gate-A1-b")}
    lacking = send(**said)
    assert (lacking.status_code, set(lacking.json()["items"])) == (422, {"gate-A1-b"})
    for _again in range(2):
        assert send(**said, **{"photos-gate-A1-b": picture(f"{uuid.uuid4()}.jpg")}).status_code == 201
    assert ItemScore.objects.filter(inspection=row).count() == 2
    assert ItemScore.objects.filter(inspection=row).first().at.isoformat() == "2026-03-10T01:30:00+00:00"
    assert send(person=small.xu.pk).json()["code"] == "other_person"
    assert ding.post(at("closure", row.pk), {"conclusion": "好"}).status_code == 302
    assert send(**said).status_code == 201  # its answer was lost on the way
    key = uuid.uuid4()
    assert send(**fine(row)).status_code == 409
    page = ding.get(at("inspection", row.pk)).content.decode()
    assert "85.71" in page and "没有记录" in page
    photo = ItemScore.objects.get(inspection=row, item="A1").deductions.get().photos.get()
    assert ding.get(at("photo", photo.pk)).status_code == 200
    ding.force_login(small.zhou)
    assert ding.get(at("photo", photo.pk)).status_code == 404


def test_a_form_without_script_works(small, ding):
    row = planned(small)
    answer = ding.post(at("marks", row.pk), {**fine(row, "A2"), **bad("gate-A1-b", words="")})
    assert answer.status_code == 422 and "请写明哪里不合格" in answer.content.decode()
    assert ding.post(at("marks", row.pk), fine(row)).status_code == 302


def test_correcting_shows_both_versions(small, ding):
    row = finished(small)
    page = at("correction", row.pk, "gate", "A1")
    assert ding.get(page).status_code == 200
    assert ding.post(page, {"gate-A1-a": "ok", "gate-A1-b": "ok", "gate-A1-c": "ok"}).status_code == 422
    assert ding.post(page, {"gate-A1-a": "ok", "gate-A1-b": "ok", "gate-A1-c": "ok", "why": "记录在库房"}).status_code == 302
    shown = ding.get(at("inspection", row.pk)).content.decode()
    assert "100.00" in shown and "85.71" in shown and "记录在库房" in shown
    assert ding.get(at("correction", row.pk, "gate", "none")).status_code == 404


def test_a_hidden_one_is_not_there_for_the_estate(small, client):
    row = finished(small, "covert")
    client.force_login(small.qian)
    assert client.get(at("inspection", row.pk)).status_code == 404
    assert row.title not in client.get(at("inspections")).content.decode()
    client.force_login(small.ding)
    assert client.post(at("opening", row.pk)).status_code == 302
    client.force_login(small.qian)
    assert client.get(at("inspection", row.pk)).status_code == 200


def test_no_file_of_the_campaign_names_a_hidden_one(small, client):
    """QLT-20 暗访: the workbook and the paper are passed on; neither lists it until it is opened. Nought is a score."""
    campaign = Campaign.objects.begin(2026, by=small.by["ding"])
    row = finished(small, "covert", campaign=campaign)
    Inspection.objects.filter(pk=row.pk).update(score=0)

    def said(login):
        client.force_login(login)
        book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(at("campaign_report", campaign.pk, "xlsx")).content))
        return book.get_sheet_by_name("检查验收").to_python()[1:]

    assert (said(small.qian), said(small.ding)) == ([], [])
    row.open_up(by=small.by["ding"])
    assert said(small.qian) == [["季度检查", "暗访", "0.00"]]


def test_the_campaign_asks_as_much_for_many_inspections_as_for_one(small, ding, django_assert_max_num_queries):
    campaign = Campaign.objects.begin(2026, by=small.by["ding"])
    planned(small, campaign=campaign, companion=small.xu, zone=small.east)
    page = at("campaign", campaign.pk)
    with CaptureQueriesContext(connection) as one:
        ding.get(page)
    for _ in range(4):
        planned(small, campaign=campaign, companion=small.xu, zone=small.east)
    with django_assert_max_num_queries(len(one)):
        assert ding.get(page).status_code == 200


def test_figures_that_do_not_agree_leave_the_pages_open(small, ding):
    """QLT-27: what the figures make is refused when something is to be inspected by it, and shown until then."""
    Parameter.objects.set("rubric.intake_points", 12, estate=small.sunny, by=None, reason="试")
    for page in (at("rubrics"), at("rubric", "customer_service"), at("plan")):
        assert ding.get(page).status_code == 200
    said = {"title": "月查", "method": "open", "day": "2026-03-12", "inspector": small.ding.pk, "rubric": "customer_service"}
    answer = ding.post(at("plan"), said)
    assert answer.status_code == 422 and "102" in answer.content.decode()


def test_rectification_from_page_to_page(small, client):
    client.force_login(small.qian)
    said = {"words": "钥匙柜上锁", "person": small.ming.pk, "due_on": "2026-03-12", "back": "//evil.example/"}
    assert client.post(at("fix_ask"), said)["Location"] == at("fixes")
    row = Rectification.objects.get()
    client.post(at("fix_ask"), {**said, "person": ""})
    assert Rectification.objects.count() == 1
    client.force_login(small.ming)
    assert "交整改" in client.get(reverse("tickets:today", args=["sunny"])).content.decode()
    assert client.post(at("fix_proof", row.pk), {"words": "上了锁"}).status_code == 422
    assert client.post(at("fix_proof", row.pk), {"words": "上了锁", "photos": picture()}).status_code == 302
    client.force_login(small.zhao)
    assert client.post(at("fix_verdict", row.pk), {"passed": "1"}).status_code == 302
    row.refresh_from_db()
    assert row.closed_at
    client.force_login(small.fang)
    assert client.get(at("fix", row.pk)).status_code == 404


def test_assessment_pages_show_the_rule_and_the_law(small, ding):
    """CF-27 shown: what 90.5 counts as; QLT-22: deductions only as a proposal within the law."""
    page = ding.get(at("assessments")).content.decode()
    assert "90.5" in page and "先舍去小数再分档" in page and "不能罚款" in page
    picked = [finished(small, method).pk for method in ("open", "questions", "callback", "test")]
    assert ding.post(at("assessments"), {"title": "四季度", "inspection": picked[:2]}).status_code == 422
    assert ding.post(at("assessments"), {"title": "四季度", "inspection": picked}).status_code == 302
    row = Assessment.objects.get()
    assert row.score == Decimal("81.43")
    ding.force_login(small.gao)
    assert ding.post(at("assessment_verdict", row.pk), {"granted": "yes"}).status_code == 302
    ding.force_login(small.qian)
    assert "高总" in ding.get(at("assessment", row.pk)).content.decode()


def test_files_are_files(small, ding):
    """Excel and paper of inspections, assessments and the campaign."""
    row = finished(small)
    campaign = Campaign.objects.begin(2026, by=small.by["ding"])
    Rectification.objects.ask("=1+1", small.ming, TODAY, by=small.as_("qian"), campaign=campaign)
    for path in (at("inspection_report", row.pk, "pdf"), at("campaign_report", campaign.pk, "pdf")):
        assert ding.get(path).content.startswith(b"%PDF")
    for path in (at("inspection_report", row.pk, "xlsx"), at("campaign_report", campaign.pk, "xlsx"), f"{at('inspections')}?xlsx=1", f"{at('fixes')}?xlsx=1"):
        assert ding.get(path).content.startswith(b"PK")
    assert ding.get(at("inspection_report", row.pk, "doc")).status_code == 404


def test_the_campaign_from_page_to_page(small, ding):
    assert ding.post(at("campaigns"), {"year": "x"}).status_code == 200
    assert ding.post(at("campaigns"), {"year": "2026"}).status_code == 302
    row = Campaign.objects.get()
    step = row.steps.get(key="draft")
    assert "发动宣讲" in ding.get(at("campaign", row.pk)).content.decode()
    assert ding.post(at("evidence", step.pk), {"title": "方案"}).status_code == 422
    assert ding.post(at("evidence", step.pk), {"title": "方案", "words": "五个阶段"}).status_code == 302
    assert ding.post(at("delivery", step.pk)).status_code == 302
    assert row.steps.filter(done_at__isnull=False).count() == 1
    ding.post(at("giving", row.steps.get(key="exam").pk), {"person": small.xu.pk, "due_on": "2026-10-30"})
    assert row.steps.get(key="exam").responsible_id == small.xu.pk
    assert ding.post(at("campaign_end", row.pk), {"summary": "完"}).status_code == 302
    ding.force_login(small.ming)
    assert ding.get(at("step", step.pk)).status_code == 404


def test_a_rubric_is_written_in_the_app(small, ding):
    """QLT-54: lines with a slip are named; nothing is kept until all can be."""
    said = {"key": "clean", "title": "保洁", "lines": "B1 | 现场 | 大堂 | 5 | 0.5 | 2 | 无尘；无水渍\nB2 | 现场 | 电梯 | 五 | 1 | 2 | 无尘", "why": "新"}
    answer = ding.post(at("rubric_new"), said)
    assert answer.status_code == 422 and "第 2 行" in answer.content.decode() and not OwnRubric.objects.filter(key="clean").exists()
    assert ding.post(at("rubric_new"), {**said, "lines": said["lines"].replace("五", "5")}).status_code == 302
    assert OwnRubric.objects.get(key="clean").content["total"] == "10"
    assert "B2 | 现场 | 电梯" in ding.get(at("rubric_edit", "clean")).content.decode()
    assert "原文缺分值" in ding.get(at("rubric", "equipment")).content.decode()


def test_a_rubric_comes_from_excel(small, ding):
    """QLT-54: a preview first; refused rows are named with their row; what was previewed is kept as a version."""
    page = reverse("importing:rubrics", args=["sunny"])

    def upload(rubric):
        file = io.BytesIO(sheet(rubric).read())
        file.name = "r.xlsx"
        return ding.post(page, {"key": "gate2", "title": "秩序二", "weight": "25", "file": file})

    wrong = {**SMALL, "items": [SMALL["items"][0] | {"category": ""}, SMALL["items"][1] | {"category": "", "points": "很多"}]}
    answer = upload(wrong)
    assert answer.status_code == 422 and "很多" in answer.content.decode() and ">3<" in answer.content.decode()
    good = {**SMALL, "items": [item | {"category": "岗位"} for item in SMALL["items"]]}
    answer = upload(good)
    assert answer.status_code == 200 and "门岗" in answer.content.decode()
    assert not OwnRubric.objects.filter(key="gate2").exists()
    assert ding.post(page, {"kept": answer.context["packed"] + "x", "why": "导入"}).status_code == 302
    assert not OwnRubric.objects.filter(key="gate2").exists()
    ding.post(page, {"kept": answer.context["packed"], "why": "导入"})
    assert OwnRubric.objects.get(key="gate2").content["weight"] == "25"


def test_the_api(small):
    """Planning, samples, the end, rectification; a stranger to quality sees nothing hidden."""
    ding = Caller(small.ding)
    assert ding.post("/inspections", title="x", method="open", day="2026-03-10", inspector="ding", rubrics={"gate": "1E+999999"}).status_code == 422
    made = ding.post("/inspections", title="问岗", method="questions", day="2026-03-10", inspector="ding").json()
    assert ding.post(f"/inspections/{made['id']}/samples", who="前台", score="90", words="不熟").status_code == 201
    assert ding.post(f"/inspections/{made['id']}/closure", conclusion="").json()["score"] == "90.00"
    assert ding.post(f"/inspections/{made['id']}/closure", conclusion="").status_code == 409
    hidden = finished(small, "covert")
    assert Caller(small.qian).get(f"/inspections/{hidden.pk}").status_code == 404
    assert hidden.pk not in [row["id"] for row in Caller(small.qian).get("/inspections").json()["items"]]
    assert Caller(small.mei).get("/inspections").status_code == 403
    fix = Caller(small.qian).post("/rectifications", words="上锁", responsible="ming", due_on="2026-03-12").json()
    assert (fix["state"], fix["responsible"]) == ("open", "李明")
    assert Caller(small.ming).get("/rectifications").json()["items"][0]["id"] == fix["id"]
    assert Caller(small.zhao).post(f"/rectifications/{fix['id']}/verdict", passed=True).status_code == 409
    Campaign.objects.begin(2026, by=small.by["ding"])
    assert len(ding.get("/campaigns").json()[0]["steps"]) == 12
    assert Caller(small.ming).get("/campaigns").status_code == 403

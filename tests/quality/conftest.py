"""品质: an inspector of the company, a small rubric of theirs, answers as a phone sends them."""

from __future__ import annotations

import io
import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from guanjia import clock
from guanjia.duties.models.finishable import Shot
from guanjia.people.models import CompanyPost
from guanjia.people.reach import reach_of
from guanjia.quality.models import Inspection, OwnRubric
from guanjia.training.models import Answer, Attempt, Exam, Question
from tests.cast import ALWAYS, post, staff

TODAY = date(2026, 3, 10)
ITEMS = [
    {"key": "A1", "title": "岗亭", "points": "5", "low": "0.5", "high": "2", "checks": {"a": "整洁", "b": "有记录", "c": "着装"}},
    {"key": "A2", "title": "门岗", "points": "2", "low": "0.2", "high": "1", "checks": {"a": "敬礼", "b": "登记"}},
]
SMALL = {"key": "gate", "title": "秩序", "weight": "", "items": ITEMS}


def picture(name="p.jpg"):
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue(), "image/jpeg")


def shot(item):
    return Shot(picture(), item, uuid.uuid4())


def bad(name, amount="1", words="没有记录"):
    return {name: "bad", f"{name}-amount": amount, f"{name}-words": words}


def fine(inspection, *but):
    """Every check point of every item fine, except the items named."""
    return {
        f"{rubric['key']}-{item['key']}-{check}": "ok"
        for rubric in inspection.rubrics for item in rubric["items"] if item["key"] not in but for check in item["checks"]
    }  # fmt: skip


@pytest.fixture
def quality(cast):
    """丁敏 and 许静 of the company's quality department; 高总 who decides; 秋 the estate's own quality officer."""
    for login, name, role in (("ding", "丁敏", "company_quality"), ("xu", "许静", "company_quality"), ("gao", "高总", "general_manager")):
        person = staff(cast.company, login, name)
        CompanyPost.objects.create(company=cast.company, person=person, role=role, during=ALWAYS)
        setattr(cast, login, person)
    cast.qiu = staff(cast.company, "qiu", "秋")
    post(cast.sunny, cast.qiu, "quality")
    cast.by = {name: reach_of(getattr(cast, name), cast.sunny) for name in ("ding", "xu", "gao", "qiu")}
    return cast


@pytest.fixture
def small(quality):
    OwnRubric.objects.keep(SMALL, by=quality.by["ding"], reason="秩序细则")
    return quality


def planned(cast, method="open", rubrics=None, by="ding", **more):
    weights = {"gate": Decimal(100)} if rubrics is None and method in ("open", "covert") else rubrics or {}
    return Inspection.objects.plan("季度检查", method, TODAY, cast.ding, by=cast.by[by], rubrics=weights, **more)


def reported_exam(cast, papers=(("zhou", 16),)):
    """An exam of twenty points, sat and reported; (login, points) of each paper."""
    at = clock.now()
    exam = Exam.objects.create(
        estate=cast.sunny, paper="safety", title="安全应知考试", parts=[], minutes=30, pass_mark=60, attempts=3, opens_at=at - timedelta(days=2), closes_at=at - timedelta(days=1),
        by=cast.zhao, at=at, reported_at=at, reported_by=cast.zhao, words="基本掌握",
    )  # fmt: skip
    asked, _new = Question.objects.get_or_create(estate=cast.sunny, code="T1", defaults={"kind": "single", "topic": "service", "stem": "几分钟分类？", "by": cast.zhao, "at": at})
    for number, (login, got) in enumerate(papers, 1):
        sat = Attempt.objects.create(
            estate=cast.sunny, exam=exam, person=getattr(cast, login), number=number, began_at=at, due_at=at, ended_at=at, marked_at=at, score=got, passed=got >= 12
        )
        for place in (1, 2):
            Answer.objects.create(estate=cast.sunny, attempt=sat, place=place, question=asked, kind="single", stem="?", worth=Decimal(10))
    return exam


def finished(cast, method="open", **more):
    row = planned(cast, method, **more)
    if method == "test":
        row.take_exam(reported_exam(cast), by=cast.by["ding"])
    elif row.by_samples:
        row.note("西门岗", "80", "不知道投诉电话", by=cast.by["ding"])
    else:
        row.mark({**fine(row, "A1"), "gate-A1-a": "ok", **bad("gate-A1-b"), "gate-A1-c": "ok"}, [shot("gate-A1-b")], by=cast.by["ding"])
    row.finish(by=cast.by["ding"])
    return row

"""A written test's scores come from an exam; the campaign's trainings and exams are those of the training books (QLT-10, QLT-11, QLT-15, QLT-16, QLT-20)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from guanjia import clock
from guanjia.quality.models import Campaign
from guanjia.tenancy.errors import Refused
from guanjia.training.models import Attempt, Exam, Session

from .conftest import planned, reported_exam

OCTOBER = datetime(2026, 10, 12, 2, tzinfo=UTC)


def test_a_written_test_takes_its_scores_from_the_exam(quality):
    """QLT-20: everybody's best paper of a hundred; nothing typed; taken again only who is new."""
    ding = quality.by["ding"]
    exam = reported_exam(quality, (("zhou", 9), ("zhou", 16), ("wu", 20)))
    row = planned(quality, "test")
    with pytest.raises(Refused):
        row.note("周", "90", "少一题", by=ding)
    assert row.take_exam(exam, by=ding) == 2
    assert row.take_exam(exam, by=ding) == 0
    assert {one.who: one.score for one in row.samples.all()} == {quality.zhou.name: Decimal(80), quality.wu.name: Decimal(100)}
    assert all(one.exam_id == exam.pk for one in row.samples.all())
    assert row.finish(by=ding).score == Decimal(90)


def test_only_a_reported_exam_and_only_a_test(quality):
    ding = quality.by["ding"]
    exam = reported_exam(quality)
    Exam.objects.filter(pk=exam.pk).update(reported_at=None)
    exam.refresh_from_db()
    with pytest.raises(Refused):
        planned(quality, "test").take_exam(exam, by=ding)
    with pytest.raises(Refused):
        planned(quality, "questions").take_exam(reported_exam(quality), by=ding)


@pytest.fixture
def campaign(quality):
    with clock.at(OCTOBER):
        yield Campaign.objects.begin(2026, by=quality.by["ding"])


def held(cast, notes=("",)):
    at = clock.now() - timedelta(days=2)
    row = Session.objects.plan("学习制度", "service", at, at + timedelta(hours=2), by=cast.as_("zhao"), trainer=cast.zhao, groups=["cs"], at=at - timedelta(days=3))
    row.tick_off([cast.ming.pk, cast.fang.pk], by=cast.as_("zhao"), at=at)
    row.hold("逐条讲", by=cast.as_("zhao"), at=at + timedelta(hours=2))
    return row


def test_a_step_of_training_is_shown_by_a_training(quality, campaign):
    """QLT-10, QLT-11, QLT-15: who came and who noted is what the training says, now and later; nothing is typed."""
    study, qian = campaign.steps.get(key="study"), quality.as_("qian")
    with pytest.raises(Refused):
        study.show("学习", "学了", by=qian, held_on=OCTOBER.date(), attended=40, notes=40)
    session = held(quality)
    made = study.show_training(session, by=qian)
    assert (made.came, made.noted, made.words) == (2, 0, "逐条讲")
    with pytest.raises(Refused):
        study.show_training(session, by=qian)
    session.attendees.get(person=quality.ming).note("先听后答", by=quality.as_("ming"))
    made.refresh_from_db()
    assert made.noted == 1
    study.deliver(by=qian)


def test_a_training_that_was_not_held_shows_nothing(quality, campaign):
    at = clock.now() + timedelta(days=1)
    row = Session.objects.plan("学习", "service", at, at + timedelta(hours=1), by=quality.as_("zhao"), trainer=quality.zhao, groups=["cs"])
    with pytest.raises(Refused):
        campaign.steps.get(key="study").show_training(row, by=quality.as_("qian"))
    with pytest.raises(Refused):
        campaign.steps.get(key="kickoff").show_training(held(quality), by=quality.as_("qian"))


def test_the_exam_report_is_the_exam(quality, campaign):
    """QLT-16: its figures stand in the evidence."""
    step, ding = campaign.steps.get(key="exam"), quality.by["ding"]
    exam = reported_exam(quality, (("zhou", 16), ("wu", 8)))
    made = step.show_exam(exam, by=ding)
    assert "参加 2 人，通过 1 人，平均 12" in made.words and made.words.endswith("基本掌握")
    step.deliver(by=ding)
    assert Attempt.objects.filter(exam=exam).count() == 2


def test_on_the_page_one_chooses_instead_of_typing(client, quality, campaign):
    """The forms offer held trainings and reported exams; the inspection takes the papers."""
    session, exam = held(quality), reported_exam(quality)
    client.force_login(quality.ding)
    study = campaign.steps.get(key="study")
    page = client.get(f"/e/sunny/quality/steps/{study.pk}/").content.decode()
    assert session.title in page and "id_att" not in page
    assert client.post(f"/e/sunny/quality/steps/{study.pk}/evidence/", {"linked": session.pk}).status_code == 302
    assert client.post(f"/e/sunny/quality/steps/{study.pk}/evidence/", {"linked": session.pk}).status_code == 422
    assert client.post(f"/e/sunny/quality/steps/{study.pk}/evidence/", {"linked": "x"}).status_code == 404
    with clock.at(datetime(2026, 3, 10, 2, tzinfo=UTC)):
        row = planned(quality, "test")
    assert exam.title in client.get(f"/e/sunny/quality/inspections/{row.pk}/").content.decode()
    assert client.post(f"/e/sunny/quality/inspections/{row.pk}/exam/", {"exam": exam.pk}).status_code == 302
    assert row.samples.count() == 1

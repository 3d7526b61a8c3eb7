"""What the books ask of trainings is counted by name (TRN-04, TRN-14, TRN-15, QLT-11, QLT-16, QLT-31)."""

from datetime import timedelta

from guanjia.training.models import Attempt, Certificate, Clearance, Exam, Session
from guanjia.training.starter import take_starter
from tests.cast import TUESDAY
from tests.reports.test_proofs import ask

HOUR = timedelta(hours=1)
THEN = TUESDAY - timedelta(days=20)


def test_trainings_notes_and_exams_are_counted(cast):
    by = cast.as_("zhao")
    row = Session.objects.plan("夜巡", "security", THEN, THEN + HOUR, by=by, trainer=cast.zhao, groups=["order"], at=THEN)
    assert ask(cast, "training_complete") == (1, 0)
    row.sign_in(row.code, by=cast.as_("zheng"), at=THEN)
    row.hold("讲了夜巡", by=by, at=THEN + HOUR)
    assert ask(cast, "notes_kept") == (1, 0)
    row.attendees.get(person=cast.zheng).note("两人一组", by=cast.as_("zheng"), at=THEN + HOUR)
    row.evaluate(4, "抽查合格", by=by, at=THEN + 2 * HOUR)
    assert ask(cast, "training_complete") == ask(cast, "notes_kept") == (1, 1)
    assert ask(cast, "staff_trained")[1] == 1
    take_starter(by=by)
    exam = Exam.objects.set_up("order", "上岗考试", THEN, THEN + 5 * HOUR, by=by, at=THEN)
    Attempt.objects.begin(exam, by=cast.as_("zheng"), at=THEN).give_in(by=cast.as_("zheng"), at=THEN)
    assert ask(cast, "exams_reported") == (1, 0)


def test_certificates_and_reviews_are_counted(cast):
    before = ask(cast, "staff_certified")
    assert before == (7, 0) and ask(cast, "guards_reviewed") == (2, 0)
    Certificate.objects.keep(cast.zheng, "guard", "A-778", by=cast.as_("zhao"), valid_until=TUESDAY.date())
    Certificate.objects.keep(cast.sun, "guard", "A-779", by=cast.as_("zhao"), valid_until=TUESDAY.date() - timedelta(days=1))
    assert ask(cast, "staff_certified") == (7, 1)
    row = Session.objects.plan("夜巡", "security", TUESDAY, TUESDAY + HOUR, by=cast.as_("zhao"), trainer=cast.zhao)
    row.tick_off([cast.zheng.pk], by=cast.as_("zhao"))
    row.hold("讲", by=cast.as_("zhao"))
    Clearance.objects.review(cast.zheng, "order", "合格", by=cast.as_("zhao"))
    assert ask(cast, "guards_reviewed") == (2, 1)

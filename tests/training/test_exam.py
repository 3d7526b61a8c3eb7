"""The exam engine: drawn by rule, saved one by one, marked, told (TRN-05, TRN-08, QLT-16)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.training.drawing import draw
from guanjia.training.judging import checked_key, points, read_answer
from guanjia.training.models import Answer, Attempt, Exam, Question
from guanjia.training.rounds import run_once
from guanjia.training.starter import starter_book, take_starter
from tests.cast import TUESDAY

HOUR = timedelta(hours=1)


def exam(cast, paper="safety", **more):
    take_starter(by=cast.as_("qian"))
    return Exam.objects.set_up(paper, "三月应知考试", TUESDAY, TUESDAY + 4 * HOUR, by=cast.as_("qian"), **more)


def right(attempt):
    """Every answer that the key asks for; words for what a person marks."""
    return {row.place: ["先报警再疏散"] if row.kind == "short" else [str(place) for place in row.key] for row in attempt.answers.all()}


def refused(code, verb):
    with pytest.raises(Refused) as said:
        verb()
    assert said.value.code == code


def test_the_starter_bank_is_taken_over_once(cast):
    """TRN-01: about forty questions in our own words, each with its clause."""
    assert take_starter(by=cast.as_("zhao")) == len(starter_book().questions) >= 40
    Question.objects.get(code="R01").retire(by=cast.as_("zhao"))
    assert take_starter(by=cast.as_("zhao")) == 0
    assert Question.objects.live().filter(code="R01").count() == 0
    with pytest.raises(NotAllowed):
        take_starter(by=cast.as_("ming"))


def test_a_paper_is_drawn_by_rule_and_stored(cast):
    """TRN-08: topics × counts; the same seed is the same paper; what was drawn keeps its words."""
    row = exam(cast)
    by = cast.as_("zhou")
    attempt = Attempt.objects.begin(row, by=by)
    drawn = list(attempt.answers.values_list("place", "stem", "choices"))
    assert len(drawn) == 10 and len({stem for _p, stem, _c in drawn}) == 10
    assert Attempt.objects.begin(row, by=by) == attempt  # pressed twice
    assert [q.topic for q, _w, _o in draw(list(Question.objects.order_by("code")), row.parts, attempt.seed)].count("safety") == 6
    question = attempt.answers.first().question
    Question.objects.filter(pk=question.pk).update(stem="改了")
    assert list(attempt.answers.values_list("place", "stem", "choices")) == drawn
    assert attempt.due_at == TUESDAY + timedelta(minutes=15)
    other = Attempt.objects.begin(row, by=cast.as_("wu"))
    assert list(other.answers.values_list("stem", flat=True)) != [stem for _p, stem, _c in drawn]


def test_answers_are_saved_one_by_one_until_the_deadline(cast):
    """Lost signal loses nothing: what was saved counts; what comes late is refused; a second submit is harmless."""
    row, by = exam(cast), cast.as_("zhou")
    attempt = Attempt.objects.begin(row, by=by)
    answers = right(attempt)
    first, second, *_rest = answers
    assert attempt.answer({first: answers[first]}, by=by) == 1
    refused("not_yours", lambda: attempt.answer({second: answers[second]}, by=cast.as_("wu")))
    late = attempt.due_at
    refused("too_late", lambda: attempt.answer({second: answers[second]}, by=by, at=late))
    attempt.give_in({second: answers[second]}, by=by, at=late)  # the words that came late do not count
    attempt.give_in(answers, by=by, at=late)
    attempt.refresh_from_db()
    assert attempt.ended_at == attempt.due_at
    assert Answer.objects.get(attempt=attempt, place=second).given is None
    assert Answer.objects.get(attempt=attempt, place=first).got > 0 or attempt.answers.get(place=first).kind == "short"
    refused("ended", lambda: attempt.answer({first: answers[first]}, by=by))


def test_the_house_ends_papers_nobody_handed_in(cast):
    row = exam(cast)
    attempt = Attempt.objects.begin(row, by=cast.as_("zhou"))
    assert run_once(TUESDAY + timedelta(minutes=14), cast.sunny)["ended"] == 0
    assert run_once(TUESDAY + timedelta(minutes=15), cast.sunny)["ended"] == 1
    attempt.refresh_from_db()
    assert attempt.score == 0 and attempt.passed is False
    assert run_once(TUESDAY + HOUR, cast.sunny)["ended"] == 0


def test_score_pass_and_attempts(cast):
    """All right passes and is told; nobody sits what they passed; attempts are counted."""
    row, by = exam(cast), cast.as_("zhou")
    wrong = Attempt.objects.begin(row, by=by)
    wrong.give_in(by=by)
    wrong.refresh_from_db()
    assert wrong.passed is False and Event.objects.get(action=Action.EXAM_FAILED).particulars["worker_id"] == cast.zhou.pk
    again = Attempt.objects.begin(row, by=by)
    assert again.number == 2
    again.give_in(right(again), by=by)
    for answer in again.answers.filter(kind="short"):
        again.mark(answer.place, answer.worth, by=cast.as_("zhao"))
    again.refresh_from_db()
    assert again.passed and again.score == 100
    refused("passed", lambda: Attempt.objects.begin(row, by=by))
    with clock.at(row.closes_at):
        refused("not_open", lambda: Attempt.objects.begin(row, by=cast.as_("wu")))


def test_words_are_marked_by_another_person(cast):
    """Short answers wait for a person; the result is told when the last is marked."""
    Question.objects.keep("X1", {"kind": "short", "topic": "safety", "stem": "写出报警要点", "answer": "地点、火势、联系人"}, by=cast.as_("qian"))
    row = exam(cast)
    Exam.objects.filter(pk=row.pk).update(parts=[{"topic": "safety", "count": 1, "points": "10", "kind": "short"}])
    attempt = Attempt.objects.begin(row, by=cast.as_("zhao"))
    attempt.give_in({1: ["地点和火势"]}, by=cast.as_("zhao"))
    attempt.refresh_from_db()
    assert attempt.ended_at and attempt.score is None
    refused("own_paper", lambda: attempt.mark(1, Decimal(10), by=cast.as_("zhao")))
    with pytest.raises(NotAllowed):
        attempt.mark(1, Decimal(10), by=cast.as_("zhou"))
    refused("bad_points", lambda: attempt.mark(1, Decimal(11), by=cast.as_("qian")))
    refused("unfinished", lambda: row.report("", by=cast.as_("qian")))
    attempt.mark(1, Decimal(8), "漏了联系人", by=cast.as_("qian"))
    attempt.refresh_from_db()
    assert attempt.score == 8 and attempt.passed
    refused("not_now", lambda: attempt.mark(1, Decimal(9), by=cast.as_("qian")))
    row.report("一人参加", by=cast.as_("qian"))
    refused("reported", lambda: row.report("", by=cast.as_("qian")))


def test_only_its_posts_sit_it_and_the_bank_must_suffice(cast):
    row = exam(cast, "order")
    refused("not_yours", lambda: Attempt.objects.begin(row, by=cast.as_("zhou")))
    assert Attempt.objects.begin(row, by=cast.as_("zheng")).number == 1
    for question in Question.objects.filter(topic="safety")[:8]:
        question.retire(by=cast.as_("qian"))
    refused("too_few", lambda: exam_of(cast))


def exam_of(cast):
    return Exam.objects.set_up("order", "再考", TUESDAY, TUESDAY + HOUR, by=cast.as_("qian"))


@settings(max_examples=40, deadline=None)
@given(st.sets(st.integers(0, 5), min_size=1), st.lists(st.text(max_size=3), max_size=4))
def test_an_answer_is_right_or_nothing(key, raw):
    """All or nothing, whatever is sent; nonsense is no answer."""
    kind = "single" if len(key) == 1 else "multiple"
    known = checked_key(kind, list("abcdef"), list(key))
    assert points(kind, known, read_answer(kind, 6, [str(place) for place in key]), Decimal(5)) == 5
    given = read_answer(kind, 6, raw)
    assert given is None or all(0 <= place < 6 for place in given)
    assert points(kind, known, given, Decimal(5)) == (5 if given == known else 0)


@pytest.mark.parametrize(
    ("kind", "choices", "key"),
    [("single", ["a"], [0]), ("single", ["a", "b"], [0, 1]), ("single", ["a", "b"], [2]), ("multiple", ["a", "b"], [0]), ("single", ["a", "a"], [0]), ("true_false", [], [2])],
)
def test_a_key_that_nobody_could_meet_is_refused(kind, choices, key):
    with pytest.raises(Refused):
        checked_key(kind, choices, key)

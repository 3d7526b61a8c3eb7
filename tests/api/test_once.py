"""Idempotency keys: sent again, done once (issue 2.9; design §8: a failed commit is sometimes a committed one)."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from guanjia import clock
from guanjia.api import once as once_module
from guanjia.events.models import Event, Once
from guanjia.tenancy.scope import estate_scope
from guanjia.tickets.models import Photo, Ticket
from tests.cast import TUESDAY, build_cast

from .conftest import Caller
from .test_acts import picture
from .test_door import is_problem


def test_the_same_again_is_answered_the_same(api, cast):
    first = api("mei").post("/tickets", key="k1", words="厨房漏水")
    again = api("mei").post("/tickets", key="k1", words="厨房漏水")
    assert first.status_code == again.status_code == 201 and first.json() == again.json()
    assert first.headers["Location"] == again.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true" and "Idempotency-Replayed" not in first.headers
    assert Ticket.objects.at_estate(cast.sunny).count() == 1


def test_a_key_belongs_to_one_request_of_one_person(api, cast):
    assert api("mei").post("/tickets", key="k1", words="厨房漏水").status_code == 201
    assert is_problem(api("mei").post("/tickets", key="k1", words="客厅漏水"), 422, "key_reused")
    assert api("lu").post("/tickets", key="k1", words="客厅漏水").status_code == 201
    assert Ticket.objects.at_estate(cast.sunny).count() == 2


def test_without_a_key_nothing_is_remembered(api, cast):
    assert [api("mei").post("/tickets", words="厨房漏水").status_code for _ in range(2)] == [201, 201]
    assert not Once.objects.at_estate(cast.sunny).exists()


@pytest.mark.parametrize("key", ["x" * 81, "a b", "中文"])
def test_a_bad_key_is_refused(api, key):
    assert is_problem(api("mei").post("/tickets", key=key, words="漏水"), 400, "bad_key")


def test_a_verb_is_done_once(api, cast, classified):
    """Two words of progress would be two messages to the resident."""
    address = f"/tickets/{classified.number}/progress"
    assert [api("ming").post(address, key="k", words="在路上").status_code for _ in range(3)] == [200, 200, 200]
    assert Event.objects.about(classified).filter(action="ticket.responded").count() == 1
    assert not Event.objects.about(classified).filter(action="ticket.progressed").exists()


def test_what_was_refused_may_be_tried_again(api, cast, ticket):
    """Only what was done is remembered."""
    address = f"/tickets/{ticket.number}/completion"
    assert is_problem(api("ming").post(address, key="k", words="好了"), 409)
    assert not Once.objects.at_estate(cast.sunny).exists()
    ticket.classify(by=cast.as_("ming"), klass="urgent", category="leak")
    assert api("ming").post(address, key="k", words="好了").status_code == 200


def test_the_same_photos_are_kept_once(api, cast, ticket, settings, tmp_path):
    """A form's boundary differs each time; its parts do not."""
    settings.MEDIA_ROOT = tmp_path
    content = picture()
    send = lambda body: api("mei").form(f"/tickets/{ticket.number}/photos", key="k", photos=[SimpleUploadedFile("a.jpg", body)])  # noqa: E731
    assert send(content).json() == send(content).json()
    assert Photo.objects.at_estate(cast.sunny).count() == 1
    assert is_problem(send(picture("PNG")), 422, "key_reused")


def test_an_anonymous_complaint_is_once_and_yet_nobodys(api, cast):
    """Nothing kept leads from the complaint back to its reporter; an answer that was lost is given again."""
    first, again = (api("mei").post("/tickets", key="k1", words="保洁敷衍", kind="complaint", anonymous=True).json() for _ in range(2))
    assert first == again and first["way_back"]
    assert not Once.objects.at_estate(cast.sunny).exists()
    assert api("lu").post("/tickets", key="k1", words="保洁敷衍", kind="complaint", anonymous=True).json()["number"] != first["number"]


def test_dying_before_the_answer_leaves_nothing_half(api, cast, monkeypatch):
    """The answer and the act are one transaction."""

    def die(*_args, **_more):
        raise MemoryError("killed")

    with monkeypatch.context() as broken:
        broken.setattr(once_module, "_keep", die)
        assert is_problem(api("mei").post("/tickets", key="k1", words="厨房漏水"), 500, "broken")
    assert not Ticket.objects.at_estate(cast.sunny).exists() and not Once.objects.at_estate(cast.sunny).exists()
    assert api("mei").post("/tickets", key="k1", words="厨房漏水").status_code == 201


def test_answers_are_forgotten_in_time(api, cast):
    api("mei").post("/tickets", key="k1", words="厨房漏水")
    assert once_module.forget_answers(cast.sunny, TUESDAY + timedelta(days=29)) == 0
    assert once_module.forget_answers(cast.sunny, TUESDAY + timedelta(days=31)) == 1


@pytest.fixture
def world(transactional_db):
    """A committed world, for callers on connections of their own."""
    with clock.at(TUESDAY):
        yield build_cast()


def at_once(*calls):
    """Run the calls side by side; their answers in order."""
    ready, answers = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place, call):
        ready.wait()
        try:
            with clock.at(TUESDAY):
                answers[place] = call()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.parametrize("anonymous", [False, True])
def test_two_at_once_are_one(world, anonymous):
    """The second waits for the first and gets its answer."""
    callers = [Caller(world.mei) for _ in range(4)]
    body = {"words": "保洁敷衍", "kind": "complaint", "anonymous": anonymous}
    answers = at_once(*[lambda each=each: each.post("/tickets", key="k1", **body) for each in callers])
    assert [each.status_code for each in answers] == [201] * 4, [each.content for each in answers]
    assert len({each.json()["number"] for each in answers}) == 1
    replayed = [each for each in answers if each.headers.get("Idempotency-Replayed")]
    assert len(replayed) == (0 if anonymous else 3)
    with estate_scope(world.sunny):
        assert Ticket.objects.at_estate(world.sunny).count() == 1


def test_two_different_requests_at_once_under_one_key(world):
    callers = [Caller(world.mei) for _ in range(2)]
    answers = at_once(*[lambda n=n, each=each: each.post("/tickets", key="k1", words=f"漏水 {n}") for n, each in enumerate(callers)])
    assert sorted(each.status_code for each in answers) == [201, 422]


def test_two_verbs_at_once_are_told_apart(world):
    """Without a key: one is done, the other hears that it was too late."""
    with estate_scope(world.sunny):
        from guanjia.people.reach import reach_of

        ming = reach_of(world.ming, world.sunny)
        ticket = Ticket.objects.report(by=ming, estate=world.sunny, words="漏水", unit=world.home)
        ticket.classify(by=ming, klass="urgent", category="leak")
    callers = [Caller(world.ming) for _ in range(3)]
    answers = at_once(*[lambda each=each: each.post(f"/tickets/{ticket.number}/completion", words="好了") for each in callers])
    assert sorted(each.status_code for each in answers) == [200, 409, 409]

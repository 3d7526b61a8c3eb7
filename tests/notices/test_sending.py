"""Sent once, or again after a crash under the same id (issue 2, point 8)."""

import hashlib
import hmac
from datetime import timedelta

import pytest
from django.core import mail

from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.notices import sending
from guanjia.notices.deliver import fan_out
from guanjia.notices.loop import run_once
from guanjia.notices.models import Delivery, State
from guanjia.people.models import Person
from tests.cast import TUESDAY


@pytest.fixture
def letter(cast, ticket):
    """One e-mail that waits for 李明."""
    fan_out(TUESDAY)
    return Delivery.objects.get(channel="email")


def test_a_letter_goes_out_once(cast, letter):
    assert sending.send_due(TUESDAY) == 1
    assert sending.send_due(TUESDAY + timedelta(days=1)) == 0
    (sent,) = mail.outbox
    assert sent.to == ["ming@example.com"] and sent.subject.startswith("[阳光花园] 新报事 ")
    assert "厨房漏水" in sent.body and "3-1-501" in sent.body
    letter.refresh_from_db()
    assert (letter.state, letter.next_at, letter.sent_at) == (State.SENT, None, TUESDAY)


def test_after_a_crash_between_sending_and_marking_the_id_is_the_same(cast, letter, monkeypatch):
    with monkeypatch.context() as crash:
        crash.setattr(sending, "settle", lambda *_words: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            sending.send_due(TUESDAY)
    assert sending.send_due(TUESDAY + timedelta(minutes=4)) == 0  # the lease still runs
    assert sending.send_due(TUESDAY + timedelta(minutes=5)) == 1
    ids = {sent.extra_headers["Message-ID"] for sent in mail.outbox}
    assert len(mail.outbox) == 2 and len(ids) == 1


def test_a_sender_whose_lease_ran_out_marks_nothing(cast, letter):
    slow = sending.claim(cast.sunny, "email", TUESDAY)
    quick = sending.claim(cast.sunny, "email", TUESDAY + timedelta(minutes=5))
    assert [row.pk for row in slow] == [row.pk for row in quick] == [letter.pk]
    assert sending.settle(cast.sunny, slow, {letter.pk: "late"}, TUESDAY) == 0
    assert sending.settle(cast.sunny, quick, {letter.pk: "right"}, TUESDAY) == 1


def test_a_broken_mail_server_is_asked_again_with_growing_patience(cast, letter, settings):
    settings.EMAIL_BACKEND = "tests.notices.broken.Backend"
    now, waits = TUESDAY, []
    for _n in range(sending.MOST):
        sending.send_due(now)
        letter.refresh_from_db()
        if letter.next_at:
            waits.append(letter.next_at - now)
            now = letter.next_at
    assert letter.state == State.GIVEN_UP and letter.attempts == sending.MOST and "broken" in letter.last_error
    assert waits == sorted(waits) and waits[0] == timedelta(seconds=30) and waits[-1] == timedelta(hours=6)
    event = Event.objects.get(action=Action.NOTICE_FAILED)
    assert event.subject_id == letter.pk and not Delivery.objects.filter(event_id=event.pk).exists()


def test_who_is_out_gets_no_letter_that_waits_already(cast, letter):
    Person.objects.filter(pk=cast.ming.pk).update(is_active=False)
    assert sending.send_due(TUESDAY) == 0 and not mail.outbox
    letter.refresh_from_db()
    assert letter.state == State.GIVEN_UP


def test_no_line_break_gets_into_a_header(cast, letter):
    Delivery.objects.filter(pk=letter.pk).update(title="新报事\r\nBcc: all@example.com")
    assert sending.send_due(TUESDAY) == 1
    assert "\n" not in mail.outbox[0].subject


def test_a_letter_speaks_its_readers_language(cast, letter):
    """The subject's frame is the reader's; the words of the report are the reporter's."""
    from django.utils import translation

    Person.objects.filter(pk=cast.ming.pk).update(language="en")
    with translation.override("zh-hans"):
        sending.send_due(TUESDAY)
        assert translation.get_language() == "zh-hans"
    assert len(mail.outbox) == 1


def test_a_webhook_is_signed_and_named(cast, hook, ticket, listener):
    assert run_once(TUESDAY)["delivered"] >= 3  # inbox, letter, webhook
    (got,) = listener.got
    row = Delivery.objects.get(channel="webhook")
    assert got.path == "/hook?x=1" and got.headers["Guanjia-Id"] == str(row.pk) == got.said["id"]
    assert got.said["action"] == "ticket.reported" and got.said["estate"] == "sunny"
    assert got.said["subject"] == {"type": "ticket", "id": ticket.pk} and got.said["sentence"] == "梅女士报事"
    stamp, mac = (part.split("=")[1] for part in got.headers["Guanjia-Signature"].split(","))
    assert int(stamp) == int(TUESDAY.timestamp())
    assert mac == hmac.new(hook.secret.encode(), f"{stamp}.".encode() + got.body, hashlib.sha256).hexdigest()
    run_once(TUESDAY + timedelta(days=1))
    assert len(listener.got) == 1


def test_a_repeated_webhook_has_the_same_id(cast, hook, ticket, listener):
    fan_out(TUESDAY)
    claimed = sending.claim(cast.sunny, "webhook", TUESDAY)
    sending.SENDERS["webhook"](cast.sunny, claimed, TUESDAY)  # and then the process dies
    sending.send_due(TUESDAY + timedelta(minutes=5))
    one, other = listener.got
    assert one.headers["Guanjia-Id"] == other.headers["Guanjia-Id"] and one.body == other.body


def test_only_what_was_subscribed(cast, hook, ticket, listener):
    Event.objects.record(Action.TICKET_URGED, ticket, at=TUESDAY)
    run_once(TUESDAY)
    assert [got.said["action"] for got in listener.got] == ["ticket.reported"]


def test_both_secrets_sign_for_a_day_after_a_rotation(cast, hook, ticket, listener):
    old = hook.secret
    new = hook.rotate(by=cast.as_("qian"), at=TUESDAY)
    assert new != old and hook.secrets(TUESDAY + timedelta(hours=23)) == [new, old]
    assert hook.secrets(TUESDAY + timedelta(hours=24)) == [new]
    run_once(TUESDAY)
    assert listener.got[0].headers["Guanjia-Signature"].count("v1=") == 2


@pytest.mark.parametrize(
    ("status", "state"), [(500, State.FAILED), (404, State.FAILED), (302, State.FAILED), (410, State.GIVEN_UP)]
)
def test_what_is_not_taken_is_tried_again(cast, hook, ticket, listener, status, state):
    listener.answer = status
    run_once(TUESDAY)
    row = Delivery.objects.get(channel="webhook")
    assert row.state == state and row.last_error == f"HTTP {status}"
    assert len(listener.got) == 1  # a redirect is not followed
    listener.answer = 204
    run_once(TUESDAY + timedelta(seconds=30))
    row.refresh_from_db()
    assert row.state == (State.SENT if state == State.FAILED else state)


def test_one_that_always_fails_is_paused_and_the_manager_hears_it_once(cast, hook, ticket, listener):
    listener.answer = 410
    for _n in range(12):
        Event.objects.record(Action.TICKET_REPORTED, ticket, at=TUESDAY)
    run_once(TUESDAY)
    run_once(TUESDAY)
    hook.refresh_from_db()
    assert not hook.active
    told = Delivery.objects.filter(title="系统对接已暂停")
    assert [row.person.username for row in told] == ["qian"]
    before = len(listener.got)
    Event.objects.record(Action.TICKET_REPORTED, ticket, at=TUESDAY)
    run_once(TUESDAY)
    assert len(listener.got) == before


def test_success_clears_the_count(cast, hook, ticket, listener):
    type(hook).objects.filter(pk=hook.pk).update(failures=9)
    run_once(TUESDAY)
    hook.refresh_from_db()
    assert hook.failures == 0


def test_the_secret_is_sealed(cast, hook):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM notices_subscription")
        assert hook.secret not in cursor.fetchone()[0]

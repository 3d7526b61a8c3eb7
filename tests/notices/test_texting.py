"""Text messages on their way to the provider."""

from datetime import timedelta

import pytest

from guanjia.notices.models import Sms
from guanjia.notices.ports import NotSent
from guanjia.notices.texting import send_texts
from tests.cast import TUESDAY

pytestmark = pytest.mark.django_db


class Provider:
    """Takes what it is given; `fails` says otherwise."""

    keeps_words = False
    got, fails = [], None

    def send(self, phone, words, key):
        self.got.append((phone, words, key))
        if self.fails:
            raise self.fails
        return "id-1"


@pytest.fixture
def provider(settings):
    settings.SMS_PORT = f"{__name__}.Provider"
    import sys

    sys.modules.setdefault(__name__, sys.modules[Provider.__module__])
    Provider.got, Provider.fails = [], None
    return Provider


@pytest.fixture
def text(provider):
    return Sms.objects.queue("+8613800138000", "验证码 123456", TUESDAY)


def test_sent_once_and_forgotten(text, provider):
    assert send_texts(TUESDAY) == 1 and send_texts(TUESDAY + timedelta(minutes=2)) == 0
    text.refresh_from_db()
    assert (text.words, text.external_id, len(provider.got)) == ("", "id-1", 1)


def test_repeated_under_the_same_key_while_it_is_worth_it(text, provider):
    provider.fails = NotSent("busy")
    send_texts(TUESDAY)
    provider.fails = None
    assert send_texts(TUESDAY + timedelta(seconds=10)) == 1
    assert len({key for _phone, _words, key in provider.got}) == 1


def test_a_code_that_came_too_late_is_not_sent(text, provider):
    assert send_texts(TUESDAY + timedelta(minutes=5)) == 0 and not provider.got


def test_without_a_provider_nothing_pretends(text, settings):
    settings.SMS_PORT = "guanjia.notices.ports.NoSms"
    assert send_texts(TUESDAY) == 0
    text.refresh_from_db()
    assert "GUANJIA_SMS_PORT" in text.last_error and text.next_at is None


def test_words_are_sealed(text):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM notices_sms")
        assert "123456" not in cursor.fetchone()[0]

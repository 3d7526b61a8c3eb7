"""Bearer tokens for the API."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command

from guanjia import clock
from guanjia.people import sessions, tokens
from guanjia.people.models import Token
from guanjia.tenancy.errors import Refused
from tests.cast import TUESDAY


def test_a_token_is_its_person_until_it_expires(cast):
    clear = tokens.issue(cast.ming, "test", days=1)
    assert tokens.person_of(clear) == cast.ming
    assert tokens.person_of(clear, TUESDAY + timedelta(days=1)) is None
    assert clear not in str(list(Token.objects.values_list()))


@pytest.mark.parametrize("word", ["", "gj_", "gj_nothing", "x" * 5000, "gj_" + "x" * 5000, "令牌"])
def test_what_is_no_token(cast, word):
    assert tokens.person_of(word) is None


def test_revoked_and_deactivated_are_nobody(cast):
    one, other = tokens.issue(cast.ming), tokens.issue(cast.fang)
    tokens.revoke(Token.objects.get(person=cast.ming))
    sessions.deactivate(cast.fang)
    assert tokens.person_of(one) is None and tokens.person_of(other) is None
    with pytest.raises(Refused):
        tokens.issue(cast.fang)


def test_one_query(cast, django_assert_num_queries):
    clear = tokens.issue(cast.ming)
    with django_assert_num_queries(1):
        tokens.person_of(clear)


def test_the_command(cast, capsys):
    call_command("token", "ming", "--json")
    clear = json.loads(capsys.readouterr().out)["token"]
    with clock.at(TUESDAY):
        assert tokens.person_of(clear) == cast.ming
    with pytest.raises(SystemExit) as refused:
        call_command("token", "nobody", "--json")
    assert refused.value.code == 1

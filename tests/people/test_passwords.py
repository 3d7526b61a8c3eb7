"""Guessing passwords gets slower and slower, in every process."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from guanjia.people import passwords
from guanjia.people.models import Throttle
from guanjia.tenancy.errors import Refused
from tests.cast import PASSWORD, TUESDAY


@pytest.fixture
def jing(cast):
    cast.jing.set_password(PASSWORD)
    cast.jing.save()
    return cast.jing


def guess(times, at=TUESDAY, username="jing", address="1.2.3.4"):
    for _n in range(times):
        assert passwords.check(username, "wrong", address, at) is None


def test_five_wrong_ones_and_even_the_right_one_waits(jing):
    guess(5)
    with pytest.raises(Refused):
        passwords.check("jing", PASSWORD, "1.2.3.4", TUESDAY)
    assert passwords.check("jing", PASSWORD, "5.6.7.8", TUESDAY) == jing  # the owner elsewhere is not locked out
    assert passwords.check("jing", PASSWORD, "1.2.3.4", TUESDAY + timedelta(seconds=31)) == jing


def test_the_wait_grows(jing):
    guess(5)
    later = TUESDAY + timedelta(seconds=31)
    guess(1, later)
    with pytest.raises(Refused):
        passwords.check("jing", PASSWORD, "1.2.3.4", later + timedelta(seconds=59))
    guess(1, later + timedelta(seconds=61))
    assert Throttle.objects.get(key="pair jing 1.2.3.4").blocked_until == later + timedelta(seconds=61 + 120)


def test_success_forgives_the_pair_but_not_the_address(jing):
    guess(4)
    assert passwords.check("jing", PASSWORD, "1.2.3.4", TUESDAY) == jing
    guess(4)
    assert Throttle.objects.get(key="address 1.2.3.4").failures == 8


def test_many_addresses_against_one_name_wait_too(jing):
    for n in range(30):
        guess(1, address=f"10.0.0.{n}")
    with pytest.raises(Refused):
        passwords.check("jing", "wrong", "10.0.1.1", TUESDAY)


def test_capitals_and_blanks_are_no_way_round(jing):
    for name in ("jing", "JING", " jing", "Jing ", "jinG"):
        guess(1, username=name)
    with pytest.raises(Refused):
        passwords.check("jing", PASSWORD, "1.2.3.4", TUESDAY)


@pytest.mark.django_db(transaction=True)
def test_processes_that_guess_at_once_are_all_counted():
    """Each on its own connection, as several processes are."""
    ready, let_through = Barrier(12), []

    def attempt():
        ready.wait()
        let_through.append(Throttle.objects.attempt("race", TUESDAY, 5))
        connection.close()

    threads = [Thread(target=attempt) for _n in range(12)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert Throttle.objects.get(key="race").failures == sum(let_through)
    assert Throttle.objects.attempt("race", TUESDAY, 5) is False

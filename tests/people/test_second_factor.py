"""TOTP and recovery codes."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from guanjia.people import second_factor
from guanjia.people.models import RecoveryCode, SecondFactor
from guanjia.people.second_factor import hotp
from guanjia.tenancy.errors import Refused
from tests.cast import TUESDAY

STEP = int(TUESDAY.timestamp()) // 30


@pytest.fixture
def secret(cast):
    row = second_factor.begin(cast.jing, TUESDAY)
    cast.spare = second_factor.confirm(cast.jing, hotp(row.secret, STEP - 1), TUESDAY)
    return row.secret


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_the_numbers_of_rfc_6238(seconds, code):
    assert hotp(base64.b32encode(b"12345678901234567890").decode(), seconds // 30) == code


def test_it_counts_only_once_confirmed(cast):
    row = second_factor.begin(cast.jing, TUESDAY)
    assert not second_factor.is_enrolled(cast.jing)
    assert second_factor.begin(cast.jing, TUESDAY).secret == row.secret  # a reload shows the same
    with pytest.raises(Refused):
        second_factor.confirm(cast.jing, "000000", TUESDAY)
    assert len(second_factor.confirm(cast.jing, hotp(row.secret, STEP), TUESDAY)) == 10
    with pytest.raises(Refused):
        second_factor.begin(cast.jing, TUESDAY)


def test_a_code_is_good_once_and_within_a_step(cast, secret):
    assert not second_factor.check(cast.jing, hotp(secret, STEP - 1), TUESDAY)  # used at confirmation
    assert second_factor.check(cast.jing, hotp(secret, STEP + 1), TUESDAY)
    assert not second_factor.check(cast.jing, hotp(secret, STEP + 1), TUESDAY)
    assert not second_factor.check(cast.jing, hotp(secret, STEP), TUESDAY)  # older than one used
    assert not second_factor.check(cast.jing, hotp(secret, STEP + 9), TUESDAY)


def test_a_recovery_code_is_good_once(cast, secret):
    assert second_factor.check(cast.jing, f" {cast.spare[0].upper()} ", TUESDAY)
    assert not second_factor.check(cast.jing, cast.spare[0], TUESDAY)
    assert not second_factor.check(cast.qian, cast.spare[1], TUESDAY)


def test_wrong_ones_must_wait(cast, secret):
    for _n in range(5):
        assert not second_factor.check(cast.jing, "000000", TUESDAY)
    with pytest.raises(Refused):
        second_factor.check(cast.jing, hotp(secret, STEP), TUESDAY)
    later = TUESDAY + timedelta(seconds=31)
    assert second_factor.check(cast.jing, hotp(secret, STEP + 1), later)


def test_the_secret_is_sealed_and_codes_are_digests(cast, secret):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM people_secondfactor")
        assert secret not in cursor.fetchone()[0]
    assert cast.spare[0].replace("-", "") not in str(list(RecoveryCode.objects.values_list()))


def test_taking_it_off(cast, secret):
    second_factor.remove(cast.jing)
    assert (
        not second_factor.is_enrolled(cast.jing)
        and not SecondFactor.objects.exists()
        and not RecoveryCode.objects.exists()
    )


def test_the_time_is_utc():
    assert (
        hotp(
            base64.b32encode(b"12345678901234567890").decode(),
            int(datetime(1970, 1, 1, 0, 0, 59, tzinfo=UTC).timestamp()) // 30,
        )
        == "287082"
    )

"""Codes from an authenticator app (RFC 6238: SHA-1, 30 s, six digits) and recovery codes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from django.db import transaction
from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.tenancy.errors import Refused

from .models import RecoveryCode, SecondFactor, Throttle

if TYPE_CHECKING:
    from datetime import datetime

    from .models import Person

PERIOD = 30  # seconds
DRIFT = 1  # steps a device's clock may be off, either way
ALLOWED = 5  # wrong codes before waiting begins
RECOVERY_CODES = 10


def hotp(secret: str, counter: int) -> str:
    """RFC 4226: six digits for a base32 secret and a counter."""
    mac = hmac.new(base64.b32decode(secret), counter.to_bytes(8, "big"), hashlib.sha1).digest()
    start = mac[-1] & 0xF
    return f"{(int.from_bytes(mac[start : start + 4], 'big') & 0x7FFFFFFF) % 10**6:06d}"


def is_enrolled(person: Person) -> bool:
    return SecondFactor.objects.filter(person=person, confirmed_at__isnull=False).exists()


def begin(person: Person, at: datetime | None = None) -> SecondFactor:
    """A secret to be shown and then confirmed; asked again before that, the same one."""
    row, _made = SecondFactor.objects.get_or_create(
        person=person,
        defaults={"secret": base64.b32encode(secrets.token_bytes(20)).decode(), "made_at": at or clock.now()},
    )
    if row.confirmed_at:
        raise Refused(_("已经开启了动态口令。"), code="already_enrolled")
    return row


def confirm(person: Person, code: str, at: datetime | None = None) -> list[str]:
    """Turn it on with a first code; returns the recovery codes, shown once."""
    at = at or clock.now()
    with transaction.atomic():
        row = begin(person, at)
        if not _take(row, code, at):
            raise Refused(_("动态口令不对，请核对手机时间后再试。"), code="wrong_code")
        SecondFactor.objects.filter(pk=row.pk).update(confirmed_at=at)
        return new_recovery_codes(person)


def check(person: Person, code: str, at: datetime | None = None) -> bool:
    """A fresh code of the app, or a recovery code, each good once. Refused after too many wrong ones."""
    at = at or clock.now()
    key = f"second {person.pk}"
    if not Throttle.objects.attempt(key, at, ALLOWED):
        raise Refused(_("尝试次数太多，请稍后再试。"), code="too_often")
    row = SecondFactor.objects.filter(person=person, confirmed_at__isnull=False).first()
    plain = "".join(code.split()).replace("-", "").lower()
    if row is None or not (_take(row, plain, at) or _spend(person, plain, at)):
        return False
    Throttle.objects.forgive(key)
    return True


def remove(person: Person) -> None:
    with transaction.atomic():
        SecondFactor.objects.filter(person=person).delete()
        RecoveryCode.objects.filter(person=person).delete()


def new_recovery_codes(person: Person) -> list[str]:
    """Ten new ones in place of the old."""
    made = [secrets.token_hex(5) for _n in range(RECOVERY_CODES)]
    with transaction.atomic():
        RecoveryCode.objects.filter(person=person).delete()
        RecoveryCode.objects.bulk_create(RecoveryCode(person=person, digest=_digest(person, code)) for code in made)
    return [f"{code[:5]}-{code[5:]}" for code in made]


def address_for_app(person: Person, secret: str) -> str:
    """What the QR code says to the authenticator app."""
    issuer = "Guanjia"
    query = urlencode({"secret": secret, "issuer": issuer, "period": PERIOD, "digits": 6})
    return f"otpauth://totp/{quote(issuer)}:{quote(person.username)}?{query}"


def _take(row: SecondFactor, code: str, at: datetime) -> bool:
    """A code whose time step is newer than any used before; two that race for it are told apart by the database."""
    now = int(at.timestamp()) // PERIOD
    for step in range(now - DRIFT, now + DRIFT + 1):
        if constant_time_compare(hotp(row.secret, step), code):
            return bool(SecondFactor.objects.filter(pk=row.pk, last_step__lt=step).update(last_step=step))
    return False


def _spend(person: Person, code: str, at: datetime) -> bool:
    mine = Q(person=person, digest=_digest(person, code), used_at__isnull=True)
    return bool(RecoveryCode.objects.filter(mine).update(used_at=at))


def _digest(person: Person, code: str) -> str:
    return salted_hmac("guanjia.people.recovery", f"{person.pk}:{code}", algorithm="sha256").hexdigest()

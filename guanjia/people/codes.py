"""Signing in by phone and one-time code. Nothing here tells whether a phone is known."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.tenancy.errors import Refused

from .models import SignInCode
from .residents import is_known, resident_of

if TYPE_CHECKING:
    from datetime import datetime

    from .models import Person

LIFE = timedelta(minutes=5)
AGAIN = timedelta(seconds=60)
TRIES = 5
PER_PHONE = 5  # an hour
DEMO_CODE = "246810"


def ask(phone: str, address: str, at: datetime | None = None) -> None:
    """Send a code to a phone (E.164). Refused when asked too often; the same for known and unknown phones."""
    at = at or clock.now()
    with transaction.atomic():
        _queue_up(phone, address)
        _not_too_often(phone, address, at)
        row = SignInCode.objects.create(phone=phone, address=address, made_at=at, expires_at=at + LIFE)
        if is_known(phone):
            code = DEMO_CODE if settings.DEMO else f"{secrets.randbelow(10**6):06d}"
            row.digest = digest(row, code)
            row.save(update_fields=["digest"])
            _send(phone, code, at)


def redeem(phone: str, given: str, at: datetime | None = None) -> Person | None:
    """The resident, once, or None: wrong, used, too old, too often tried, or nobody."""
    at = at or clock.now()
    row = SignInCode.objects.filter(phone=phone).order_by("-made_at", "-pk").first()
    if row is None:
        return None
    fresh = SignInCode.objects.filter(pk=row.pk, used_at__isnull=True, expires_at__gt=at, made_at__lte=at)
    if not fresh.filter(tries__lt=TRIES).update(tries=F("tries") + 1):  # counted before it is looked at
        return None
    if not row.digest or not constant_time_compare(row.digest, digest(row, given.strip())):
        return None
    with transaction.atomic():
        return resident_of(phone, at) if fresh.update(used_at=at) else None


def digest(row: SignInCode, code: str) -> str:
    """Keyed, because a million codes are quickly hashed."""
    return salted_hmac("guanjia.people.code", f"{row.pk}:{row.phone}:{code}", algorithm="sha256").hexdigest()


def forget_old(at: datetime) -> int:
    """Remove codes that count for nothing any more; the worker calls it."""
    return SignInCode.objects.filter(made_at__lt=at - timedelta(days=1)).delete()[0]


def _queue_up(*keys: str) -> None:
    """Those who ask for one phone or from one address at the same moment come one after another."""
    with connection.cursor() as cursor:
        for key in sorted(keys):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"sign-in {key}"])


def _not_too_often(phone: str, address: str, at: datetime) -> None:
    lately = SignInCode.objects.filter(made_at__gt=at - timedelta(hours=1))
    mine = lately.filter(phone=phone)
    if mine.filter(made_at__gt=at - AGAIN).exists():
        raise Refused(_("验证码刚刚发出，请 60 秒后再试。"), code="too_soon")
    per_address = getattr(settings, "SIGN_IN_CODES_PER_ADDRESS", PER_PHONE)
    if mine.count() >= PER_PHONE or lately.filter(address=address).count() >= per_address:
        raise Refused(_("获取验证码太频繁，请一小时后再试，或拨打服务电话。"), code="too_often")


def _send(phone: str, code: str, at: datetime) -> None:
    words = _("验证码 %(code)s，5 分钟内有效。请勿告诉他人。") % {"code": code}
    apps.get_model("notices", "Sms").objects.queue(phone, words, at)

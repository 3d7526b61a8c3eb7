"""Bearer tokens for the API: shown once, kept as a digest."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from guanjia import clock
from guanjia.tenancy.errors import Refused

from .models import Person, Token

if TYPE_CHECKING:
    from datetime import datetime

PREFIX = "gj_"  # so that a leaked token is recognised by scanners


def issue(person: Person, name: str = "", days: int | None = 30, at: datetime | None = None) -> str:
    """A new token in clear; nobody can read it again. `days=None` never expires."""
    at = at or clock.now()
    if not person.is_active:
        raise Refused(f"{person.username} is not active", code="not_active")
    clear = PREFIX + secrets.token_urlsafe(32)
    expires_at = at + timedelta(days=days) if days is not None else None
    Token.objects.create(person=person, digest=digest(clear), name=name[:60], made_at=at, expires_at=expires_at)
    return clear


def person_of(clear: str, at: datetime | None = None) -> Person | None:
    """Whose token it is, or None: unknown, revoked, too old, or the person is out. One query by unique key."""
    if not clear.startswith(PREFIX) or len(clear) > 100:
        return None
    good = Q(expires_at__isnull=True) | Q(expires_at__gt=at or clock.now())
    row = Token.objects.select_related("person").filter(good, digest=digest(clear), revoked_at__isnull=True).first()
    return row.person if row and row.person.is_active else None


def revoke(token: Token, at: datetime | None = None) -> None:
    """Good for nothing from now on. Harmless when done twice."""
    Token.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=at or clock.now())


def digest(clear: str) -> str:
    """Not keyed: the token itself holds 256 random bits."""
    return hashlib.sha256(clear.encode()).hexdigest()

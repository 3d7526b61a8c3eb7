"""Encryption at rest for identity numbers (HSE-14, design §7)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


@cache
def _fernet() -> MultiFernet:
    """The first key encrypts, the others still decrypt: keys can be turned over."""
    return MultiFernet([Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())) for key in settings.DATA_KEYS])


def fingerprint(text: str) -> str:
    """A keyed digest: equality without reading (finding the same person twice)."""
    return hmac.new(settings.DATA_KEYS[-1].encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


class SealedField(models.TextField):
    """Text that is encrypted in the database and clear in Python. It can be neither searched nor sorted."""

    def get_prep_value(self, value: Any) -> Any:
        return _fernet().encrypt(value.encode()).decode() if value else ""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str:
        return _fernet().decrypt(value.encode()).decode() if value else ""

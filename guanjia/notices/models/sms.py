"""Text messages on their way to the provider."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from guanjia.tenancy.crypto import SealedField
from guanjia.tenancy.models import Local

if TYPE_CHECKING:
    from datetime import datetime

LIFE = timedelta(minutes=5)  # a sign-in code is worthless after that


class SmsManager(models.Manager["Sms"]):
    def queue(self, phone: str, words: str, at: datetime) -> Sms:
        """Write it down; the worker hands it to the provider. So asking takes as long for anybody, known or not."""
        return self.create(phone=phone, words=words, made_at=at, next_at=at, expires_at=at + LIFE)


class Sms(Local):
    """The words are sealed, and forgotten once a real provider has taken them."""

    phone = models.CharField(max_length=20)
    words = SealedField(blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    external_id = models.CharField(max_length=80, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    objects = SmsManager()

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="sms_due"),
            models.Index(fields=["-made_at"], name="sms_recent"),
        ]

    def __str__(self) -> str:
        return f"sms of {self.made_at:%F %T}"

"""Bearer tokens for the API."""

from __future__ import annotations

from django.db import models

from guanjia.tenancy.models import Local

from .person import Person


class Token(Local):
    """A bearer token for the API; only its digest is kept."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)  # SHA-256, hex
    name = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"token of {self.person_id}"

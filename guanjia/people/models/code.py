"""One-time codes by which residents sign in."""

from __future__ import annotations

from django.db import models

from guanjia.tenancy.models import Local


class SignInCode(Local):
    """A code asked for a phone, whether anybody is known under it or not; only its keyed digest is kept.

    An unknown phone gets a row without digest: it counts for the limits and can never be redeemed.
    """

    phone = models.CharField(max_length=20)  # E.164
    address = models.CharField(max_length=50)  # who asked
    digest = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["phone", "-made_at"], name="code_phone"),
            models.Index(fields=["address", "-made_at"], name="code_address"),
        ]

    def __str__(self) -> str:
        return f"code of {self.made_at:%F %T}"

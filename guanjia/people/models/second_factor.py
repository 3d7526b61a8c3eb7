"""What staff may add to their password: a code from an authenticator app (TOTP), and codes for when it is lost."""

from __future__ import annotations

from django.db import models

from guanjia.tenancy.crypto import SealedField
from guanjia.tenancy.models import Local

from .person import Person


class SecondFactor(Local):
    """Counts once `confirmed_at` is set. `last_step` is the newest time step used: a code is good once."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="second_factor")
    secret = SealedField()  # base32
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"second factor of {self.person_id}"


class RecoveryCode(Local):
    person = models.ForeignKey(Person, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "digest"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"recovery code of {self.person_id}"

"""A device that wants notices by Web Push, and the installation's own keys for it (issue 7 line 8)."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.tenancy.crypto import SealedField
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import Local, PersonKey

if TYPE_CHECKING:
    from datetime import datetime

MOST = 10  # devices of one person
SEEN_EVERY = timedelta(days=1)


def digest_of(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()


class DeviceManager(models.Manager["Device"]):
    def subscribe(self, person: Any, endpoint: str, p256dh: str, auth: str, label: str = "", at: datetime | None = None) -> Device:
        """The person agreed on this device. One address is one person's: a phone that changed hands tells its new holder alone."""
        from ..addresses import BadAddress, check_form

        at = at or clock.now()
        if not (20 <= len(endpoint) <= 1000 and 40 <= len(p256dh) <= 200 and 10 <= len(auth) <= 100):
            raise Refused(_("这台设备给出的地址不完整。"), code="bad_device")
        try:
            check_form(endpoint)
        except BadAddress as bad:
            raise Refused(str(bad), code="bad_address") from bad
        said = {"person": person, "endpoint": endpoint, "p256dh": p256dh, "auth": auth, "label": label[:60], "agreed_at": at, "failures": 0}
        try:
            with transaction.atomic():
                row, _new = self.update_or_create(digest=digest_of(endpoint), defaults=said)
        except IntegrityError:  # sent twice at the same moment
            row = self.get(digest=digest_of(endpoint))
        old = self.filter(person=person).order_by("-agreed_at").values_list("pk", flat=True)[MOST:]
        self.filter(pk__in=list(old)).delete()
        return row

    def forget(self, person: Any, *, pk: int | None = None, endpoint: str = "") -> int:
        """Switched off: by its row, or by the device itself."""
        rows = self.filter(person=person)
        return (rows.filter(pk=pk) if pk else rows.filter(digest=digest_of(endpoint))).delete()[0]


class Device(Local):
    """The address is private: whoever has it could write to the phone. It is sealed, shown nowhere, and gone when the browser says so."""

    person = PersonKey()
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the address
    endpoint = SealedField()
    p256dh = SealedField()  # the device's public key
    auth = SealedField()
    label = models.CharField(max_length=60, blank=True)  # Chrome on Android
    agreed_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0)  # in a row

    objects = DeviceManager()

    class Meta:
        indexes = [models.Index(fields=["person"], name="device_person")]

    def __str__(self) -> str:
        return self.label or self.digest[:8]


class PushKey(Local):
    """The installation's VAPID key: made once when it is first needed, sealed, the same for every process."""

    single = models.BooleanField(default=True, unique=True)
    private = SealedField()  # PEM
    public = models.CharField(max_length=100)  # what browsers are given: uncompressed point, base64url
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(single=True), name="pushkey_single")]

    def __str__(self) -> str:
        return self.public[:12]

"""Handing text messages to the provider."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from .models import Sms
from .ports import NotSent, sms_port

if TYPE_CHECKING:
    from datetime import datetime

LEASE = timedelta(seconds=60)
KEPT = timedelta(days=7)


def send_texts(now: datetime, limit: int = 50) -> int:
    """Send what is due and still worth it; one that died in the middle is sent again under the same key."""
    port, sent = sms_port(), 0
    for row in _claimed(now, limit):
        try:
            if row.expires_at <= now:
                raise NotSent("too late", for_good=True)
            external = port.send(row.phone, row.words, f"sms-{row.pk}")
        except NotSent as failed:
            again = None if failed.for_good else now + timedelta(seconds=5) * 2**row.attempts
            Sms.objects.filter(pk=row.pk).update(next_at=again, last_error=str(failed)[:300])
            continue
        row.next_at, row.sent_at, row.external_id = None, now, external[:80]
        row.words = row.words if port.keeps_words else ""
        row.save(update_fields=["next_at", "sent_at", "external_id", "words"])
        sent += 1
    Sms.objects.filter(made_at__lt=now - KEPT).delete()
    return sent


def _claimed(now: datetime, limit: int) -> list[Sms]:
    with transaction.atomic():
        due = Sms.objects.filter(next_at__lte=now).order_by("next_at").select_for_update(skip_locked=True)
        rows = list(due[:limit])
        Sms.objects.filter(pk__in=[row.pk for row in rows]).update(attempts=F("attempts") + 1, next_at=now + LEASE)
        return rows

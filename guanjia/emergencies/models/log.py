"""What is written down while it happens, and what residents were told: rows nobody changes afterwards (EMG-06)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.core.files.base import ContentFile
from django.db import models
from django.utils.translation import gettext_lazy

from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.pictures import cleaned

if TYPE_CHECKING:
    from datetime import datetime


class LogQuerySet(EstateQuerySet["LogEntry"]):
    def write(self, emergency: Any, kind: str, words: str, *, by: Any, at: datetime, photo: Any = None) -> LogEntry:
        """One line, with one picture perhaps. Called inside the verbs of the emergency."""
        row = self.model(
            estate_id=emergency.estate_id, emergency=emergency, kind=kind, words=words.strip()[:500], by_id=by.person_id if by else None,
            name=by.name if by else "", at=at,
        )  # fmt: skip
        if photo:
            picture = cleaned(photo)
            row.photo.save(f"{emergency.estate_id}-{emergency.pk}-{picture.digest[:16]}.{picture.suffix}", ContentFile(picture.file.read()), save=False)
        row.save(force_insert=True)
        return row


class LogEntry(EstateOwned):
    class Kind(models.TextChoices):
        START = "start", gettext_lazy("启动")
        TASK = "task", gettext_lazy("任务")
        NOTE = "note", gettext_lazy("现场")
        NOTICE = "notice", gettext_lazy("通知住户")
        END = "end", gettext_lazy("解除")
        AFTER = "after", gettext_lazy("善后")

    noun = "emergency_log"
    emergency = EstateForeignKey("emergencies.Emergency", models.RESTRICT, related_name="entries")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    words = models.CharField(max_length=500)
    photo = models.FileField(upload_to="emergencies/", blank=True)
    by = PersonKey(null=True)
    name = models.CharField(max_length=60, blank=True)  # as they were called then
    at = models.DateTimeField()

    objects = LogQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "emergency", "at"], name="emergency_log_of")]

    def __str__(self) -> str:
        return self.words[:40]


class AreaNotice(EstateOwned):
    """What the residents of some zones and buildings were told; nothing named means the whole estate."""

    noun = "emergency_notice"
    emergency = EstateForeignKey("emergencies.Emergency", models.RESTRICT, related_name="notices")
    words = models.CharField(max_length=300)
    zones = ArrayField(models.BigIntegerField(), default=list)
    buildings = ArrayField(models.BigIntegerField(), default=list)
    homes = models.PositiveIntegerField()  # households it was for
    by = PersonKey()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["estate", "emergency", "-at"], name="emergency_notice_of")]

    def __str__(self) -> str:
        return self.words[:40]

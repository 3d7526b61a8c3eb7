"""A picture of an activity (COM-32, QLT-39)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.db import models

from guanjia.tenancy.models import EstateForeignKey, EstateOwned, PersonKey
from guanjia.tenancy.pictures import cleaned

from .activity import Activity

if TYPE_CHECKING:
    from datetime import datetime

MOST = 30


class ActivityPhoto(EstateOwned):
    noun = "activity_photo"
    activity = EstateForeignKey(Activity, models.CASCADE, related_name="photos")
    image = models.FileField(upload_to="activities/")
    digest = models.CharField(max_length=64)
    by = PersonKey()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "activity", "digest"], name="activity_photo_once")]

    def __str__(self) -> str:
        return self.digest[:12]

    @classmethod
    def keep(cls, activity: Activity, upload: Any, *, by: Any, at: datetime) -> int:
        """1, or 0 when it is there already. Refused, naming the file, when it is no picture."""
        picture = cleaned(upload)
        if activity.photos.filter(digest=picture.digest).exists():
            return 0
        row = cls(estate_id=activity.estate_id, activity=activity, digest=picture.digest, by_id=by.person_id, at=at)
        row.image.save(f"{activity.estate_id}-{activity.pk}-{picture.digest[:16]}.{picture.suffix}", ContentFile(picture.file.read()), save=False)
        row.save(force_insert=True)
        return 1

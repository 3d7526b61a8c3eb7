"""What was found: the record that proves a task (docs/decisions/0008-duties.md)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey

from .task import Task


class RecordQuerySet(EstateQuerySet):
    def visible_to(self, reach: Any) -> RecordQuerySet:
        """Those of the tasks one sees, and one's own."""
        tasks = Task.objects.at_estate(reach.estate).visible_to(reach)
        rows = self.at_estate(reach.estate)
        return rows if reach.sees == "estate" else rows.filter(Q(by_id=reach.person_id) | Q(task__in=tasks))

    def counted(self) -> RecordQuerySet:
        """Without those a reviewer struck out."""
        from .suspicion import Suspicion

        struck = Suspicion.objects.filter(estate=OuterRef("estate"), record=OuterRef("pk"), stands=True)
        return self.filter(~Exists(struck))


class Record(EstateOwned):
    """A task as somebody did it. `done_at` is the device's word, `received_at` ours; both are kept."""

    noun = "record"
    task = EstateForeignKey(Task, models.RESTRICT, related_name="records")
    form = models.CharField(max_length=40)
    answers = models.JSONField(default=dict)  # item → answer, as the form checked it
    words = models.TextField(blank=True)
    score = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    by = PersonKey()
    began_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField()
    received_at = models.DateTimeField()
    offline = models.BooleanField(default=False)
    client_id = models.UUIDField()  # made on the device; the same record sent twice is one
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    accuracy = models.PositiveIntegerField(null=True)  # metres
    mark_kind = models.CharField(max_length=1, blank=True)  # of the label that was scanned: u, e, p
    mark_id = models.BigIntegerField(null=True)
    beside = models.BooleanField(default=False)  # the task was done, waived or another's already: kept, not counted

    objects = RecordQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["estate", "task"], name="record_task"),
            models.Index(fields=["estate", "-received_at"], name="record_recent"),
            models.Index(fields=["estate", "by", "-done_at"], name="record_by"),
        ]
        constraints = [models.UniqueConstraint(fields=["estate", "client_id"], name="record_client")]

    def __str__(self) -> str:
        return f"{self.form} {self.done_at:%F %T}"

    @property
    def is_late(self) -> bool:
        return self.done_at > self.task.due_at


class RecordPhoto(EstateOwned):
    """A photo of a record, re-encoded; its digests show a picture that was used before."""

    record = EstateForeignKey(Record, models.CASCADE, related_name="photos")
    item = models.CharField(max_length=60, blank=True)
    file = models.FileField(upload_to="records/%Y/%m/", max_length=200)
    digest = models.CharField(max_length=64)  # of what was sent
    looks = models.BigIntegerField(null=True)  # perceptual hash: the same picture cropped or saved again
    client_id = models.UUIDField()

    class Meta:
        indexes = [
            models.Index(fields=["estate", "record"], name="recordphoto_record"),
            models.Index(fields=["estate", "digest"], name="recordphoto_digest"),
        ]
        constraints = [models.UniqueConstraint(fields=["estate", "client_id"], name="recordphoto_client")]

    def __str__(self) -> str:
        return str(self.file.name)


class Waiver(EstateOwned):
    """A task that need not be done, by whom and why. The house itself (nobody) waives what its subject no longer asks for."""

    noun = "waiver"
    task = EstateForeignKey(Task, models.CASCADE, related_name="waivers")
    by = PersonKey(null=True)
    why = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "task"], name="waiver_once")]

    def __str__(self) -> str:
        return self.why

"""Long work is a row (design decision 10): the page finds it again and shows a bar."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia.tenancy.models import EstateOwned, PersonKey


class Job(EstateOwned):
    """Import, export, demo history, … with its progress, counts and files."""

    class State(models.TextChoices):
        WAITING = "waiting", _("排队中")
        RUNNING = "running", _("进行中")
        ASKING = "asking", _("待确认")  # a preview waits for a person's yes
        DONE = "done", _("已完成")
        FAILED = "failed", _("失败")
        CANCELLED = "cancelled", _("已取消")

    noun = "job"
    kind = models.CharField(max_length=30)  # the name the runner registered, e.g. estate_import
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    by = PersonKey("people.Person", null=True)
    key = models.CharField(max_length=64, blank=True)  # idempotency: the same request is the same job
    arguments = models.JSONField(default=dict)
    step = models.CharField(max_length=80, blank=True)  # what is being done, for people
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    source_file = models.FileField(upload_to="jobs/", blank=True)
    result_file = models.FileField(upload_to="jobs/", blank=True)
    error = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)  # last sign of life: a silent runner is taken over
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["estate", "-asked_at"], name="job_recent")]
        constraints = [
            models.UniqueConstraint(fields=["estate", "kind", "key"], condition=~models.Q(key=""), name="job_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

"""A pause of a clock: who, when, why (design decision 5)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from guanjia.tenancy.models import EstateForeignKey, EstateOwned, PersonKey


class ClockPause(EstateOwned):
    """Open while `resumed_at` is empty; a clock pauses once at a time."""

    clock = EstateForeignKey("clocks.Clock", models.CASCADE, related_name="pauses")
    paused_at = models.DateTimeField()
    paused_by = PersonKey(null=True)
    why = models.CharField(max_length=300, blank=True)
    resumed_at = models.DateTimeField(null=True)
    resumed_by = PersonKey(null=True)
    shifted = models.DurationField(null=True)  # working time by which the deadline moved

    class Meta:
        ordering = ["paused_at"]
        indexes = [models.Index(fields=["estate", "clock"], name="clockpause_clock")]
        constraints = [
            models.UniqueConstraint(fields=["estate", "clock"], condition=Q(resumed_at__isnull=True), name="clockpause_one_open"),
            models.CheckConstraint(condition=Q(resumed_at__isnull=True) | Q(resumed_at__gte=F("paused_at")), name="clockpause_order"),
        ]

    def __str__(self) -> str:
        return self.why

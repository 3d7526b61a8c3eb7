"""户: the file of the people who own or use units together (HSE-02)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.models import EstateOwned
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import datetime


class Household(EstateOwned):
    """户: the people who own or use units together; one file per household (HSE-02)."""

    noun = "household"
    number = models.CharField(max_length=40)  # 业主编号
    name = models.CharField(max_length=60)  # of whom one speaks: the owner
    pinyin = models.CharField(max_length=120, blank=True)  # sort key
    preferences = models.CharField(max_length=300, blank=True)  # times, channel (HSE-02)
    hints = models.CharField(max_length=300, blank=True)  # what staff must know before knocking
    in_arrears = models.BooleanField(default=False)  # from the ledger or an import

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "number"], name="household_number")]
        indexes = [models.Index(fields=["estate", "pinyin"], name="household_pinyin")]

    def __str__(self) -> str:
        return self.name

    @verb
    def keep_preferences(self, preferences: str, hints: str, *, by: Any, at: datetime | None = None) -> None:
        """What the household likes, and what to know before knocking (HSE-02)."""
        by.must("household.edit")
        self.preferences, self.hints = preferences.strip(), hints.strip()
        self.save(update_fields=["preferences", "hints"])
        Event.objects.record(
            Action.PREFERENCE_KEPT,
            self,
            by=by,
            at=at or clock.now(),
            told=False,
            words=" · ".join(filter(None, [self.preferences, self.hints])),
        )

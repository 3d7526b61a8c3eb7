"""业主大会 from its draft to its published minutes. One state, each change by one verb."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from guanjia.events.models import Event
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.staged import Staged

from .announceable import Announceable, Calling
from .minutable import Minutable
from .votable import Votable

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.events.actions import Action


class State(models.TextChoices):
    DRAFT = "draft", gettext_lazy("草稿")
    OPEN = "open", gettext_lazy("已公告")
    COUNTED = "counted", gettext_lazy("已计票")
    SIGNED = "signed", gettext_lazy("纪要已签")
    CALLED_OFF = "called_off", gettext_lazy("已取消")


class AssemblyQuerySet(Calling, EstateQuerySet["Assembly"]):
    def visible_to(self, reach: Any) -> AssemblyQuerySet:
        """Residents: what is announced, for owners whose units are on its roll. Staff who run or take part in running it: all."""
        rows = self.at_estate(reach.estate)
        if not reach.is_staff:
            mine = rows.filter(roll__household_id__in=reach.households).values("pk")
            return rows.filter(pk__in=mine).exclude(state=State.DRAFT)
        return rows if reach.may("assembly.run") or reach.may("assembly.assist") else rows.none()


class Assembly(Announceable, Votable, Minutable, Staged, EstateOwned):
    """`units`, `area`, `heads`: the whole roll, frozen when it was announced: later sales change no count."""

    stage_column = "state"
    noun = "assembly"
    title = models.CharField(max_length=60)
    words = models.CharField(max_length=2000, blank=True)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    made_by = PersonKey()
    made_at = models.DateTimeField()
    announced_at = models.DateTimeField(null=True)
    units = models.PositiveIntegerField(default=0)
    area = models.DecimalField(max_digits=14, decimal_places=2, default=0)  # m²
    heads = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)  # as it was counted: see counting.py
    minutes = models.CharField(max_length=4000, blank=True)
    minuted_by = PersonKey(null=True)
    minuted_at = models.DateTimeField(null=True)
    bulletin = EstateForeignKey("bulletins.Bulletin", models.RESTRICT, null=True, related_name="assemblies")
    why = models.CharField(max_length=300, blank=True)  # why it was called off

    objects = AssemblyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "-begins_at"], name="assembly_recent")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="assembly_times"),
            models.CheckConstraint(condition=~Q(state__in=["counted", "signed"]) | Q(counted_at__isnull=False, counted_at__gte=F("ends_at")), name="assembly_counted_after_end"),
        ]

    def __str__(self) -> str:
        return self.title

    def tell(self, action: Action, *, by: Any, at: datetime, **said: Any) -> None:
        Event.objects.record(action, self, by=by, at=at, title=self.title, **said)

"""A ticket's clocks: each moment of its life stops some limits and starts others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from guanjia.clocks.models import Clock, Clocks

if TYPE_CHECKING:
    from datetime import datetime

# Moments that are remembered in a column of their own, because limits start from them and statistics read them.
COLUMNS = {
    "received": "reported_at",
    "classified": "classified_at",
    "dispatched": "dispatched_at",
    "responded": "responded_at",
    "arrived": "arrived_at",
    "done": "done_at",
    "confirmed": "confirmed_at",
    "followed_up": "followed_up_at",
    "archived": "closed_at",
}


class Clocked(models.Model):
    """`due_at` is the nearest running deadline: what lists sort by and the workbench colours."""

    reported_at = models.DateTimeField()
    classified_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    responded_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    followed_up_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def moments(self) -> dict[str, datetime]:
        """The instants that limits start from, by name."""
        return {name: at for name, column in COLUMNS.items() if (at := getattr(self, column))}

    def come_to(self, *names: str, at: datetime, **columns: Any) -> None:
        """Enter one or more moments: note the first time, stop and start clocks, save with `columns`."""
        fields = dict(columns)
        for name in names:
            column = COLUMNS.get(name)
            if column and getattr(self, column) is None:
                fields[column] = at
        for column, value in fields.items():
            setattr(self, column, value)
        self.due_at = Clocks.come_to(self, names, at)
        self.save(update_fields=[*fields, "due_at"])

    def refresh_due(self) -> None:
        """After clocks were paused, resumed or refitted."""
        self.due_at = Clocks.next_due(self)
        self.save(update_fields=["due_at"])

    @property
    def running_clocks(self) -> Any:
        return Clock.objects.at_estate(self.estate_id).filter(ticket=self, stopped_at__isnull=True).order_by("due_at")

"""How far the house has come with an estate's duties: one row an estate, locked by whoever works on them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models

from guanjia.tenancy.models import EstateOwned, EstateQuerySet

if TYPE_CHECKING:
    from datetime import datetime


HOUR = timedelta(hours=1)


class EnactmentQuerySet(EstateQuerySet["Enactment"]):
    def look_again(self, estate: Any) -> None:
        """Households, places or people changed: the next generation looks at everything that is open, at once."""
        self.at_estate(estate).update(swept_on=None)

    def held(self, estate: Any) -> Enactment:
        """The estate's row, locked until the transaction ends: two generators follow one another."""
        self.bulk_create([self.model(estate_id=estate.pk)], ignore_conflicts=True)
        return self.at_estate(estate).select_for_update().get()


class Enactment(EstateOwned):
    """What was laid down and generated, up to which instant."""

    noun = "enactment"
    digest = models.CharField(max_length=64, blank=True)  # of the books that were laid down
    enacted_at = models.DateTimeField(null=True)  # settings up to here are laid down
    made_at = models.DateTimeField(null=True)  # the last generation
    made_to = models.DateTimeField(null=True)  # slots opening up to here are made
    swept_on = models.DateField(null=True)  # the day of the last look at everything that is open
    events_to = models.BigIntegerField(default=0)  # triggers up to this event are done with
    events_seen = models.BigIntegerField(default=0)  # the newest event at `events_at`
    events_at = models.DateTimeField(null=True)
    told_on = models.DateField(null=True)  # the day of the last digest

    objects = EnactmentQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate"], name="enactment_one")]

    def __str__(self) -> str:
        return f"{self.estate_id} {self.made_to}"

    def keep(self, **columns: Any) -> None:
        for name, value in columns.items():
            setattr(self, name, value)
        self.save(update_fields=list(columns))

    def is_stale(self, now: datetime) -> bool:
        """Whether an hour has begun since the last generation, or everything is to be looked at again."""
        return self.made_at is None or self.swept_on is None or self.made_at.replace(minute=0, second=0, microsecond=0) + HOUR <= now

"""Who opened a bulletin: once per person and bulletin; pages show only how many (COM-12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from guanjia import clock
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey

if TYPE_CHECKING:
    from datetime import datetime

    from .bulletin import Bulletin


class OpeningQuerySet(EstateQuerySet["Opening"]):
    def note(self, bulletin: Bulletin, *, by: Any, at: datetime | None = None) -> None:
        """The first time only. Staff reading over a shoulder do not count."""
        if by.is_staff:
            return
        row = Opening(estate_id=bulletin.estate_id, bulletin=bulletin, person_id=by.person_id, at=at or clock.now())
        row.household_id = min(by.households, default=None)
        self.bulk_create([row], ignore_conflicts=True)


class Opening(EstateOwned):
    bulletin = EstateForeignKey("bulletins.Bulletin", models.CASCADE, related_name="openings")
    person = PersonKey()
    household = EstateForeignKey("households.Household", models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField()

    objects = OpeningQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "bulletin", "person"], name="opening_once")]

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.person_id}"

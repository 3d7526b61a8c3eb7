"""Which household has which unit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guanjia.estates.models import Unit, UnitState
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet

from .household import Household

if TYPE_CHECKING:
    from collections.abc import Iterable


class OccupancyQuerySet(EstateQuerySet["Occupancy"]):
    def begin(self, unit: Any, household: Household, *, let: bool, on: date) -> Occupancy:
        """A household lives in a unit from a business date on: what it has already stays, the unit's state follows. Inside a verb.

        Raises Refused while another household of the same kind has the unit.
        """
        kind = Occupancy.Kind.TENANT if let else Occupancy.Kind.OWNER
        rows = self.at_estate(unit.estate_id).filter(unit=unit, kind=kind, during__contains=on)
        known = rows.select_related("household").first()
        if known is not None and known.household_id != household.pk:
            raise Refused(_now("这套房还登记着%(who)s，请先办迁出。") % {"who": known.household.name}, code="still_lived_in")
        row = known or self.create(estate_id=unit.estate_id, unit=unit, household=household, kind=kind, during=(on, None))
        if known and known.during.upper == on + timedelta(days=1):  # their last day: they are back
            known.during = (known.during.lower, None)
            known.save(update_fields=["during"])
        self._set_state(unit, UnitState.OCCUPIED, on)
        return row

    def end(self, unit: Any, household: Household, *, on: date, kinds: Iterable[str]) -> int:
        """The last day of a household in a unit, which is empty then unless tenants have it; how many occupancies ended. Inside a verb."""
        ended, after = 0, on + timedelta(days=1)
        rows = self.at_estate(unit.estate_id).filter(unit=unit, household=household, kind__in=list(kinds), during__contains=on)
        for row in rows:
            row.during = (row.during.lower, after)
            row.save(update_fields=["during"])
            ended += 1
        self._set_state(unit, UnitState.VACANT, after)
        return ended

    def _set_state(self, unit: Any, otherwise: str, on: date) -> None:
        """Let while tenants have it on that day."""
        let = self.at_estate(unit.estate_id).filter(unit=unit, kind=Occupancy.Kind.TENANT, during__contains=on).exists()
        Unit.objects.at_estate(unit.estate_id).filter(pk=unit.pk).update(state=UnitState.LET if let else otherwise)


class Occupancy(EstateOwned):
    """Which household has which unit, from when to when."""

    class Kind(models.TextChoices):
        OWNER = "owner", _("业主")
        TENANT = "tenant", _("租户")

    household = EstateForeignKey(Household, models.CASCADE, related_name="occupancies")
    unit = EstateForeignKey("estates.Unit", models.CASCADE, related_name="occupancies")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OWNER)
    during = DateRangeField()

    objects = OccupancyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "household"], name="occupancy_household")]
        constraints = [
            ExclusionConstraint(
                name="occupancy_one_household",
                expressions=[
                    ("estate", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.unit_id}"

"""Which household has which unit."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia.tenancy.models import EstateForeignKey, EstateOwned

from .household import Household


class Occupancy(EstateOwned):
    """Which household has which unit, from when to when."""

    class Kind(models.TextChoices):
        OWNER = "owner", _("业主")
        TENANT = "tenant", _("租户")

    household = EstateForeignKey(Household, models.CASCADE, related_name="occupancies")
    unit = EstateForeignKey("estates.Unit", models.CASCADE, related_name="occupancies")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OWNER)
    during = DateRangeField()

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

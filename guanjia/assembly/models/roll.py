"""The roll: every unit with its area and whose it was when the assembly was announced."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guanjia.tenancy.models import EstateForeignKey, EstateOwned

from .assembly import Assembly


class RollLine(EstateOwned):
    """`owner` is one head: h<household>, `builder` for all that is unsold, u<unit> where no owner is on file."""

    noun = "assembly_roll"
    assembly = EstateForeignKey(Assembly, models.CASCADE, related_name="roll")
    unit = EstateForeignKey("estates.Unit", models.RESTRICT, related_name="+")
    household = EstateForeignKey("households.Household", models.RESTRICT, null=True, related_name="+")
    owner = models.CharField(max_length=24)
    area = models.DecimalField(max_digits=10, decimal_places=2)  # m²

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "assembly", "unit"], name="roll_unit_once"),
            models.CheckConstraint(condition=Q(area__gte=0), name="roll_area"),
        ]
        indexes = [models.Index(fields=["estate", "household"], name="roll_household")]

    def __str__(self) -> str:
        return self.owner

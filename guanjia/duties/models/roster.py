"""Who works when (排班), and who is away with whom in their place (F-60)."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from guanjia.tenancy.models import EstateOwned, PersonKey

from .absentable import Absentable


class Roster(EstateOwned):
    """One person's shift on one business date; `rest` is a day off. Shifts are `rulebooks/shifts.yaml`."""

    noun = "roster"
    person = PersonKey()
    day = models.DateField()
    shift = models.CharField(max_length=12)

    class Meta:
        indexes = [models.Index(fields=["estate", "day"], name="roster_day")]
        constraints = [models.UniqueConstraint(fields=["estate", "person", "day"], name="roster_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.shift}"


class Absence(Absentable, EstateOwned):
    """Somebody is away over business dates; `cover` does their work. What moved is remembered, to move back."""

    noun = "absence"
    person = PersonKey()
    cover = PersonKey(null=True)
    during = DateRangeField()  # [from, to)
    why = models.CharField(max_length=300, blank=True)
    moved = models.JSONField(default=dict)  # {"tasks": [id], "tickets": [id]}: what went to the cover
    begun_at = models.DateTimeField(null=True)  # when the work moved
    ended_at = models.DateTimeField(null=True)  # back, or called off

    class Meta:
        indexes = [models.Index(fields=["estate", "person"], name="absence_person")]
        constraints = [
            ExclusionConstraint(
                name="absence_once",
                expressions=[
                    ("estate", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(cover__isnull=True) | ~Q(cover=F("person")), name="absence_another_covers"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.during}"

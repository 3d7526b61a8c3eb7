"""A month's figures, once written never changed: a reckoning after a correction writes the next version beside them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia.tenancy.models import EstateOwned, EstateQuerySet, PersonKey


class Level(models.TextChoices):
    ESTATE = "estate", _("小区")
    ZONE = "zone", _("片区")
    PERSON = "person", _("人员")


class FigureQuerySet(EstateQuerySet["Figure"]):
    def standing(self, version: int | None = None) -> FigureQuerySet:
        """Of each figure the version that holds, or that held after an earlier reckoning."""
        rows = self.filter(version__lte=version) if version is not None else self
        keys = ("estate", "month", "indicator", "level", "subject_id")
        return rows.order_by(*keys, "-version").distinct(*keys)


class Figure(EstateOwned):
    """`part` of `whole`; × 100 it is the indicator's value. `subject_id` is a zone, a person, or 0 for the estate."""

    noun = "figure"
    month = models.DateField()  # its first day
    indicator = models.CharField(max_length=20)  # of indicators.yaml
    level = models.CharField(max_length=8, choices=Level.choices)
    subject_id = models.BigIntegerField(default=0)
    version = models.PositiveIntegerField()  # number of the reckoning that wrote it
    part = models.DecimalField(max_digits=16, decimal_places=2)
    whole = models.DecimalField(max_digits=16, decimal_places=2)

    objects = FigureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "month", "indicator", "level", "subject_id", "version"], name="figure_once"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.indicator} {self.part}/{self.whole}"


class ReckoningQuerySet(EstateQuerySet["Reckoning"]):
    def of(self, estate: Any, month: Any) -> ReckoningQuerySet:
        return self.at_estate(estate).filter(month=month).order_by("-number")


class Reckoning(EstateOwned):
    """A month was worked out, and something had changed since the last time. Nothing new, no row."""

    noun = "reckoning"
    month = models.DateField()
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = PersonKey(null=True)
    why = models.CharField(max_length=200, blank=True)

    objects = ReckoningQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "month", "number"], name="reckoning_once")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} v{self.number}"

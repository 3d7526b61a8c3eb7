"""Coverage as it stood on a day, for the trend: counts by metric and zone (CF-06)."""

from __future__ import annotations

from django.db import models

from guanjia.tenancy.models import EstateForeignKey, EstateOwned


class CoverageFigure(EstateOwned):
    """`part` of `whole` households; `zone` none is those of no zone. The estate is their sum."""

    noun = "coverage_figure"
    metric = models.CharField(max_length=20)  # of coverage.yaml
    way = models.CharField(max_length=20)  # the formula in force that day
    day = models.DateField()
    zone = EstateForeignKey("estates.Zone", models.CASCADE, null=True, related_name="coverage_figures")
    part = models.PositiveIntegerField()
    whole = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "metric", "day", "zone"], nulls_distinct=False, name="coverage_figure_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.day} {self.part}/{self.whole}"

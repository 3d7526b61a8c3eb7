"""Meters and what they showed."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia.tenancy.models import EstateForeignKey, EstateOwned, PersonKey

from .reading import Confirmable, Readable


class MeterKind(models.TextChoices):
    WATER = "water", _("水表")
    HOT_WATER = "hot_water", _("热水表")
    POWER = "power", _("电表")
    GAS = "gas", _("燃气表")
    HEAT = "heat", _("热量表")


class Meter(Readable, EstateOwned):
    """表. A replaced one keeps its readings; its successor begins at `initial`."""

    noun = "meter"
    unit = EstateForeignKey("estates.Unit", models.CASCADE, related_name="meters")
    kind = models.CharField(max_length=10, choices=MeterKind.choices)
    number = models.CharField(max_length=40)
    multiplier = models.DecimalField(max_digits=10, decimal_places=4, default=Decimal(1))
    limit = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)  # shows 0 again after this
    initial = models.DecimalField(max_digits=14, decimal_places=3, default=Decimal(0))
    installed_on = models.DateField(null=True, blank=True)
    removed_on = models.DateField(null=True, blank=True)
    replaces = EstateForeignKey("billing.Meter", models.PROTECT, null=True, blank=True, related_name="replaced_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "kind", "number"], name="meter_number"),
            models.CheckConstraint(condition=models.Q(multiplier__gt=0), name="meter_multiplier"),
        ]
        indexes = [models.Index(fields=["estate", "unit", "kind"], name="meter_unit")]

    def __str__(self) -> str:
        return self.number


class Reading(Confirmable, EstateOwned):
    """抄表: one for a meter and a month. `usage` is kept as it was reckoned, so a bill can be explained for ever."""

    class State(models.TextChoices):
        FINE = "fine", _("正常")
        SUSPECT = "suspect", _("待核实")
        CONFIRMED = "confirmed", _("已核实")

    noun = "reading"
    meter = EstateForeignKey(Meter, models.CASCADE, related_name="readings")
    period = models.DateField()  # first of the month whose bill it feeds
    read_on = models.DateField()
    value = models.DecimalField(max_digits=14, decimal_places=3)
    previous = models.DecimalField(max_digits=14, decimal_places=3)
    usage = models.DecimalField(max_digits=14, decimal_places=3)
    estimated = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.FINE)
    doubt = models.CharField(max_length=200, blank=True)  # why it is suspect
    photo = models.FileField(upload_to="readings/", blank=True)
    reader = PersonKey(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "meter", "period"], name="reading_once"),
            models.CheckConstraint(condition=models.Q(usage__gte=0), name="reading_usage"),
        ]
        indexes = [models.Index(fields=["estate", "period"], name="reading_period")]

    def __str__(self) -> str:
        return f"{self.meter_id} {self.period:%Y-%m} {self.value}"

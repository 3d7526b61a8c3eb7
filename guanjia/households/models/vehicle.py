"""Vehicles, and the spaces where they stand."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia.tenancy.models import EstateForeignKey, EstateOwned

from .household import Household


class Vehicle(EstateOwned):
    noun = "vehicle"
    household = EstateForeignKey(Household, models.CASCADE, related_name="vehicles")
    plate = models.CharField(max_length=20)
    brand = models.CharField(max_length=40, blank=True)
    colour = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=10, blank=True)  # 9901 car, 9902 coach, 9903 lorry

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "plate"], name="vehicle_plate")]
        indexes = [models.Index(fields=["estate", "household"], name="vehicle_household")]

    def __str__(self) -> str:
        return self.plate


class Parking(EstateOwned):
    """车位, with whom it is let or sold to."""

    noun = "parking"
    lot = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=40, blank=True)
    area = models.DecimalField(max_digits=10, decimal_places=2, default=0)  # m²
    household = EstateForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="parkings")
    vehicle = EstateForeignKey(Vehicle, models.PROTECT, null=True, blank=True, related_name="parkings")
    tenure = models.CharField(max_length=1, choices=[("H", _("出租")), ("S", _("出售"))], blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "lot", "code"], name="parking_code")]

    def __str__(self) -> str:
        return self.code

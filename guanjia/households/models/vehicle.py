"""Vehicles, and the spaces where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet
from guanjia.tenancy.verbs import verb

from .household import Household

if TYPE_CHECKING:
    from datetime import datetime


class VehicleQuerySet(EstateQuerySet):
    def keep(
        self,
        household: Household,
        plate: str,
        *,
        by: Any,
        brand: str = "",
        colour: str = "",
        kind: str = "",
        at: datetime | None = None,
    ) -> Vehicle:
        """A vehicle of the household; a plate known at another household moves over to this one. No kind: the one it has."""
        flat = "".join(plate.split()).upper()
        known: Any = self.at_estate(household.estate_id).filter(plate=flat).first() or Vehicle(
            estate_id=household.estate_id, plate=flat
        )
        return known.belong(household, brand=brand, colour=colour, kind=kind or known.kind, by=by, at=at)


class Vehicle(EstateOwned):
    noun = "vehicle"
    household = EstateForeignKey(Household, models.CASCADE, related_name="vehicles")
    plate = models.CharField(max_length=20)
    brand = models.CharField(max_length=40, blank=True)
    colour = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=10, blank=True)  # 9901 car, 9902 coach, 9903 lorry

    objects = VehicleQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "plate"], name="vehicle_plate")]
        indexes = [models.Index(fields=["estate", "household"], name="vehicle_household")]

    def __str__(self) -> str:
        return self.plate

    @verb
    def belong(
        self,
        household: Household,
        *,
        by: Any,
        brand: str = "",
        colour: str = "",
        kind: str = "",
        at: datetime | None = None,
    ) -> Vehicle:
        by.must("household.edit")
        if not 3 <= len(self.plate) <= 20:
            raise Refused(_now("请填写车牌号。"), code="plate")
        before = self.household_id
        self.household, self.brand, self.colour, self.kind = household, brand.strip(), colour.strip(), kind
        self.save()
        _find_again(household.estate, {before, household.pk})
        Event.objects.record(Action.VEHICLE_KEPT, household, by=by, at=at or clock.now(), told=False, plate=self.plate)
        return self

    @verb
    def remove(self, *, by: Any, at: datetime | None = None) -> None:
        """Sold or gone; a space that it stands on keeps it."""
        by.must("household.edit")
        if self.parkings.exists():
            raise Refused(_now("这辆车绑定着车位，请先改车位。"), code="parked")
        household = self.household
        self.delete()
        _find_again(household.estate, {household.pk})
        Event.objects.record(Action.VEHICLE_GONE, household, by=by, at=at or clock.now(), told=False, plate=self.plate)


def _find_again(estate: Any, households: set[int | None]) -> None:
    from ..keys import rebuild_households

    rebuild_households(estate, [each for each in households if each])


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

"""业主志愿督导轮值: which household stands at the bins on which day; its own choice, or entered by the steward (CLN-09)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

if TYPE_CHECKING:
    from datetime import date, datetime

AHEAD = timedelta(days=62)
SLOTS = ("am", "pm")


class TurnQuerySet(EstateQuerySet["Turn"]):
    def take(self, household: Any, day: date, slot: str, *, by: Any, zone: Any = None, at: datetime | None = None) -> Turn:
        """One household a zone, day and peak; a second one is told who has it."""
        at = at or clock.now()
        if by.is_staff:
            by.must("sorting.record")
        elif household.pk not in by.households:
            raise NotAllowed("sorting.turn")
        today = clock.today(household.estate, at)
        if slot not in SLOTS or not today <= day <= today + AHEAD:
            raise Refused(_("请选今天起两个月内的一天。"), code="bad_day")
        with refusing_clashes(), estate_scope(household.estate_id):
            zone_id = getattr(zone, "pk", zone) or _zone_of(household, today)
            rows = self.at_estate(household.estate_id).filter(day=day, slot=slot, zone_id=zone_id)
            if known := rows.first():
                if known.household_id == household.pk:
                    return known
                raise Refused(_("这一班已经有人了，请选别的时间。"), code="taken")
            made = self.create(estate_id=household.estate_id, household=household, zone_id=zone_id, day=day, slot=slot)
            Event.objects.record(Action.TURN_TAKEN, made, by=by, at=at, told=False, who=household.name, day=day.isoformat())
        return made


def _zone_of(household: Any, day: date) -> int | None:
    row = household.occupancies.filter(during__contains=day).order_by("unit__code").values_list("unit__zone_id", flat=True).first()
    return int(row) if row else None


class Turn(EstateOwned):
    noun = "turn"
    household = EstateForeignKey("households.Household", models.CASCADE, related_name="turns")
    zone = EstateForeignKey("estates.Zone", models.CASCADE, null=True, related_name="+")
    day = models.DateField()
    slot = models.CharField(max_length=2)  # am, pm: the two peaks of cln.sort_duty

    objects = TurnQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "zone", "day", "slot"], nulls_distinct=False, name="turn_once")]
        indexes = [models.Index(fields=["estate", "household", "day"], name="turn_household")]

    def __str__(self) -> str:
        return f"{self.day} {self.slot}"

    @verb
    def give_back(self, *, by: Any, at: datetime | None = None) -> None:
        """Before its day."""
        at = at or clock.now()
        if by.is_staff:
            by.must("sorting.record")
        elif self.household_id not in by.households:
            raise NotAllowed("sorting.turn")
        if self.day <= clock.today(self.estate, at):
            raise Refused(_("当天不能退班，请联系管家。"), code="too_late")
        Event.objects.record(Action.TURN_GIVEN_BACK, self, by=by, at=at, told=False, who=self.household.name, day=self.day.isoformat())
        self.delete()

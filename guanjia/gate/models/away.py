"""住户外出: days on which nobody of a household is at home, as they said themselves (SEC-12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

from ..homes import is_own, seen_by

if TYPE_CHECKING:
    from datetime import date, datetime

OPEN = Q(ended_at__isnull=True)


class AwayQuerySet(EstateQuerySet["Away"]):
    def visible_to(self, reach: Any) -> AwayQuerySet:
        """A household its own; the gate the estate's, a steward their zones'."""
        rows: AwayQuerySet = seen_by(self, reach, "gate.watch")
        return rows

    def on(self, household_id: int, first: date, last: date | None = None) -> AwayQuerySet:
        """What of a household's absences touches these business dates."""
        return self.filter(OPEN, household_id=household_id, first__lte=last or first, last__gte=first)

    def announce(self, unit: Any, household: Any, first: date, last: date, *, by: Any, at: datetime | None = None) -> Away:
        """Nobody at home from `first` to `last`, both included. One absence at a time."""
        at = at or clock.now()
        if not is_own(by, household, unit):
            by.must_in(unit.zone_id, "gate.watch")
        if not clock.today(unit.estate, at) <= first <= last or (last - first).days > 366:
            raise Refused(_("从今天起，最长一年。"), code="bad_days")
        with refusing_clashes(), estate_scope(unit.estate_id):
            if self.at_estate(unit.estate_id).filter(OPEN, household=household, last__gte=clock.today(unit.estate, at)).exists():
                raise Refused(_("已经登记过外出，请先结束。"), code="already_away")
            self.at_estate(unit.estate_id).filter(OPEN, household=household).update(ended_at=at)
            made = self.create(estate_id=unit.estate_id, unit=unit, household=household, first=first, last=last, by_id=by.person_id, at=at)
            Event.objects.record(Action.AWAY_SAID, made, by=by, at=at, told=False, where=unit.code, first=f"{first}", last=f"{last}")
        return made


class Away(EstateOwned):
    noun = "away"
    household = EstateForeignKey("households.Household", models.CASCADE, related_name="absences")
    unit = EstateForeignKey("estates.Unit", models.CASCADE, related_name="absences")
    first = models.DateField()
    last = models.DateField()
    by = PersonKey()
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = AwayQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "household"], condition=OPEN, name="away_once"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="away_days"),
        ]

    def __str__(self) -> str:
        return f"{self.first} – {self.last}"

    @verb
    def end(self, *, by: Any, at: datetime | None = None) -> None:
        """They are back."""
        at = at or clock.now()
        if not (by.is_resident and self.household_id in by.households):
            by.must_in(self.unit.zone_id, "gate.watch")
        if not type(self).objects.at_estate(self.estate_id).filter(OPEN, pk=self.pk).update(ended_at=at):
            raise Refused(_("已经结束。"), code="already_done")
        self.refresh_from_db()
        Event.objects.record(Action.AWAY_ENDED, self, by=by, at=at, told=False, where=self.unit.code)

"""承诺: what a household was promised, who follows it, by when, and how it was kept (HSE-17)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.households.models import Household
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.verbs import verb

from .visit import Visit

if TYPE_CHECKING:
    from datetime import datetime

OPEN = Q(kept_at__isnull=True)


class PromiseQuerySet(EstateQuerySet):
    def open(self) -> PromiseQuerySet:
        return self.filter(OPEN)

    def visible_to(self, reach: Any) -> PromiseQuerySet:
        rows = self.at_estate(reach.estate)
        if reach.sees == "estate":
            return rows
        mine = Q(follower_id=reach.person_id)
        return rows.filter(mine | Q(zone_id__in=reach.zones) if reach.sees == "zone" else mine)


class Promise(EstateOwned):
    noun = "promise"
    visit = EstateForeignKey(Visit, models.CASCADE, related_name="promises")
    household = EstateForeignKey(Household, models.CASCADE, related_name="promises")
    zone = EstateForeignKey("estates.Zone", models.RESTRICT, null=True, related_name="promises")
    words = models.CharField(max_length=300)
    follower = PersonKey()
    due_on = models.DateField()
    made_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True)
    kept_by = PersonKey(null=True)
    result = models.CharField(max_length=300, blank=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["estate", "follower", "due_on"], condition=OPEN, name="promise_open"),
            models.Index(fields=["estate", "household"], name="promise_household"),
        ]

    def __str__(self) -> str:
        return self.words

    @verb
    def fulfil(self, result: str, *, by: Any, at: datetime | None = None) -> None:
        """It was kept, and the household was told how; even a disappointing answer is one (HSE-17)."""
        by.must("visit.make")
        at = at or clock.now()
        if len(result.strip()) < 2:
            raise Refused(_("请写明结果和怎样告诉住户的。"), code="words_missing")
        rows = type(self).objects.filter(estate=self.estate_id, pk=self.pk).open()
        if not rows.update(kept_at=at, kept_by_id=by.person_id, result=result.strip()[:300]):
            raise Refused(_("这项承诺已经办结。"), code="kept")
        Event.objects.record(
            Action.PROMISE_KEPT, self.household, by=by, at=at, told=False, words=self.words, result=result.strip()
        )

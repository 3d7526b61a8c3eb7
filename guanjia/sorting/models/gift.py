"""Household goods for points; how many there are (CLN-10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateOwned, EstateQuerySet
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import datetime


class GiftQuerySet(EstateQuerySet["Gift"]):
    def offer(self, title: str, points: int, stock: int, *, by: Any, at: datetime | None = None) -> Gift:
        """Never for fewer points than the rule asks for a redemption."""
        by.must("sorting.redeem")
        at = at or clock.now()
        least = int(parameter(by.estate, "cln.points_redeem", at))
        if not title.strip() or not least <= points <= 10_000 or not 0 <= stock <= 100_000:
            raise Refused(_("请写名称；积分不少于 %(n)s 分。") % {"n": least}, code="incomplete")
        with estate_scope(by.estate):
            made = self.create(estate=by.estate, title=title.strip()[:40], points=points, stock=stock)
            Event.objects.record(Action.GIFT_STOCKED, made, by=by, at=at, told=False, gift=made.title, count=stock)
        return made


class Gift(EstateOwned):
    noun = "gift"
    title = models.CharField(max_length=40)
    points = models.PositiveIntegerField()
    stock = models.IntegerField(default=0)
    retired_at = models.DateTimeField(null=True)

    objects = GiftQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(stock__gte=0), name="gift_stock"), models.CheckConstraint(condition=Q(points__gt=0), name="gift_points")]

    def __str__(self) -> str:
        return self.title

    @verb
    def restock(self, count: int, *, by: Any, at: datetime | None = None) -> None:
        by.must("sorting.redeem")
        if not 0 < count <= 100_000:
            raise Refused(_("请写进了多少件。"), code="incomplete")
        Gift.objects.at_estate(self.estate_id).filter(pk=self.pk).update(stock=F("stock") + count)
        self.refresh_from_db()
        Event.objects.record(Action.GIFT_STOCKED, self, by=by, at=at or clock.now(), told=False, gift=self.title, count=count)

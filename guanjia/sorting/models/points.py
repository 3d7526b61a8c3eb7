"""积分台帐 (F-28): append-only entries, and beside them what a household has; never below nothing (CLN-10, CF-58)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import datetime

_signer = Signer(salt="guanjia.sorting.household", sep=".")


def mark_of(household: Any) -> str:
    """What stands in a household's code."""
    return _signer.sign(f"{household.estate_id}-{household.pk}")


def household_of(mark: str, estate: Any) -> Any:
    """Whose code it is; None when it is forged or of another estate."""
    from guanjia.households.models import Household

    try:
        at, _dash, pk = _signer.unsign(mark).partition("-")
    except BadSignature:
        return None
    return Household.objects.at_estate(estate).filter(pk=int(pk)).first() if at == str(estate.pk) and pk.isdigit() else None


class PurseQuerySet(EstateQuerySet["Purse"]):
    def of(self, household: Any) -> Purse:
        """Made with the first sort; two at once make one."""
        self.insert_new([Purse(estate_id=household.estate_id, household=household)])
        return self.at_estate(household.estate_id).get(household=household)


class Purse(EstateOwned):
    """What a household has now: the sum of its entries, held above nothing by the database."""

    noun = "purse"
    household = EstateForeignKey("households.Household", models.CASCADE, related_name="purses")
    points = models.IntegerField(default=0)

    objects = PurseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "household"], name="purse_once"),
            models.CheckConstraint(condition=Q(points__gte=0), name="purse_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.points}"

    @verb
    def sort(self, *, by: Any, at: datetime | None = None) -> PointEntry:
        """A correct sort, confirmed on the spot by a supervisor or by a volunteer on duty; never for one's own home; so many a day."""
        from .turn import Turn

        at = at or clock.now()
        day = clock.today(self.estate, at)
        if by.is_staff:
            by.must("sorting.record")
        elif self.household_id in by.households or not Turn.objects.at_estate(self.estate_id).filter(household_id__in=by.households, day=day).exists():
            raise NotAllowed("sorting.record")
        self._lock()
        most = int(parameter(self.estate, "sorting.per_day", at))
        if self.entries.filter(kind=PointEntry.Kind.SORT, day=day).count() >= most:
            raise Refused(_("这户今天已记满 %(n)s 次。") % {"n": most}, code="enough_today")
        points = int(parameter(self.estate, "cln.points_per_sort", at))
        return self._enter(PointEntry.Kind.SORT, points, by, at, Action.POINTS_EARNED)

    @verb
    def redeem(self, gift: Any, *, by: Any, at: datetime | None = None) -> PointEntry:
        """A gift handed over the counter: points and stock go down together, or neither does."""
        from .gift import Gift

        by.must("sorting.redeem")
        at = at or clock.now()
        self._lock()
        least = int(parameter(self.estate, "cln.points_redeem", at))
        if self.points < max(gift.points, least):
            raise Refused(_("积分不够：现有 %(have)s 分，要 %(cost)s 分。") % {"have": self.points, "cost": max(gift.points, least)}, code="too_few")
        if not Gift.objects.at_estate(self.estate_id).filter(pk=gift.pk, stock__gte=1, retired_at__isnull=True).update(stock=F("stock") - 1):
            raise Refused(_("这件礼品没有库存了。"), code="out_of_stock")
        return self._enter(PointEntry.Kind.REDEEM, -gift.points, by, at, Action.POINTS_REDEEMED, gift=gift)

    @verb
    def correct(self, points: int, words: str, *, by: Any, at: datetime | None = None) -> PointEntry:
        """An entry that was wrong is not changed: another one sets it right, with a reason."""
        by.must("sorting.redeem")
        if not words.strip() or not 0 < abs(points) <= 1000:
            raise Refused(_("请写更正多少分和原因。"), code="incomplete")
        self._lock()
        if self.points + points < 0:
            raise Refused(_("积分不能变成负数。"), code="too_few")
        return self._enter(PointEntry.Kind.CORRECTION, points, by, at or clock.now(), Action.POINTS_CORRECTED, words=words.strip()[:200])

    def _lock(self) -> None:
        self.points = type(self).objects.at_estate(self.estate_id).select_for_update().get(pk=self.pk).points

    def _enter(self, kind: str, points: int, by: Any, at: datetime, action: Action, **more: Any) -> PointEntry:
        made = PointEntry.objects.create(estate_id=self.estate_id, purse=self, kind=kind, points=points, day=clock.today(self.estate, at), by_id=by.person_id, at=at, **more)
        type(self).objects.at_estate(self.estate_id).filter(pk=self.pk).update(points=F("points") + points)
        self.points += points
        told = kind != PointEntry.Kind.SORT
        gift = more.get("gift")
        Event.objects.record(
            action, self, by=by, at=at, told=told, public=True, household_id=self.household_id, points=abs(points), left=self.points, gift=gift.title if gift else "", words=more.get("words", ""),
        )  # fmt: skip
        return made


class PointEntry(EstateOwned):
    class Kind(models.TextChoices):
        SORT = "sort", gettext_lazy("正确投放")
        REDEEM = "redeem", gettext_lazy("兑换")
        CORRECTION = "correction", gettext_lazy("更正")

    noun = "point_entry"
    purse = EstateForeignKey(Purse, models.RESTRICT, related_name="entries")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    points = models.IntegerField()
    gift = EstateForeignKey("sorting.Gift", models.RESTRICT, null=True, related_name="entries")
    words = models.CharField(max_length=200, blank=True)
    day = models.DateField()
    by = PersonKey()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["estate", "purse", "-at"], name="point_entry_of"), models.Index(fields=["estate", "day"], name="point_entry_day")]
        constraints = [models.CheckConstraint(condition=~Q(points=0), name="point_entry_something")]

    def __str__(self) -> str:
        return f"{self.points:+d}"

"""车位、储藏间、经营用房: the register with plan numbers, and who waits for one (VAS-01)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

from ..bays import bay_of

if TYPE_CHECKING:
    from datetime import date, datetime

CENT = Decimal("0.01")


def money(value: Decimal) -> Decimal:
    """Whole cents, not negative, below a million. Raises Refused."""
    if not value.is_finite() or not 0 <= value < 10**6 or value != value.quantize(CENT):
        raise Refused(_("价格写到分，不能为负。"), code="bad_price")
    return value


class Kind(models.TextChoices):
    PARKING = "parking", gettext_lazy("车位")
    STORAGE = "storage", gettext_lazy("储藏间")
    ROOM = "room", gettext_lazy("经营用房")


class SpaceQuerySet(EstateQuerySet["Space"]):
    def visible_to(self, reach: Any) -> SpaceQuerySet:
        rows = self.at_estate(reach.estate)
        return rows if reach.may("lease.make") else rows.none()

    def free(self, first: date, last: date) -> SpaceQuerySet:
        """Usable, and let to nobody on any day of the term."""
        from .lease import Lease

        taken = Lease.objects.filter(estate=models.OuterRef("estate"), space=models.OuterRef("pk"), first__lte=last, last__gte=first)
        return self.filter(retired_why="").exclude(models.Exists(taken))

    def keep(
        self, estate: Any, kind: str, code: str, price: Decimal, *, where: str = "", plan: str = "", area: Decimal = Decimal(0), by: Any, at: datetime | None = None
    ) -> Space:  # fmt: skip
        """Register a space, or put one of this code right."""
        at = at or clock.now()
        by.must("lease.make")
        code = code.strip().upper()[:20]
        if kind not in Kind.values or not code:
            raise Refused(_("请写类别和编号。"), code="incomplete")
        said: dict[str, Any] = {"price": money(price), "where": where.strip()[:80], "plan": plan.strip()[:40], "area": money(area)}
        with refusing_clashes(), estate_scope(estate):
            if kind == Kind.PARKING and (bay := bay_of(estate, code)):
                said["parking"] = bay
            row, _new = self.update_or_create(estate=estate, kind=kind, code=code, defaults=said)
            Event.objects.record(Action.SPACE_KEPT, row, by=by, at=at, told=False, code=code, price=f"{price:.2f}")
        return row


class Space(EstateOwned):
    noun = "space"
    kind = models.CharField(max_length=8, choices=Kind.choices)
    code = models.CharField(max_length=20)
    plan = models.CharField(max_length=40, blank=True)  # its number on the plan
    where = models.CharField(max_length=80, blank=True)
    area = models.DecimalField(max_digits=10, decimal_places=2, default=0)  # m²
    price = models.DecimalField(max_digits=14, decimal_places=2)  # yuan a month, of the list
    parking = EstateForeignKey("households.Parking", models.RESTRICT, null=True, related_name="spaces")  # the bay of the imported register
    retired_why = models.CharField(max_length=120, blank=True)  # why it is not let: sold, out of use

    objects = SpaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "kind", "code"], name="space_code"),
            models.UniqueConstraint(fields=["estate", "parking"], name="space_bay"),
            models.CheckConstraint(condition=Q(parking__isnull=True) | Q(kind="parking"), name="space_bay_parks"),
            models.CheckConstraint(condition=Q(price__gte=0), name="space_price"),
        ]

    def __str__(self) -> str:
        return self.code

    def must_be_lettable(self) -> None:
        """Hold the row until the act is done: nobody lets or retires it meanwhile. Raises Refused where it is retired."""
        row = type(self).objects.at_estate(self.estate_id).select_for_update().get(pk=self.pk)
        if row.retired_why:
            raise Refused(_("这个位置已停用：%(why)s") % {"why": row.retired_why}, code="retired")

    @verb
    def retire(self, why: str, *, by: Any, at: datetime | None = None) -> None:
        """Taken out of letting, or (with no words) back into it; not while it is let."""
        at = at or clock.now()
        by.must("lease.make")
        type(self).objects.at_estate(self.estate_id).select_for_update().get(pk=self.pk)
        if why.strip() and self.leases.filter(last__gte=clock.today(self.estate, at)).exists():
            raise Refused(_("还在租，不能停用。"), code="let")
        self.retired_why = why.strip()[:120]
        self.save(update_fields=["retired_why"])
        Event.objects.record(Action.SPACE_RETIRED, self, by=by, at=at, told=False, code=self.code, why=self.retired_why)


class WaitingQuerySet(EstateQuerySet["Waiting"]):
    def visible_to(self, reach: Any) -> WaitingQuerySet:
        rows = self.at_estate(reach.estate)
        if reach.is_resident and not reach.is_staff:
            return rows.filter(household_id__in=list(reach.households))
        return rows if reach.may("lease.make") else rows.none()

    def live(self) -> WaitingQuerySet:
        return self.filter(ended_at__isnull=True)

    def join(self, household: Any, unit: Any, kind: str, words: str = "", *, by: Any, at: datetime | None = None) -> Waiting:
        """Wait for a space of a kind; once a household and kind."""
        at = at or clock.now()
        own = by.is_resident and household.pk in by.households and unit.pk in by.units
        if not own:
            by.must("lease.make")
        if kind not in Kind.values:
            raise Refused(_("请选择类别。"), code="no_kind")
        with refusing_clashes(), estate_scope(household.estate_id):
            if self.at_estate(household.estate_id).live().filter(household=household, kind=kind).exists():
                raise Refused(_("已经在排队了。"), code="already_waiting")
            row = self.create(estate_id=household.estate_id, household=household, unit=unit, kind=kind, words=words.strip()[:200], at=at, by_id=by.person_id)
            Event.objects.record(Action.SPACE_WAITED, row, by=by, at=at, household_id=household.pk, public=True, where=unit.code, kind=str(Kind(kind).label))
        return row


class Waiting(EstateOwned):
    """候租: first come, first served; ended by a lease or by leaving."""

    noun = "space_waiting"
    household = EstateForeignKey("households.Household", models.CASCADE, related_name="+")
    unit = EstateForeignKey("estates.Unit", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    words = models.CharField(max_length=200, blank=True)
    by = PersonKey()
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = WaitingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "household", "kind"], condition=Q(ended_at__isnull=True), name="waiting_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%F}"

    @property
    def place(self) -> int:
        """How many stand before it, itself counted."""
        return type(self).objects.at_estate(self.estate_id).live().filter(kind=self.kind, at__lte=self.at).count()

    @verb
    def leave(self, *, by: Any, at: datetime | None = None) -> None:
        at = at or clock.now()
        if not (by.is_resident and self.household_id in by.households) and not by.may("lease.make"):
            raise NotAllowed("lease.make")
        if not type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, ended_at__isnull=True).update(ended_at=at):
            raise Refused(_("已经不在排队了。"), code="already_done")
        Event.objects.record(Action.SPACE_LEFT, self, by=by, at=at, household_id=self.household_id, told=False)

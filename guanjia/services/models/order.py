"""服务单: one service for one home, from the order to its rating (VAS-03, VAS-04, VAS-16)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.staged import Staged

from ..book import services_book
from .assignable import Assignable
from .doable import Doable
from .orderable import Orderable
from .quotable import Quotable

if TYPE_CHECKING:
    from datetime import datetime


class Stage(models.TextChoices):
    ASKED = "asked", gettext_lazy("待报价")
    QUOTED = "quoted", gettext_lazy("待同意报价")
    AGREED = "agreed", gettext_lazy("办理中")
    DONE = "done", gettext_lazy("已完成")
    DECLINED = "declined", gettext_lazy("不同意报价")
    CANCELLED = "cancelled", gettext_lazy("已取消")


OPEN = (Stage.ASKED, Stage.QUOTED, Stage.AGREED)


class OrderQuerySet(Orderable, EstateQuerySet["ServiceOrder"]):
    def open(self) -> OrderQuerySet:
        return self.filter(stage__in=OPEN)

    def visible_to(self, reach: Any) -> OrderQuerySet:
        """A household its own; a worker what was given to them; stewards their zones', the desk the estate's."""
        rows = self.at_estate(reach.estate)
        if reach.is_resident and not reach.is_staff:
            return rows.filter(household_id__in=list(reach.households))
        mine = Q(worker_id=reach.person_id)
        if reach.may("service.order"):
            return rows.filter(mine | Q(unit__zone_id__in=list(reach.zones))) if reach.sees == "zone" else rows
        return rows.filter(mine) if reach.may("service.work") else rows.none()


class ServiceOrder(Quotable, Assignable, Doable, Staged, EstateOwned):
    """`kind`, `price` and `promised` are as they stood when it was ordered: a later price list changes no order.

    `due_at` is the next promise that runs: the quote while one is waited for, the work once it is agreed to.
    """

    noun = "service_order"
    unit = EstateForeignKey("estates.Unit", models.RESTRICT, related_name="service_orders")
    household = EstateForeignKey("households.Household", models.RESTRICT, related_name="service_orders")
    item = models.CharField(max_length=30)  # of services.yaml
    kind = models.CharField(max_length=6)  # fixed, quote, free
    price = models.DecimalField(max_digits=14, decimal_places=2, null=True)  # yuan for one unit
    count = models.PositiveSmallIntegerField(default=1)
    promised = models.DurationField()  # working time
    details = models.JSONField(default=dict)  # the item's own fields: key → words
    words = models.CharField(max_length=500, blank=True)
    day = models.DateField(null=True)  # the day the household wants
    stage = models.CharField(max_length=10, choices=Stage.choices)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)  # yuan that was agreed to
    due_at = models.DateTimeField(null=True)
    told = models.PositiveSmallIntegerField(default=0)  # rungs of the alarm already told for this `due_at`
    orderer = PersonKey(null=True)  # in their own login
    taken_by = PersonKey(null=True)  # at the desk
    worker = PersonKey(null=True)
    supplier = EstateForeignKey("services.Supplier", models.RESTRICT, null=True, related_name="orders")
    assigned_by = PersonKey(null=True)
    bill = EstateForeignKey("billing.Bill", models.RESTRICT, null=True, related_name="service_orders")
    ordered_at = models.DateTimeField()
    assigned_at = models.DateTimeField(null=True)
    agreed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # done, declined, cancelled
    kept_promise = models.BooleanField(null=True)  # set when done
    result = models.CharField(max_length=500, blank=True)
    stars = models.PositiveSmallIntegerField(null=True)
    rating = models.CharField(max_length=300, blank=True)
    rated_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)  # why it was cancelled or declined

    objects = OrderQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["estate", "stage", "due_at"], name="service_order_stage"),
            models.Index(fields=["estate", "household", "-ordered_at"], name="service_order_home"),
            models.Index(fields=["estate", "worker", "stage"], name="service_order_worker"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(stage__in=["agreed", "done"]) | Q(agreed_at__isnull=False), name="service_agreed_first"),
            models.CheckConstraint(condition=~Q(stage="done") | Q(done_at__isnull=False), name="service_done_at"),
            models.CheckConstraint(condition=Q(worker__isnull=True) | Q(supplier__isnull=True), name="service_one_hand"),
            models.CheckConstraint(condition=Q(stars__isnull=True) | Q(stars__range=(1, 5), stage="done"), name="service_stars"),
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gte=0), name="service_amount"),
            models.CheckConstraint(condition=Q(done_at__isnull=True) | Q(done_at__gte=F("agreed_at")), name="service_order_order"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"FW-{self.pk:05d}"

    @property
    def plain_title(self) -> str:
        """In the house's language, for events."""
        entry = services_book().items.get(self.item)
        return entry.title if entry else self.item

    @property
    def title(self) -> str:
        return _(self.plain_title)

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN

    def is_late(self, now: datetime) -> bool:
        return self.is_open and self.due_at is not None and self.due_at < now

    @property
    def asked(self) -> list[tuple[str, str]]:
        """The item's own fields as they were filled in."""
        entry = services_book().items.get(self.item)
        fields = entry.fields if entry else {}
        return [(_(field.title), self.details[key]) for key, field in fields.items() if key in self.details]

    def theirs(self, by: Any) -> bool:
        return by.is_resident and self.household_id in by.households

    def tell(self, action: Action, *, by: Any, at: datetime, **said: Any) -> None:
        Event.objects.record(
            action, self, by=by, at=at, number=self.number, title=self.plain_title, where=self.unit.code, household_id=self.household_id, public=True, **said
        )

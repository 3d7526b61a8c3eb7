"""租赁合同: a space let to a household for a term at a price; billed by the monthly run, by the day (VAS-01, FEE-02)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

from ..bays import must_be_theirs
from ..charging import price_from, start, stop
from .space import Space, Waiting, money

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

LONGEST = timedelta(days=366 * 3)


class LeaseQuerySet(EstateQuerySet["Lease"]):
    def visible_to(self, reach: Any) -> LeaseQuerySet:
        """A household its own; the desk all."""
        rows = self.at_estate(reach.estate)
        if reach.is_resident and not reach.is_staff:
            return rows.filter(household_id__in=list(reach.households))
        return rows if reach.may("lease.make") else rows.none()

    def let(
        self, space: Space, unit: Any, household: Any, first: date, last: date, price: Decimal, *, plate: str = "", by: Any, at: datetime | None = None
    ) -> Lease:  # fmt: skip
        """A contract; its price is a fee of its own, which the monthly run bills from the first day to the last."""
        at = at or clock.now()
        by.must("lease.make")
        if not first <= last or last - first > LONGEST or first > clock.today(space.estate, at) + LONGEST:
            raise Refused(_("租期不对，最长三年。"), code="bad_term")
        with refusing_clashes(), estate_scope(space.estate_id):
            space.must_be_lettable()
            must_be_theirs(space, unit, household, first)
            if self.at_estate(space.estate_id).filter(space=space, first__lte=last, last__gte=first).exists():
                raise Refused(_("这段时间已经租出。"), code="let")
            row = self.create(
                estate_id=space.estate_id, space=space, unit=unit, household=household, first=first, last=last, price=money(price),
                plate="".join(plate.split()).upper()[:20], made_by_id=by.person_id, made_at=at,
            )  # fmt: skip
            row.fee = start(row, at)
            row.save(update_fields=["fee"])
            Waiting.objects.at_estate(space.estate_id).live().filter(household=household, kind=space.kind).update(ended_at=at)
            row.tell(Action.LEASE_MADE, by=by, at=at, first=str(first), last=str(last), price=f"{price:.2f}")
        return row


class Lease(EstateOwned):
    noun = "lease"
    space = EstateForeignKey(Space, models.RESTRICT, related_name="leases")
    unit = EstateForeignKey("estates.Unit", models.RESTRICT, related_name="+")  # whose account pays
    household = EstateForeignKey("households.Household", models.RESTRICT, related_name="leases")
    first = models.DateField()
    last = models.DateField()  # its last day
    price = models.DecimalField(max_digits=14, decimal_places=2)  # yuan a month, now
    plate = models.CharField(max_length=20, blank=True)
    fee = EstateForeignKey("billing.Fee", models.RESTRICT, null=True, related_name="leases")
    reminded_for = models.DateField(null=True)  # the last day that somebody was reminded of
    renewal_asked_at = models.DateTimeField(null=True)  # by the household; cleared by a renewal
    ended_why = models.CharField(max_length=200, blank=True)  # ended before its term
    made_by = PersonKey()
    made_at = models.DateTimeField()

    objects = LeaseQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "last"], name="lease_last"), models.Index(fields=["estate", "household"], name="lease_household")]
        constraints = [
            ExclusionConstraint(
                name="lease_one_at_a_time",
                expressions=[
                    ("estate", RangeOperators.EQUAL),
                    ("space", RangeOperators.EQUAL),
                    (Func(F("first"), F("last"), Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="lease_term"),
            models.CheckConstraint(condition=Q(price__gte=0), name="lease_price"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"ZL-{self.pk:05d}"

    def state(self, today: date) -> str:
        """coming, running, ending (within 30 days), over."""
        if self.first > today:
            return "coming"
        if self.last < today:
            return "over"
        return "ending" if self.last < today + timedelta(days=30) else "running"

    def tell(self, action: Action, *, by: Any, at: datetime, **said: Any) -> None:
        Event.objects.record(action, self, by=by, at=at, number=self.number, code=self.space.code, where=self.unit.code, household_id=self.household_id, public=True, **said)

    def _lock(self) -> None:
        row = type(self).objects.at_estate(self.estate_id).select_for_update().get(pk=self.pk)
        for name in ("first", "last", "price", "renewal_asked_at"):
            setattr(self, name, getattr(row, name))

    @verb
    def renew(self, last: date, price: Decimal, *, by: Any, at: datetime | None = None) -> None:
        """Go on until a later day; a new price holds from the day after the term that ends."""
        at = at or clock.now()
        by.must("lease.make")
        self.space.must_be_lettable()
        self._lock()
        if not self.last < last <= self.last + LONGEST:
            raise Refused(_("续租要到原租期以后，最长三年。"), code="bad_term")
        if type(self).objects.at_estate(self.estate_id).filter(space=self.space_id, first__lte=last, last__gt=self.last).exclude(pk=self.pk).exists():
            raise Refused(_("这段时间已经租出。"), code="let")
        after = self.last + timedelta(days=1)
        self.last, self.renewal_asked_at, self.ended_why = last, None, ""
        self.price = money(price)
        price_from(self, after, at)
        self.save(update_fields=["last", "price", "renewal_asked_at", "ended_why"])
        stop(self)
        self.tell(Action.LEASE_RENEWED, by=by, at=at, last=str(last), price=f"{price:.2f}")

    @verb
    def end(self, last: date, why: str, *, by: Any, at: datetime | None = None) -> None:
        """End before its term, not before what is billed already."""
        at = at or clock.now()
        by.must("lease.make")
        self._lock()
        if len(why.strip()) < 2:
            raise Refused(_("请写明原因。"), code="why_missing")
        if not max(self.first, clock.today(self.estate, at)) <= last < self.last:
            raise Refused(_("结束日期在今天到租期最后一天之间。"), code="bad_term")
        billed = self.fee.billed_until() if self.fee else None
        if billed and last < billed - timedelta(days=1):
            raise Refused(_("已经出账到 %(day)s，请从那天结束。") % {"day": billed - timedelta(days=1)}, code="billed")
        self.last, self.ended_why = last, why.strip()[:200]
        self.save(update_fields=["last", "ended_why"])
        stop(self)
        self.tell(Action.LEASE_ENDED, by=by, at=at, last=str(last), why=self.ended_why)

    @verb
    def ask_renewal(self, *, by: Any, at: datetime | None = None) -> None:
        """The household would like to go on; once."""
        at = at or clock.now()
        if not (by.is_resident and self.household_id in by.households):
            raise NotAllowed("own.file")
        self._lock()
        if self.last < clock.today(self.estate, at):
            raise Refused(_("租期已经结束。"), code="over")
        if self.renewal_asked_at:
            raise Refused(_("已经申请续租。"), code="already_asked")
        self.renewal_asked_at = at
        self.save(update_fields=["renewal_asked_at"])
        self.tell(Action.LEASE_RENEWAL_ASKED, by=by, at=at, last=str(self.last))

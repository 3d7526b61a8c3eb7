"""周边公共服务: places near the estate and public hotlines, each verified on a day (VAS-07, VAS-08, F-70)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.duties.models import Task
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

if TYPE_CHECKING:
    from datetime import date, datetime


class Kind(models.TextChoices):
    HOTLINE = "hotline", gettext_lazy("公共服务热线")
    HOSPITAL = "hospital", gettext_lazy("医院药店")
    SCHOOL = "school", gettext_lazy("学校幼儿园")
    BANK = "bank", gettext_lazy("银行")
    POST = "post", gettext_lazy("邮政快递")
    MALL = "mall", gettext_lazy("商场超市")
    FOOD = "food", gettext_lazy("餐饮")
    SPORT = "sport", gettext_lazy("运动健身")
    CULTURE = "culture", gettext_lazy("文化影院")
    SIGHT = "sight", gettext_lazy("公园景点")
    TRAVEL = "travel", gettext_lazy("交通出行")
    OTHER = "other", gettext_lazy("其他")


SAID = {"phone": 40, "address": 120, "hours": 80, "price": 80, "words": 200}  # what is written of a place, and how long at most


class FacilityQuerySet(EstateQuerySet["Facility"]):
    def live(self) -> FacilityQuerySet:
        return self.filter(closed_at__isnull=True)

    def visible_to(self, reach: Any) -> FacilityQuerySet:
        """Everybody of the estate; who keeps it sees those that closed as well."""
        rows = self.at_estate(reach.estate)
        return rows if reach.may("nearby.keep") else rows.live()

    def stale(self, estate: Any, on: date) -> FacilityQuerySet:
        """Not verified within `nearby.verify_days`."""
        return self.at_estate(estate).live().filter(verified_on__lt=oldest(estate, on))

    def looked_for(self, words: str) -> FacilityQuerySet:
        kinds = [key for key, label in Kind.choices if words in str(label)]
        return self.filter(Q(name__icontains=words) | Q(address__icontains=words) | Q(words__icontains=words) | Q(kind__in=kinds))

    def keep(self, estate: Any, kind: str, name: str, *, by: Any, at: datetime | None = None, **said: str) -> Facility:
        """Write a place down, or put one of this name right; either way it was just verified. A field of `SAID` that is not said stays as it was."""
        at = at or clock.now()
        by.must("nearby.keep")
        name = name.strip()[:80]
        with refusing_clashes(), estate_scope(estate):
            row = self.at_estate(estate).select_for_update().filter(name=name).first() or self.model(estate=estate, name=name)
            for field, most in SAID.items():
                setattr(row, field, said.get(field, getattr(row, field)).strip()[:most])
            if kind not in Kind.values or len(name) < 2 or not (row.phone or row.address):
                raise Refused(_("请写类别、名称，以及电话或地址。"), code="incomplete")
            row.kind, row.verified_on, row.by_id, row.closed_at = kind, clock.today(estate, at), by.person_id, None
            row.save()
            Event.objects.record(Action.FACILITY_KEPT, row, by=by, at=at, told=False, name=name)
            Task.objects.settle_about(row, _("已更新：%(name)s") % {"name": name}, by=by, at=at)
        return row


def oldest(estate: Any, on: date) -> date:
    """The earliest day of verification that still counts."""
    return on - timedelta(days=int(parameter(estate, "nearby.verify_days", clock.now())))


class Facility(EstateOwned):
    noun = "facility"
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=80)
    phone = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=120, blank=True)
    hours = models.CharField(max_length=80, blank=True)
    price = models.CharField(max_length=80, blank=True)
    words = models.CharField(max_length=200, blank=True)
    verified_on = models.DateField()
    by = PersonKey()
    closed_at = models.DateTimeField(null=True)
    told_for = models.DateField(null=True)  # the verification that was found too old

    objects = FacilityQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "name"], name="facility_name")]
        indexes = [models.Index(fields=["estate", "kind"], name="facility_kind")]

    def __str__(self) -> str:
        return self.name

    @property
    def dial(self) -> str:
        """The first number of `phone` as a telephone takes it; empty where none is."""
        first = re.split(r"[、，,;；/转]", self.phone)[0]
        return re.sub(r"[^\d+]", "", first)

    @verb
    def verify(self, *, by: Any, at: datetime | None = None) -> None:
        """Called or visited: everything is as written (VAS-07)."""
        at = at or clock.now()
        by.must("nearby.keep")
        rows = type(self).objects.at_estate(self.estate_id).live().filter(pk=self.pk)
        if not rows.update(verified_on=clock.today(self.estate, at), by_id=by.person_id):
            raise Refused(_("已经停用。"), code="already_done")
        self.refresh_from_db()
        Event.objects.record(Action.FACILITY_VERIFIED, self, by=by, at=at, told=False, name=self.name)
        Task.objects.settle_about(self, _("已核实：%(name)s") % {"name": self.name}, by=by, at=at)

    @verb
    def close(self, *, by: Any, at: datetime | None = None) -> None:
        """It moved away or closed: residents no longer see it."""
        at = at or clock.now()
        by.must("nearby.keep")
        if not type(self).objects.at_estate(self.estate_id).live().filter(pk=self.pk).update(closed_at=at):
            raise Refused(_("已经停用。"), code="already_done")
        self.refresh_from_db()
        Event.objects.record(Action.FACILITY_CLOSED, self, by=by, at=at, told=False, name=self.name)
        Task.objects.settle_about(self, _("已停用：%(name)s") % {"name": self.name}, by=by, at=at)

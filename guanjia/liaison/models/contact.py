"""外联单位名录: street office, police, fire service, utilities: whom to ask for, and what for (VAS-12, F-68)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

if TYPE_CHECKING:
    from datetime import datetime


class Kind(models.TextChoices):
    STREET = "street", gettext_lazy("街道社区")
    POLICE = "police", gettext_lazy("公安交管")
    FIRE = "fire", gettext_lazy("消防应急")
    CITY = "city", gettext_lazy("城管环卫")
    HOUSING = "housing", gettext_lazy("住建房管")
    HEALTH = "health", gettext_lazy("卫生市场监管")
    UTILITY = "utility", gettext_lazy("水电气通信")
    OWNERS = "owners", gettext_lazy("业主委员会")
    OTHER = "other", gettext_lazy("其他")


SAID = {"person": 40, "phone": 40, "address": 120, "words": 200}  # what is written of a body, and how long at most


class ContactQuerySet(EstateQuerySet["Contact"]):
    def visible_to(self, reach: Any) -> ContactQuerySet:
        rows = self.at_estate(reach.estate)
        return rows if reach.may("liaison.keep") else rows.none()

    def live(self) -> ContactQuerySet:
        return self.filter(closed_at__isnull=True)

    def looked_for(self, words: str) -> ContactQuerySet:
        return self.filter(Q(name__icontains=words) | Q(person__icontains=words) | Q(words__icontains=words) | Q(phone__contains=words))

    def keep(self, estate: Any, kind: str, name: str, *, by: Any, at: datetime | None = None, **said: str) -> Contact:
        """Write a body down, or put one of this name right. A field of `SAID` that is not said stays as it was."""
        at, name = at or clock.now(), name.strip()[:80]
        by.must("liaison.keep")
        with refusing_clashes(), estate_scope(estate):
            row = self.at_estate(estate).select_for_update().filter(name=name).first() or self.model(estate=estate, name=name)
            for field, most in SAID.items():
                setattr(row, field, said.get(field, getattr(row, field)).strip()[:most])
            if kind not in Kind.values or len(name) < 2 or not row.phone:
                raise Refused(_("请写类别、单位名称和电话。"), code="incomplete")
            row.kind, row.by_id, row.kept_at, row.closed_at = kind, by.person_id, at, None
            row.save()
            Event.objects.record(Action.CONTACT_KEPT, row, by=by, at=at, told=False, name=name)
        return row


class Contact(EstateOwned):
    noun = "outside_contact"
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=80)
    person = models.CharField(max_length=40, blank=True)  # whom to ask for
    phone = models.CharField(max_length=40)
    address = models.CharField(max_length=120, blank=True)
    words = models.CharField(max_length=200, blank=True)  # what they are asked about
    by = PersonKey()
    kept_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "name"], name="contact_name")]

    def __str__(self) -> str:
        return self.name

    def must_be_live(self) -> None:
        """Hold the row, so that nothing begins while it is closed. Raises Refused where it is."""
        if type(self).objects.at_estate(self.estate_id).select_for_update().get(pk=self.pk).closed_at:
            raise Refused(_("已经停用。"), code="already_done")

    @verb
    def close(self, *, by: Any, at: datetime | None = None) -> None:
        """Merged or moved away; what it sent stays on record. Not while something of it waits."""
        at = at or clock.now()
        by.must("liaison.keep")
        self.must_be_live()
        if self.papers.open().exists() or self.matters.open().exists():
            raise Refused(_("还有来文或协调事项没有办完，不能停用。"), code="open_matters")
        if not type(self).objects.at_estate(self.estate_id).live().filter(pk=self.pk).update(closed_at=at):
            raise Refused(_("已经停用。"), code="already_done")
        self.refresh_from_db()
        Event.objects.record(Action.CONTACT_CLOSED, self, by=by, at=at, told=False, name=self.name)

"""供应商: looked at before it is listed, with a contract, followed up, struck off when it must be (VAS-09, VAS-10, F-69, F-93)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

from ..book import services_book
from .supplier_records import Ban, Review, Vetting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


class SupplierQuerySet(EstateQuerySet["Supplier"]):
    def visible_to(self, reach: Any) -> SupplierQuerySet:
        rows = self.at_estate(reach.estate)
        return rows if reach.may("service.order") or reach.may("supplier.keep") else rows.none()

    def list_for(self, estate: Any, item: str, on: date) -> list[Supplier]:
        """Whom an item may be ordered from on a day."""
        rows = self.at_estate(estate).filter(items__contains=[item]).prefetch_related("vettings", "bans")
        return [row for row in rows.order_by("name") if not row.refusal(on, item)]

    def due_for_review(self, estate: Any, on: date) -> SupplierQuerySet:
        """Listed ones whose quality nobody looked at within the interval (VAS-10)."""
        since = on - timedelta(days=int(parameter(estate, "suppliers.review_days", clock.now())))
        rows = self.at_estate(estate).filter(contract_ends__gte=on, contract_starts__lte=since)
        banned = Ban.objects.filter(estate=estate, lifted_at__isnull=True).values("supplier_id")
        reviewed = Review.objects.filter(estate=estate, on__gt=since).values("supplier_id")
        passed = Vetting.objects.filter(estate=estate, passed=True).values("supplier_id")
        return rows.filter(pk__in=passed).exclude(pk__in=banned).exclude(pk__in=reviewed)

    def register(
        self, estate: Any, name: str, phone: str, items: Sequence[str], *, contact: str = "", address: str = "", licence: str = "", by: Any, at: datetime | None = None
    ) -> Supplier:  # fmt: skip
        row = self.model(estate=estate, name=name.strip()[:80])
        with refusing_clashes(), estate_scope(estate):
            row._say(phone, items, contact, address, licence, by=by)
            if self.at_estate(estate).filter(name=row.name).exists():
                raise Refused(_("已有同名的供应商。"), code="known")
            row.made_by_id, row.made_at = by.person_id, at or clock.now()
            row.save(force_insert=True)
            row.tell(Action.SUPPLIER_KEPT, by=by, at=row.made_at)
        return row


class Supplier(EstateOwned):
    """Listed (可派单) while its last look passed, its contract runs and nobody struck it off."""

    noun = "supplier"
    name = models.CharField(max_length=80)
    contact = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=30)
    address = models.CharField(max_length=120, blank=True)
    licence = models.CharField(max_length=80, blank=True)  # number of its business licence
    items = ArrayField(models.CharField(max_length=30))  # of services.yaml
    contract_starts = models.DateField(null=True)
    contract_ends = models.DateField(null=True)  # its last day
    reminded_for = models.DateField(null=True)  # the contract's end that somebody was reminded of
    made_by = PersonKey(null=True)
    made_at = models.DateTimeField()

    objects = SupplierQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "name"], name="supplier_name"),
            models.CheckConstraint(condition=Q(contract_ends__isnull=True) | Q(contract_ends__gte=F("contract_starts")), name="supplier_contract"),
        ]

    def __str__(self) -> str:
        return self.name

    def refusal(self, on: date, item: str = "") -> str:
        """Why it may not be ordered on a day; empty when it may."""
        if any(row.lifted_at is None for row in self.bans.all()):
            return _("%(name)s 在黑名单上。") % {"name": self.name}
        looked = max(self.vettings.all(), key=lambda row: (row.at, row.pk), default=None)
        if looked is None or not looked.passed:
            return _("%(name)s 还没有通过考察，不能列入名录。") % {"name": self.name}
        if not (self.contract_starts and self.contract_ends and self.contract_starts <= on <= self.contract_ends):
            return _("%(name)s 没有在有效期内的合同。") % {"name": self.name}
        if item and item not in self.items:
            return _("%(name)s 不做这项服务。") % {"name": self.name}
        return ""

    def tell(self, action: Action, *, by: Any, at: datetime, **said: Any) -> None:
        Event.objects.record(action, self, by=by, at=at, name=self.name, **said)

    def _say(self, phone: str, items: Sequence[str], contact: str, address: str, licence: str, *, by: Any) -> None:
        by.must("supplier.keep")
        known = services_book().items
        if len(self.name) < 2 or len(phone.strip()) < 5 or not items or any(key not in known for key in items):
            raise Refused(_("请写名称、电话和服务项目。"), code="incomplete")
        self.phone, self.items, self.contact = phone.strip()[:30], sorted(set(items)), contact.strip()[:40]
        self.address, self.licence = address.strip()[:120], licence.strip()[:80]

    @verb
    def amend(
        self, phone: str, items: Sequence[str], *, contact: str = "", address: str = "", licence: str = "", by: Any, at: datetime | None = None
    ) -> None:  # fmt: skip
        self._say(phone, items, contact, address, licence, by=by)
        self.save(update_fields=["phone", "items", "contact", "address", "licence"])
        self.tell(Action.SUPPLIER_KEPT, by=by, at=at or clock.now())

    @verb
    def vet(self, points: Mapping[str, str], words: str, *, by: Any, at: datetime | None = None) -> Vetting:
        """Research and screening: every point good or bad, in words; one bad point and it is not listed (VAS-09)."""
        at = at or clock.now()
        by.must("supplier.keep")
        wanted = services_book().vetting
        if any(points.get(key) not in ("ok", "bad") for key in wanted) or len(words.strip()) < 4:
            raise Refused(_("请逐项考察并写考察情况。"), code="incomplete")
        passed = all(points[key] == "ok" for key in wanted)
        made = Vetting.objects.create(
            estate_id=self.estate_id, supplier=self, points={key: points[key] for key in wanted}, words=words.strip()[:500], passed=passed,
            by_id=by.person_id, at=at,
        )  # fmt: skip
        self.tell(Action.SUPPLIER_VETTED if passed else Action.SUPPLIER_FAILED, by=by, at=at, words=made.words[:120])
        return made

    @verb
    def contract(self, starts: date, ends: date, *, by: Any, at: datetime | None = None) -> None:
        """A contract, or its renewal; the earlier one stands in the events."""
        at = at or clock.now()
        by.must("supplier.keep")
        if not starts <= ends or ends - starts > timedelta(days=5 * 366):
            raise Refused(_("合同期限不对。"), code="bad_dates")
        self.contract_starts, self.contract_ends = starts, ends
        self.save(update_fields=["contract_starts", "contract_ends"])
        self.tell(Action.SUPPLIER_CONTRACTED, by=by, at=at, starts=str(starts), ends=str(ends))

    @verb
    def review(self, score: int, words: str, *, by: Any, on: date | None = None, at: datetime | None = None) -> Review:
        """The regular follow-up of its quality (VAS-10): one to five, in words."""
        at = at or clock.now()
        by.must("supplier.keep")
        if score not in range(1, 6) or len(words.strip()) < 4:
            raise Refused(_("请打 1 到 5 分并写回访情况。"), code="incomplete")
        made = Review.objects.create(
            estate_id=self.estate_id, supplier=self, score=score, words=words.strip()[:500], on=on or clock.today(self.estate, at), by_id=by.person_id, at=at
        )
        self.tell(Action.SUPPLIER_REVIEWED, by=by, at=at, score=score)
        return made

    @verb
    def ban(self, why: str, *, by: Any, at: datetime | None = None) -> Ban:
        """Strike it off: from now on it cannot be ordered; what it still has open is told."""
        at = at or clock.now()
        by.must("supplier.keep")
        if len(why.strip()) < 2:
            raise Refused(_("请写明原因。"), code="why_missing")
        type(self).objects.at_estate(self.estate_id).select_for_update().get(pk=self.pk)
        if self.bans.filter(lifted_at__isnull=True).exists():
            raise Refused(_("已经在黑名单上。"), code="already_done")
        made = Ban.objects.create(estate_id=self.estate_id, supplier=self, why=why.strip()[:300], by_id=by.person_id, at=at)
        self.tell(Action.SUPPLIER_BANNED, by=by, at=at, why=made.why, count=self.orders.open().count())
        return made

    @verb
    def readmit(self, why: str, *, by: Any, at: datetime | None = None) -> None:
        at = at or clock.now()
        by.must("supplier.keep")
        if len(why.strip()) < 2:
            raise Refused(_("请写明原因。"), code="why_missing")
        if not self.bans.filter(lifted_at__isnull=True).update(lifted_at=at, lifted_by=by.person_id, lifted_why=why.strip()[:300]):
            raise Refused(_("不在黑名单上。"), code="already_done")
        self.tell(Action.SUPPLIER_READMITTED, by=by, at=at, why=why.strip()[:300])

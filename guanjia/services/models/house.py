"""私家物业档案: what is installed in a home whose household ordered its care, what was mended, the regular diagnosis and its report (VAS-14, F-95)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.duties.models import Record
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.households.models import HouseholdDocument, Occupancy
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

from ..book import services_book
from .house_records import HouseItem, HouseRepair, HouseReport

if TYPE_CHECKING:
    from datetime import date, datetime

DUTY = "vas_house_health"


class HouseFileQuerySet(EstateQuerySet["HouseFile"]):
    def visible_to(self, reach: Any) -> HouseFileQuerySet:
        """A household its own; the desk all, a steward their zones'."""
        rows = self.at_estate(reach.estate)
        if reach.is_resident and not reach.is_staff:
            return rows.filter(household_id__in=list(reach.households))
        if not reach.may("service.order"):
            return rows.none()
        return rows if reach.sees == "estate" else rows.filter(unit__zone_id__in=list(reach.zones))

    def live(self) -> HouseFileQuerySet:
        return self.filter(ended_at__isnull=True)

    def open(self, unit: Any, household: Any, agreed: str, *, by: Any, at: datetime | None = None) -> HouseFile:
        """Begun because the household ordered it: in its own login, or at the desk with how it said so. One a home."""
        at, agreed = at or clock.now(), agreed.strip()[:120]
        own = by.is_resident and household.pk in by.households and unit.pk in by.units
        if not own:
            by.must_in(unit.zone_id, "service.order")
        agreed = agreed or (_("本人手机订购") if own else "")
        if not agreed:
            raise Refused(_("请写明住户怎样同意建档。"), code="consent_missing")
        if not Occupancy.objects.at_estate(unit.estate_id).filter(unit=unit, household=household, during__contains=clock.today(unit.estate, at)).exists():
            raise Refused(_("没有找到这套房的住户。"), code="not_living_here")
        with refusing_clashes(), estate_scope(unit.estate_id):
            if self.at_estate(unit.estate_id).live().filter(unit=unit).exists():
                raise Refused(_("这套房已经建档。"), code="known")
            row = self.create(estate_id=unit.estate_id, unit=unit, household=household, agreed=agreed, by_id=by.person_id, at=at)
            row.tell(Action.HOUSE_FILE_OPENED, by=by, at=at)
        return row


class HouseFile(EstateOwned):
    noun = "house_file"
    unit = EstateForeignKey("estates.Unit", models.RESTRICT, related_name="+")
    household = EstateForeignKey("households.Household", models.CASCADE, related_name="+")
    agreed = models.CharField(max_length=120)  # how the household said yes
    told_for = models.DateField(null=True)  # the day of which a diagnosis was asked for
    ended_at = models.DateTimeField(null=True)
    by = PersonKey()
    at = models.DateTimeField()

    objects = HouseFileQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "unit"], condition=Q(ended_at__isnull=True), name="house_file_one")]

    def __str__(self) -> str:
        return self.unit.code

    def tell(self, action: Action, *, by: Any, at: datetime, **said: Any) -> None:
        Event.objects.record(
            action, self, by=by, at=at, where=self.unit.code, unit_id=self.unit_id, zone_id=self.unit.zone_id, household_id=self.household_id, public=True, **said
        )

    def diagnosis(self) -> Record | None:
        """The newest record of the duty for this home since the file was opened."""
        rows = Record.objects.at_estate(self.estate_id).filter(task__key=DUTY, task__unit=self.unit_id, task__household=self.household_id, beside=False, done_at__gte=self.at)
        return rows.select_related("by").order_by("-done_at").first()

    def next_on(self) -> date:
        """The day the next diagnosis begins: at once for a new file, then every `house.check_days`."""
        last = self.diagnosis()
        if last is None:
            return clock.today(self.estate, self.at)
        return clock.today(self.estate, last.done_at) + timedelta(days=int(parameter(self.estate, "house.check_days", clock.now())))

    def must_be_kept_by(self, by: Any) -> None:
        by.must_in(self.unit.zone_id, "service.order")
        if self.ended_at:
            raise Refused(_("这份档案已经停用。"), code="already_done")

    @verb
    def install(self, kind: str, name: str, *, by: Any, brand: str = "", place: str = "", installed_on: date | None = None, warranty_until: date | None = None, at: datetime | None = None) -> HouseItem:
        """One piece of equipment, by its class."""
        self.must_be_kept_by(by)
        at, name = at or clock.now(), name.strip()[:60]
        if kind not in services_book().house_items or not name:
            raise Refused(_("请写类别和名称。"), code="incomplete")
        if installed_on and warranty_until and warranty_until < installed_on:
            raise Refused(_("保修期不能早于安装日期。"), code="bad_dates")
        made = HouseItem.objects.create(
            estate_id=self.estate_id, file=self, kind=kind, name=name, brand=brand.strip()[:60], place=place.strip()[:40], installed_on=installed_on, warranty_until=warranty_until
        )
        self.tell(Action.HOUSE_ITEM_KEPT, by=by, at=at, name=name)
        return made

    @verb
    def mend(self, item: HouseItem, on: date, words: str, *, by: Any, order: Any = None, ticket: Any = None, at: datetime | None = None) -> HouseRepair:
        """What was done to it, perhaps by a service order or a ticket of this home; each stands in the file once."""
        self.must_be_kept_by(by)
        at, words = at or clock.now(), words.strip()[:200]
        if not words or on > clock.today(self.estate, at) or item.file_id != self.pk:
            raise Refused(_("请写维修日期（不晚于今天）和内容。"), code="incomplete")
        if any(source is not None and source.unit_id != self.unit_id for source in (order, ticket)):
            raise NotAllowed("service.order")
        with refusing_clashes():
            made = HouseRepair.objects.create(estate_id=self.estate_id, item=item, on=on, words=words, order=order, ticket=ticket, by_id=by.person_id, at=at)
        self.tell(Action.HOUSE_MENDED, by=by, at=at, name=item.name, words=words[:120])
        return made

    @verb
    def report(self, advice: str, *, by: Any, at: datetime | None = None) -> HouseholdDocument:
        """屋宇健康管理报告 on the newest diagnosis, once for each; kept with the household's papers and told to it."""
        from ..house_paper import report_pdf

        self.must_be_kept_by(by)
        at, advice, record = at or clock.now(), advice.strip()[:500], self.diagnosis()
        if record is None:
            raise Refused(_("还没有诊断记录，不能出具报告。"), code="not_diagnosed")
        if not advice:
            raise Refused(_("请写保养建议。"), code="advice_missing")
        type(self).objects.at_estate(self.estate_id).select_for_update().get(pk=self.pk)
        if self.reports.filter(record=record).exists():
            raise Refused(_("这次诊断已经出具报告。"), code="already_done")
        title = _("屋宇健康管理报告 %(unit)s %(day)s") % {"unit": self.unit.code, "day": f"{clock.today(self.estate, at):%F}"}
        paper = HouseholdDocument.objects.file_away(self.household, HouseholdDocument.Kind.REPORT, title, report_pdf(self, record, advice, at), by=by, at=at)
        HouseReport.objects.create(estate_id=self.estate_id, file=self, record=record, document=paper, advice=advice, by_id=by.person_id, at=at)
        self.tell(Action.HOUSE_REPORTED, by=by, at=at)
        return paper

    @verb
    def end(self, *, by: Any, at: datetime | None = None) -> None:
        """The household gives it up, or moved out: nothing is diagnosed any more; what is written stays."""
        at = at or clock.now()
        if not (by.is_resident and self.household_id in by.households):
            self.must_be_kept_by(by)
        self.close(by=by, at=at)

    @verb
    def close(self, *, by: Any, at: datetime) -> None:
        """By whoever may end it, and by the house when the household lives there no more."""
        if not type(self).objects.at_estate(self.estate_id).live().filter(pk=self.pk).update(ended_at=at):
            raise Refused(_("这份档案已经停用。"), code="already_done")
        self.refresh_from_db()
        self.tell(Action.HOUSE_FILE_ENDED, by=by, at=at)

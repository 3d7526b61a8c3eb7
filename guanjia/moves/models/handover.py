"""入伙与迁出: an appointment at the desk, the steps that have to be done, residency that begins or ends, the archive (MOV-01)."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.gate.homes import is_own, seen_by
from guanjia.households.models import HouseholdDocument, Member, Occupancy
from guanjia.keys.models import Custody
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.staged import Staged
from guanjia.tenancy.verbs import refusing_clashes, verb

from ..book import moves_book, step_title
from .handed import Handed
from .inspected import Inspected
from .papered import Papered

if TYPE_CHECKING:
    from datetime import date, datetime

TAKES = Q(stage__in=["booked", "done", "archived"])  # an hour of a desk


class HandoverQuerySet(EstateQuerySet["Handover"]):
    def open(self) -> HandoverQuerySet:
        return self.filter(stage="booked")

    def visible_to(self, reach: Any) -> HandoverQuerySet:
        """A household its own; the desk and stewards their zones', or the estate's."""
        rows: HandoverQuerySet = seen_by(self, reach, "move.take")
        return rows

    def free(self, estate: Any, day: date, at: datetime) -> dict[time, int]:
        """Hour → how many more the desk can see then."""
        most = int(parameter(estate, "moves.desks", at))
        taken = list(self.at_estate(estate).filter(TAKES, day=day).values_list("hour", flat=True))
        return {hour: max(0, most - taken.count(hour)) for hour in moves_book().hours}

    def book(
        self, unit: Any, household: Any, direction: str, day: date, hour: time, *, by: Any, let: bool = False, sold: bool = False, at: datetime | None = None
    ) -> Handover:  # fmt: skip
        """An hour at the desk. Every place of an hour is a row of its own: who races for the last one gets a clear answer.

        Whether they rent is as the register has it; `let` is asked of those only who do not live here yet.
        """
        at = at or clock.now()
        if not is_own(by, household, unit):
            by.must_in(unit.zone_id, "move.take")
        today = clock.today(unit.estate, at)
        if direction not in Handover.Direction.values or hour not in moves_book().hours:
            raise Refused(_("请选入伙或迁出、日期和时间。"), code="incomplete")
        if not today <= day <= today + moves_book().ahead:
            raise Refused(_("只能预约今天起 %(n)s 天内。") % {"n": moves_book().ahead.days}, code="bad_day")
        with refusing_clashes(), estate_scope(unit.estate_id):
            rows, homes = self.at_estate(unit.estate_id), Occupancy.objects.at_estate(unit.estate_id)
            if known := set(homes.filter(unit=unit, household=household, during__contains=today).values_list("kind", flat=True)):
                let = Occupancy.Kind.OWNER not in known
            if rows.open().filter(unit=unit, direction=direction).exists():
                raise Refused(_("这套房已有一份没有办完的手续。"), code="already_open")
            taken = set(rows.filter(TAKES, day=day, hour=hour).values_list("desk", flat=True))
            desk = next((n for n in range(1, int(parameter(unit.estate, "moves.desks", at)) + 1) if n not in taken), 0)
            if not desk:
                raise Refused(_("这个时间已经约满，请换一个。"), code="full")
            made = self.create(
                estate_id=unit.estate_id, unit=unit, household=household, direction=direction, let=let, sold=sold, day=day, hour=hour, desk=desk,
                by_id=by.person_id, at=at,
            )  # fmt: skip
            made.tell(Action.HANDOVER_BOOKED, by=by, at=at)
        return made


class Handover(Papered, Inspected, Handed, Staged, EstateOwned):
    """One household that moves into one home, or out of it. `waived` are the steps that do not apply, each with its reason."""

    class Direction(models.TextChoices):
        IN = "in", gettext_lazy("入伙")
        OUT = "out", gettext_lazy("迁出")

    class Stage(models.TextChoices):
        BOOKED = "booked", gettext_lazy("办理中")
        DONE = "done", gettext_lazy("已办结")
        ARCHIVED = "archived", gettext_lazy("已归档")
        CANCELLED = "cancelled", gettext_lazy("已取消")

    noun = "handover"
    unit = EstateForeignKey("estates.Unit", models.RESTRICT, related_name="handovers")
    household = EstateForeignKey("households.Household", models.RESTRICT, related_name="handovers")
    direction = models.CharField(max_length=4, choices=Direction.choices)
    let = models.BooleanField(default=False)  # tenants, not owners
    sold = models.BooleanField(default=False)  # an owner who moves out gives up the home, too
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.BOOKED)
    day = models.DateField()
    hour = models.TimeField()
    desk = models.PositiveSmallIntegerField()  # which of the hour's places
    waived = models.JSONField(default=dict)  # {step: why}
    accepted_at = models.DateTimeField(null=True)
    keys_at = models.DateTimeField(null=True)
    keys_words = models.CharField(max_length=300, blank=True)
    bills_at = models.DateTimeField(null=True)
    owed = models.DecimalField(max_digits=14, decimal_places=2, null=True)  # yuan, as it was shown
    by = PersonKey()
    at = models.DateTimeField()
    done_by = PersonKey(null=True)
    done_at = models.DateTimeField(null=True)
    done_on = models.DateField(null=True)  # the business date on which residency begins or ends
    archived_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=200, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "-day"], name="handover_day"), models.Index(fields=["estate", "done_on"], name="handover_done")]
        constraints = [
            models.UniqueConstraint(fields=["estate", "day", "hour", "desk"], condition=TAKES, name="handover_hour_once"),
            models.UniqueConstraint(fields=["estate", "unit", "direction"], condition=Q(stage="booked"), name="handover_once"),
            models.CheckConstraint(condition=~Q(stage__in=["done", "archived"]) | Q(done_on__isnull=False), name="handover_dated"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"{'RH' if self.direction == 'in' else 'QC'}-{self.pk:05d}"

    @verb
    def complete(self, *, by: Any, at: datetime | None = None) -> None:
        """Every step is done: residency begins, or ends. Arrears are shown and never hold anybody back."""
        at = at or clock.now()
        by.must_in(self.unit.zone_id, "move.take")
        self._hold("booked")
        if left := self.left():
            raise Refused(_("还没有办完：%(steps)s") % {"steps": "、".join(step_title(step) for step in left)}, code="steps_left")
        day = clock.today(self.estate, at)
        if self.direction == Handover.Direction.IN:
            Occupancy.objects.begin(self.unit, self.household, let=self.let, on=day)
        else:
            self._leave(day, by, at)
        self._set(stage=Handover.Stage.DONE, done_at=at, done_on=day, done_by_id=by.person_id)
        self.tell(Action.HANDOVER_DONE, by=by, at=at)

    def _leave(self, day: date, by: Any, at: datetime) -> None:
        """A tenant, or an owner who sold, has the home no more; an owner who only moves out keeps it, empty."""
        kinds = [Occupancy.Kind.TENANT] if self.let else [Occupancy.Kind.OWNER] if self.sold else []
        if kinds and Custody.objects.at_estate(self.estate_id).live().filter(household=self.household_id, key__unit=self.unit_id).exists():
            raise Refused(_("业主托管的钥匙还没有归还。"), code="in_custody")
        Occupancy.objects.end(self.unit, self.household, on=day, kinds=kinds)
        still = Occupancy.objects.at_estate(self.estate_id).filter(household=self.household_id, during__contains=day).exclude(unit=self.unit_id)
        if kinds and not still.exists():
            for member in Member.objects.at_estate(self.estate_id).filter(household=self.household_id, left_on__isnull=True):
                member.leave(by=by, at=at)

    @verb
    def archive(self, *, by: Any, at: datetime | None = None) -> None:
        """Everything on paper into the household's file."""
        from ..paper import handover_pdf

        at = at or clock.now()
        by.must_in(self.unit.zone_id, "move.take")
        self._hold("done")
        self._set(stage=Handover.Stage.ARCHIVED, archived_at=at)
        title = f"{self.number} {self.get_direction_display()}"
        HouseholdDocument.objects.file_away(self.household, "handover", title, handover_pdf(self), by=by, at=at)
        self.tell(Action.HANDOVER_ARCHIVED, by=by, at=at)

    @verb
    def cancel(self, why: str = "", *, by: Any, at: datetime | None = None) -> None:
        """Called off; its hour is free again."""
        at = at or clock.now()
        self._must_be_theirs(by)
        self._hold("booked")
        self._set(stage=Handover.Stage.CANCELLED, why=why.strip()[:200])
        self.tell(Action.HANDOVER_CANCELLED, by=by, at=at, why=self.why)

    def _must_be_theirs(self, by: Any) -> None:
        if not (by.is_resident and self.household_id in by.households):
            by.must_in(self.unit.zone_id, "move.take")

    def tell(self, action: Action, *, by: Any, at: datetime, **said: Any) -> None:
        known: dict[str, Any] = {"where": self.unit.code, "direction": kept(self.get_direction_display()), "day": f"{self.day}", "hour": f"{self.hour:%H:%M}", "number": self.number}
        Event.objects.record(action, self, by=by, at=at, household_id=self.household_id, public=True, **known, **said)

"""走访: planned or by chance, what was heard, what was answered at once, what became a ticket (HSE-17, HSE-18)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.households.models import Household
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.verbs import verb
from guanjia.tickets.kinds import Channel, Kind

from ..reach import unit_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from guanjia.tickets.models import Ticket

OPEN = Q(outcome="")


class VisitQuerySet(EstateQuerySet):
    def open(self) -> VisitQuerySet:
        """Planned, neither made nor called off."""
        return self.filter(OPEN)

    def visible_to(self, reach: Any) -> VisitQuerySet:
        """One's own, one's zones', or the estate's."""
        rows = self.at_estate(reach.estate)
        if reach.sees == "estate":
            return rows
        mine = Q(person_id=reach.person_id)
        return rows.filter(mine | Q(zone_id__in=reach.zones) if reach.sees == "zone" else mine)

    def plan(
        self,
        household: Household,
        day: date,
        *,
        by: Any,
        person: Any = None,
        way: str = "door",
        why: str = "",
        slot: str = "",
        at: datetime | None = None,
    ) -> Visit:
        """An appointment. A household has one planned visit at a time: the one that stands is moved to the new day."""
        visit = self.at_estate(household.estate_id).open().filter(household=household).first()
        return (visit or Visit(estate_id=household.estate_id, household=household))._plan(
            day, by=by, person=person, way=way, why=why, slot=slot, at=at
        )

    def note(
        self, household: Household, *, by: Any, client_key: str = "", at: datetime | None = None, **heard: Any
    ) -> Visit:
        """A chance meeting or call, noted when it is over. Sent twice with one key, it is one."""
        known: Any = client_key and self.at_estate(household.estate_id).filter(client_key=client_key).first()
        if known:
            return known
        visit = Visit(estate_id=household.estate_id, household=household, is_planned=False, client_key=client_key)
        return visit.make(by=by, at=at, **heard)


class Visit(EstateOwned):
    class Way(models.TextChoices):
        DOOR = "door", _("上门")
        PHONE = "phone", _("电话")
        WECHAT = "wechat", _("微信")
        CHANCE = "chance", _("偶遇")
        OFFICE = "office", _("到访")

    class Outcome(models.TextChoices):
        MET = "met", _("见到")
        ABSENT = "absent", _("不在家")
        DECLINED = "declined", _("婉拒")
        CALLED_OFF = "called_off", _("取消")

    noun = "visit"
    household = EstateForeignKey(Household, models.CASCADE, related_name="visits")
    unit = EstateForeignKey("estates.Unit", models.RESTRICT, null=True, related_name="visits")
    zone = EstateForeignKey("estates.Zone", models.RESTRICT, null=True, related_name="visits")
    person = PersonKey()  # who goes, or went
    way = models.CharField(max_length=8, choices=Way.choices, default=Way.DOOR)
    is_planned = models.BooleanField(default=True)  # by appointment; else by chance
    planned_on = models.DateField(null=True)
    slot = models.CharField(max_length=10, blank=True)  # of households.Slot
    why = models.CharField(max_length=200, blank=True)
    survey = EstateForeignKey("care.Survey", models.RESTRICT, null=True, related_name="visits")
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    made_at = models.DateTimeField(null=True)
    made_by = PersonKey(null=True)
    met_whom = models.CharField(max_length=60, blank=True)
    heard = models.TextField(blank=True)  # needs and wishes
    answered = models.TextField(blank=True)  # what was answered at once
    mood = models.PositiveSmallIntegerField(null=True)  # opinion, 1–5
    opinion = models.CharField(max_length=300, blank=True)
    ticket = EstateForeignKey("tickets.Ticket", models.RESTRICT, null=True, related_name="visits")
    client_key = models.CharField(max_length=40, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["estate", "household", "-made_at"], name="visit_household"),
            models.Index(fields=["estate", "person", "planned_on"], condition=OPEN, name="visit_open_person"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["estate", "household"], condition=OPEN, name="visit_one_planned"),
            models.UniqueConstraint(fields=["estate", "client_key"], condition=~Q(client_key=""), name="visit_client"),
            models.CheckConstraint(condition=Q(mood__isnull=True) | Q(mood__range=(1, 5)), name="visit_mood"),
            models.CheckConstraint(condition=Q(outcome="", made_at__isnull=True) | (~Q(outcome="") & Q(made_at__isnull=False)), name="visit_made_or_open"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.household_id} {self.get_way_display()}"

    @verb
    def _plan(self, day: date, *, by: Any, person: Any, way: str, why: str, slot: str, at: datetime | None) -> Visit:
        by.must("visit.make")
        at = at or clock.now()
        if day < clock.today(self.household.estate, at):
            raise Refused(_now("走访日期已经过去。"), code="past")
        self._place()
        self.planned_on, self.way, self.why, self.slot = day, way, why.strip(), slot
        self.person_id = getattr(person, "pk", person) or self.person_id or by.person_id
        self.save()
        Event.objects.record(
            Action.VISIT_PLANNED,
            self.household,
            by=by,
            at=at,
            told=False,
            day=day.isoformat(),
            way=kept(Visit.Way(way).label),
        )
        return self

    @verb
    def make(
        self, outcome: str, *, by: Any, way: str = "", met_whom: str = "", heard: str = "", answered: str = "", mood: int | None = None,
        opinion: str = "", file_ticket: bool = False, promise: str = "", follower: Any = None, due_on: date | None = None,
        at: datetime | None = None,
    ) -> Visit:  # fmt: skip
        """How it went. What cannot be answered at once becomes a ticket; a promise names who follows it by when."""
        by.must("visit.make")
        at = at or clock.now()
        if self.outcome or not self._is_open():
            raise Refused(_now("这次走访已经记录。"), code="made")
        if outcome == self.Outcome.MET and not (heard.strip() or opinion.strip() or answered.strip() or mood):
            raise Refused(_now("请写下谈了什么。"), code="words_missing")
        if file_ticket and not heard.strip():
            raise Refused(_now("请写明住户的诉求。"), code="words_missing")
        self._place()
        self.outcome, self.made_at, self.made_by_id, self.way = outcome, at, by.person_id, way or self.way
        self.person_id = self.person_id or by.person_id
        self.met_whom, self.heard, self.answered, self.mood, self.opinion = (
            met_whom.strip(),
            heard.strip(),
            answered.strip(),
            mood,
            opinion.strip(),
        )
        if file_ticket and outcome == self.Outcome.MET:
            self.ticket = self._report(by, at)
        self.save()
        said = {"way": kept(Visit.Way(self.way).label), "outcome": kept(Visit.Outcome(outcome).label), "visit": self.pk}
        Event.objects.record(Action.VISIT_MADE, self.household, by=by, at=at, told=False, **said)
        if promise.strip():
            self.promise(promise, by=by, follower=follower, due_on=due_on, at=at)
        return self

    @verb
    def promise(
        self, words: str, *, by: Any, follower: Any = None, due_on: date | None = None, at: datetime | None = None
    ) -> Any:
        """Something was promised: somebody follows it, by a day."""
        from .promise import Promise

        at = at or clock.now()
        day = due_on or clock.today(self.household.estate, at)
        if day < clock.today(self.household.estate, at):
            raise Refused(_now("承诺的日期已经过去。"), code="past")
        made = Promise.objects.create(
            estate_id=self.estate_id, visit=self, household=self.household, zone_id=self.zone_id, words=words.strip()[:300],
            follower_id=getattr(follower, "pk", follower) or by.person_id, due_on=day, made_at=at,
        )  # fmt: skip
        said = {"words": made.words, "day": day.isoformat(), "worker_id": made.follower_id}
        Event.objects.record(
            Action.PROMISE_MADE, self.household, by=by, at=at, told=made.follower_id != by.person_id, **said
        )
        return made

    @verb
    def call_off(self, why: str, *, by: Any, at: datetime | None = None) -> None:
        """It does not take place; the row says so. Run twice, the second changes nothing."""
        by.must("visit.make")
        at = at or clock.now()
        rows = type(self).objects.filter(estate=self.estate_id, pk=self.pk).open()
        if not rows.update(
            outcome=self.Outcome.CALLED_OFF, made_at=at, made_by_id=by.person_id, opinion=why.strip()[:300]
        ):
            raise Refused(_now("这次走访已经记录。"), code="made")
        Event.objects.record(Action.VISIT_CALLED_OFF, self.household, by=by, at=at, told=False, why=why.strip())

    def _is_open(self) -> bool:
        """Whether nobody has recorded it meanwhile; whoever does so at the same time waits. By chance it is new."""
        rows = type(self).objects.filter(estate=self.estate_id, pk=self.pk).open()
        return self.pk is None or rows.select_for_update().exists()

    def _place(self) -> None:
        """Where the household lives today."""
        if self.unit_id is None and (unit := unit_of(self.household)):
            self.unit_id, self.zone_id = unit.pk, unit.zone_id

    def _report(self, by: Any, at: datetime) -> Ticket:
        from guanjia.tickets.models import Ticket

        return Ticket.objects.report(
            by=by, estate=self.household.estate, words=self.heard, channel=Channel.ON_SITE if self.way != "phone" else Channel.PHONE, kind=Kind.ENQUIRY,
            unit=self.unit, household_id=self.household_id, reporter_name=self.met_whom or self.household.name, at=at,
        )  # fmt: skip


ORDER = (F("planned_on").asc(nulls_last=True), "unit__code", "pk")

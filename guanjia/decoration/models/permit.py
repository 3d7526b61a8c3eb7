"""装修申请: papers, the chain of approval, the stages (MOV-05, MOV-10, MOV-11, F-39)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.households.models import Member
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.staged import Staged
from guanjia.tenancy.verbs import refusing_clashes

from ..book import decoration_book, wanted
from .approvable import Approvable
from .closable import Closable
from .workable import Workable

if TYPE_CHECKING:
    from datetime import date


class Stage(models.TextChoices):
    DRAFT = "draft", gettext_lazy("补齐资料")
    REVIEW = "review", gettext_lazy("审批中")
    APPROVED = "approved", gettext_lazy("待缴费开工")
    WORKING = "working", gettext_lazy("施工中")
    STOPPED = "stopped", gettext_lazy("已停工")
    FINISHED = "finished", gettext_lazy("待验收")
    ACCEPTED = "accepted", gettext_lazy("验收合格")
    ARCHIVED = "archived", gettext_lazy("已归档")
    WITHDRAWN = "withdrawn", gettext_lazy("已撤回")


OVER = (Stage.ARCHIVED, Stage.WITHDRAWN)
ON_SITE = (Stage.WORKING, Stage.STOPPED, Stage.FINISHED)
LIVE = ~Q(stage__in=[Stage.ARCHIVED, Stage.WITHDRAWN])


class PermitQuerySet(EstateQuerySet["Permit"]):
    def live(self) -> PermitQuerySet:
        return self.filter(LIVE)

    def visible_to(self, reach: Any) -> PermitQuerySet:
        """A household its own; staff who handle decoration their zones', or the estate's."""
        rows = self.at_estate(reach.estate)
        if reach.is_resident and not reach.is_staff:
            return rows.filter(household_id__in=list(reach.households))
        if not reach.may("decoration.take"):
            return rows.none()
        return rows.filter(unit__zone_id__in=list(reach.zones)) if reach.sees == "zone" else rows

    def waiting_for(self, by: Any) -> set[int]:
        """Those whose step is theirs to decide now: by their post; never the applicant's, the taker's, or one they decided a step of."""
        rows = self.filter(stage=Stage.REVIEW).exclude(applicant_id=by.person_id).exclude(taken_by_id=by.person_id)
        rows = rows.exclude(Exists(Decision.objects.filter(estate=OuterRef("estate"), permit=OuterRef("pk"), round=OuterRef("round"), by_id=by.person_id)))
        return {pk for pk, chain, step in rows.values_list("pk", "chain", "step") if step < len(chain) and by.roles & set(chain[step]["roles"])}

    def apply(
        self, unit: Any, household: Any, works: str, company: str, foreman: str, phone: str, begins_on: date, ends_on: date, *, by: Any,
        at: datetime | None = None,
    ) -> Permit:  # fmt: skip
        """Open an application, on the resident's phone or at the desk. One at a time for a home; its papers follow."""
        at = at or clock.now()
        own = by.is_resident and household.pk in by.households and unit.pk in by.units
        if not own:
            by.must_in(unit.zone_id, "decoration.take")
        longest = decoration_book().lasts
        today = clock.today(unit.estate, at)
        if not today <= begins_on <= ends_on <= begins_on + longest:
            raise Refused(_("开工日期不早于今天，工期不超过 %(n)s 天。") % {"n": longest.days}, code="bad_dates")
        if len(works.strip()) < 4 or not company.strip() or not foreman.strip() or not phone.strip():
            raise Refused(_("请写装修内容、施工单位、负责人和电话。"), code="incomplete")
        member = Member.objects.at_estate(unit.estate_id).filter(household=household, login_id=by.person_id, left_on__isnull=True).first() if own else None
        with refusing_clashes(), estate_scope(unit.estate_id):
            if self.at_estate(unit.estate_id).live().filter(unit=unit).exists():
                raise Refused(_("这套房已有一份没有结束的装修申请。"), code="already_applied")
            made = self.create(
                estate_id=unit.estate_id, unit=unit, household=household, works=works.strip()[:1000], company=company.strip()[:80],
                foreman=foreman.strip()[:40], phone=phone.strip()[:20], begins_on=begins_on, ends_on=ends_on, applicant_id=by.person_id if own else None,
                taken_by_id=None if own else by.person_id, owner=member is None or member.kind == Member.Kind.OWNER, applied_at=at,
            )  # fmt: skip
            made.tell(Action.DECORATION_APPLIED, by=by, at=at)
        return made


class Permit(Approvable, Workable, Closable, Staged, EstateOwned):
    """One decoration of one home. `chain` is as it was when the application was handed in: later rules never rewrite it."""

    noun = "decoration"
    unit = EstateForeignKey("estates.Unit", models.RESTRICT, related_name="permits")
    household = EstateForeignKey("households.Household", models.RESTRICT, related_name="permits")
    applicant = PersonKey(null=True)  # in their own login
    taken_by = PersonKey(null=True)  # at the desk
    owner = models.BooleanField(default=True)
    works = models.CharField(max_length=1000)
    company = models.CharField(max_length=80)
    foreman = models.CharField(max_length=40)
    phone = models.CharField(max_length=20)
    begins_on = models.DateField()
    ends_on = models.DateField()
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.DRAFT)
    chain = models.JSONField(default=list)  # the steps' keys, titles, roles, minutes
    step = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=1)
    due_at = models.DateTimeField(null=True)  # of the step that waits
    deposit = EstateForeignKey("billing.Bill", models.RESTRICT, null=True, related_name="deposit_of")
    charges = EstateForeignKey("billing.Bill", models.RESTRICT, null=True, related_name="charges_of")
    applied_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    was = models.CharField(max_length=12, blank=True)  # the unit's state before the works
    why = models.CharField(max_length=300, blank=True)  # why it was refused or withdrawn

    objects = PermitQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "stage", "-applied_at"], name="permit_stage")]
        constraints = [
            models.UniqueConstraint(fields=["estate", "unit"], condition=LIVE, name="permit_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("begins_on")), name="permit_dates"),
            models.CheckConstraint(condition=~Q(stage__in=["working", "stopped", "finished", "accepted"]) | Q(approved_at__isnull=False), name="permit_approved_first"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"ZX-{self.pk:05d}"

    def missing(self) -> dict[str, str]:
        """Papers that are still to come: key → title (MOV-05: papers complete before anybody decides)."""
        have = set(self.papers.values_list("key", flat=True))
        return {key: title for key, title in wanted(self.owner).items() if key not in have}

    def accepters(self) -> list[str]:
        return decoration_book().chains[parameter(self.estate, "decoration.chain", self.submitted_at or self.applied_at)].accepts

    def tell(self, action: Action, *, by: Any, at: datetime, **said: Any) -> None:
        Event.objects.record(action, self, by=by, at=at, number=self.number, where=self.unit.code, household_id=self.household_id, public=True, **said)

    def is_late(self, now: datetime) -> bool:
        return self.stage == Stage.REVIEW and self.due_at is not None and self.due_at < now


class Paper(EstateOwned):
    """One paper of an application: a picture or PDF in the household's file, or seen at the desk."""

    noun = "decoration_paper"
    permit = EstateForeignKey(Permit, models.CASCADE, related_name="papers")
    key = models.CharField(max_length=20)  # of decoration.yaml
    document = EstateForeignKey("households.HouseholdDocument", models.RESTRICT, null=True, related_name="+")
    by = PersonKey()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "permit", "key"], name="paper_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        entry = decoration_book().papers.get(self.key)
        return _(entry.title) if entry else self.key


class Decision(EstateOwned):
    """One step of a chain, decided by one person."""

    noun = "decoration_decision"
    permit = EstateForeignKey(Permit, models.CASCADE, related_name="decisions")
    round = models.PositiveSmallIntegerField()
    step = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=40)
    granted = models.BooleanField()
    words = models.CharField(max_length=300, blank=True)
    by = PersonKey()
    at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "permit", "round", "step"], name="decision_once"),
            models.UniqueConstraint(fields=["estate", "permit", "round", "by"], condition=Q(granted=True), name="decision_two_persons"),
        ]

    def __str__(self) -> str:
        return self.title

"""社区活动 from plan to archive (COM-06 … COM-08, COM-26, COM-32 … COM-34). One state, each change by one verb."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy

from guanjia.estates.models import Unit
from guanjia.events.models import Event
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.staged import Staged

from ..book import activities_book
from .holdable import Holdable
from .joinable import Joinable
from .plannable import Plannable, Planning

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.events.actions import Action

_signer = Signer(salt="guanjia.activities.door", sep=".")


class State(models.TextChoices):
    DRAFT = "draft", gettext_lazy("草稿")
    ASKED = "asked", gettext_lazy("待审批")
    RETURNED = "returned", gettext_lazy("退回修改")
    OPEN = "open", gettext_lazy("报名中")
    HELD = "held", gettext_lazy("待回访归档")
    ARCHIVED = "archived", gettext_lazy("已归档")
    CALLED_OFF = "called_off", gettext_lazy("已取消")


PLANNING = (State.DRAFT, State.ASKED, State.RETURNED)
OUT = (State.OPEN, State.HELD, State.ARCHIVED)  # residents know of it
LIVE = ~Q(state="called_off")


class ActivityQuerySet(Planning, EstateQuerySet["Activity"]):
    def visible_to(self, reach: Any) -> ActivityQuerySet:
        """Residents: what is out for their homes, and what was called off that they had joined. Staff: their zones' and the estate's."""
        rows = self.at_estate(reach.estate)
        if not reach.is_staff:
            zones = Unit.objects.at_estate(reach.estate).filter(pk__in=reach.units).values("zone_id")
            mine = Q(signups__household_id__in=reach.households, signups__left_at__isnull=True)
            return rows.filter(pk__in=rows.filter(Q(state__in=OUT) & (Q(zone__isnull=True) | Q(zone_id__in=zones)) | mine & ~Q(state__in=PLANNING)).values("pk"))
        if not (reach.may("activity.manage") or reach.may("activity.judge")):
            return rows.none()
        return rows if reach.sees == "estate" else rows.filter(Q(zone__isnull=True) | Q(zone_id__in=reach.zones) | Q(writer_id=reach.person_id))

    def coming(self, at: datetime) -> ActivityQuerySet:
        return self.filter(state=State.OPEN, ends_at__gt=at)

    def of_mark(self, mark: str, estate: Any) -> Activity | None:
        """Whose code it is; None when it is forged or of another estate."""
        try:
            at, _dash, pk = _signer.unsign(mark).partition("-")
        except BadSignature:
            return None
        return self.at_estate(estate).filter(pk=int(pk)).first() if at == str(estate.pk) and pk.isdigit() else None


class Activity(Plannable, Joinable, Holdable, Staged, EstateOwned):
    stage_column = "state"
    noun = "activity"
    kind = models.CharField(max_length=12)  # of rulebooks/activities.yaml
    theme = models.CharField(max_length=12, blank=True)
    title = models.CharField(max_length=60)
    words = models.CharField(max_length=2000)  # the scheme
    place = models.CharField(max_length=80)
    zone = EstateForeignKey("estates.Zone", models.RESTRICT, null=True, related_name="activities")  # whose homes it is for; none: everybody
    task = EstateForeignKey("duties.Task", models.RESTRICT, null=True, related_name="activities")  # of the duty that asks for it
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    closes_at = models.DateTimeField()  # signing up
    places = models.PositiveIntegerField(default=0)  # households or persons, as its kind counts; 0: no limit
    budget = models.DecimalField(max_digits=10, decimal_places=2, default=0)  # yuan
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    writer = PersonKey()
    authors = ArrayField(models.BigIntegerField(), default=list)  # persons: whoever wrote any of its versions; `writer` the last
    written_at = models.DateTimeField()
    judge = PersonKey(null=True)
    judged_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)  # returned or called off
    opened_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    held_by = PersonKey(null=True)
    summary = models.CharField(max_length=2000, blank=True)
    spent = models.DecimalField(max_digits=10, decimal_places=2, null=True)  # yuan
    over_why = models.CharField(max_length=300, blank=True)  # why it cost more than planned
    archived_at = models.DateTimeField(null=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "state", "-begins_at"], name="activity_state")]
        constraints = [
            models.UniqueConstraint(fields=["estate", "task"], condition=LIVE, name="activity_one_task"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")) & Q(closes_at__lte=F("ends_at")), name="activity_times"),
            models.CheckConstraint(condition=Q(judge__isnull=True) | ~Q(judge=F("writer")), name="activity_two_persons"),
            models.CheckConstraint(condition=Q(judge__isnull=True) | ~Q(authors__contains=Func(F("judge_id"), template="ARRAY[%(expressions)s]")), name="activity_no_author_judges"),
            models.CheckConstraint(condition=Q(budget__gte=0) & (Q(spent__isnull=True) | Q(spent__gte=0)), name="activity_money"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def entry(self) -> Any:
        return activities_book().kinds[self.kind]

    @property
    def theme_title(self) -> str:
        known = activities_book().themes.get(self.theme)
        return str(known) if known else ""

    @property
    def mark(self) -> str:
        """What stands in the code at its door."""
        return _signer.sign(f"{self.estate_id}-{self.pk}")

    def tell(self, action: Action, *, by: Any, at: datetime, **said: Any) -> None:
        Event.objects.record(action, self, by=by, at=at, title=self.title, **said)

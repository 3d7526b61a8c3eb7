"""By when something must have happened, and who hears of it when it has not (design §5)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanjia import clock as house_clock
from guanjia.rulebooks.limits import title_of
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.verbs import verb

from ..calendars import calendar

if TYPE_CHECKING:
    from datetime import datetime

    from ..calendar import Calendar


class Outcome(models.TextChoices):
    MET = "met", _("按时")
    LATE = "late", _("超时")
    MISSED = "missed", _("错过")  # an interval of a repeating limit that passed without its message
    SUPERSEDED = "superseded", _("已改用其他时限")
    CANCELLED = "cancelled", _("已取消")


class ClockQuerySet(EstateQuerySet):
    def running(self) -> ClockQuerySet:
        """Not stopped; perhaps paused."""
        return self.filter(stopped_at__isnull=True)

    def of(self, ticket: Any) -> ClockQuerySet:
        return self.at_estate(ticket.estate_id).filter(ticket_id=ticket.pk)

    def late(self, now: datetime) -> ClockQuerySet:
        """Past its deadline: still running, or stopped after it."""
        running = Q(stopped_at__isnull=True, paused_at__isnull=True, due_at__lt=now)
        return self.filter(running | Q(stopped_at__gt=F("due_at")))


class Clock(EstateOwned):
    """One limit on one ticket. It keeps everything its rule said at its start: a changed rule changes no clock.

    `steps` are the instants at which somebody is told, `tells` whom; `step` counts those already told; `next_at` is
    when the house must look again, never before the row was written. Late is `due_at < now` or `stopped_at > due_at`.
    """

    noun = "clock"

    ticket = EstateForeignKey("tickets.Ticket", models.CASCADE, related_name="clocks")
    kind = models.CharField(max_length=60)  # key of its limit
    klass = models.CharField(max_length=12, blank=True)
    moment = models.CharField(max_length=20)  # what started it
    started_at = models.DateTimeField()
    allowed = models.DurationField()  # working time
    calendar = models.CharField(max_length=30, default="always")
    due_at = models.DateTimeField()
    stops_on = ArrayField(models.CharField(max_length=20))
    repeats = models.CharField(max_length=20, blank=True)  # the moment that starts the next interval
    pausable = models.BooleanField(default=False)

    steps = ArrayField(models.DateTimeField())
    tells = ArrayField(models.CharField(max_length=30))
    step = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)

    paused_at = models.DateTimeField(null=True)
    paused_total = models.DurationField(default=timedelta(0))  # working time
    stopped_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = PersonKey(null=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["estate", "ticket"], name="clock_ticket"),
            models.Index(
                fields=["next_at"],
                condition=Q(stopped_at__isnull=True, paused_at__isnull=True, next_at__isnull=False),
                name="clock_next",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["estate", "ticket", "kind"], condition=Q(stopped_at__isnull=True), name="clock_one_running"),
            models.CheckConstraint(condition=Q(stopped_at__isnull=True) | Q(stopped_at__gte=F("started_at")), name="clock_stop_order"),
            models.CheckConstraint(condition=Q(due_at__gt=F("started_at")), name="clock_due_order"),
            models.CheckConstraint(condition=Q(paused_at__isnull=True) | Q(stopped_at__isnull=True), name="clock_stopped_runs_not"),
            models.CheckConstraint(condition=Q(stopped_at__isnull=True, outcome="") | Q(stopped_at__isnull=False) & ~Q(outcome=""), name="clock_outcome"),
            models.CheckConstraint(condition=Q(stopped_at__isnull=True) | Q(next_at__isnull=True), name="clock_stopped_looks_not"),
            models.CheckConstraint(condition=Q(allowed__gt=timedelta(0)), name="clock_allowed"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.due_at:%F %T}"

    @classmethod
    def tickets(cls) -> Any:
        """The tickets, which are declared above this house: by the name of the key, not by import."""
        return cls._meta.get_field("ticket").related_model.objects  # type: ignore[union-attr]

    @property
    def title(self) -> str:
        return title_of(self.kind)

    @property
    def hours(self) -> Calendar:
        """The calendar its time is reckoned on."""
        return calendar(self.estate_id, self.calendar)

    @property
    def is_running(self) -> bool:
        return self.stopped_at is None

    @property
    def breach_step(self) -> int:
        """The number of the step that is the breach, counted from one; 0 when nobody is to hear of it."""
        return self.steps.index(self.due_at) + 1 if self.due_at in self.steps else 0

    def is_late(self, now: datetime) -> bool:
        return (self.stopped_at or self.paused_at or now) > self.due_at

    def used(self, now: datetime) -> timedelta:
        """Working time it has run, pauses left out."""
        end = self.stopped_at or self.paused_at or now
        return max(self.hours.elapsed(self.started_at, end) - self.paused_total, timedelta(0))

    def remaining(self, now: datetime) -> timedelta:
        """Working time left until the deadline; nothing when it has passed."""
        return self.hours.elapsed(self.stopped_at or self.paused_at or now, self.due_at)

    def explain(self, now: datetime | None = None) -> str:
        """Its deadline in one sentence: “10:02 分类 + 30 分钟，暂停 10 分钟（等业主回家）→ 10:42”."""
        from ..sentence import explain

        return explain(self, now or house_clock.now())

    @verb
    def acknowledge(self, *, by: Any, at: datetime | None = None) -> None:
        """Somebody has heard it: the ladder stops, the clock does not. Harmless when said twice."""
        from ..ladder import hush

        hush(self, by, at or house_clock.now())

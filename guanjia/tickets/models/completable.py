"""Completing: done, then the ten-minute call, the thirty-minute follow-up and the rating (REQ-10, 11, 34, 42)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, PersonKey
from guanjia.tenancy.verbs import verb

from ..kinds import Stage

if TYPE_CHECKING:
    from datetime import datetime

STARS = models.Q(speed__range=(1, 5), result__range=(1, 5), attitude__range=(1, 5))


class Confirmation(EstateOwned):
    """The steward's call after completion: what the resident said."""

    class Outcome(models.TextChoices):
        SATISFIED = "satisfied", _("满意")
        UNSATISFIED = "unsatisfied", _("不满意")
        NOT_REACHED = "not_reached", _("未接通")

    ticket = EstateForeignKey("tickets.Ticket", models.CASCADE, related_name="confirmations")
    by = PersonKey()
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["estate", "ticket"], name="confirmation_ticket")]

    def __str__(self) -> str:
        return self.outcome


class Rating(EstateOwned):
    """Response speed, result, attitude, 1–5 each; one per round of the ticket."""

    ticket = EstateForeignKey("tickets.Ticket", models.CASCADE, related_name="ratings")
    round = models.PositiveSmallIntegerField(default=0)  # ticket.reopened when it was given
    by = PersonKey(null=True)
    at = models.DateTimeField()
    speed = models.PositiveSmallIntegerField()
    result = models.PositiveSmallIntegerField()
    attitude = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "ticket", "round"], name="rating_once"),
            models.CheckConstraint(condition=STARS, name="rating_stars"),
        ]

    def __str__(self) -> str:
        return f"{self.speed}/{self.result}/{self.attitude}"


class Completable(models.Model):
    class Meta:
        abstract = True

    @verb
    def complete(self, words: str, *, by: Any, at: datetime | None = None) -> None:
        """The matter is dealt with; call-back and follow-up clocks start. Open work orders must be finished first."""
        by.must("ticket.done")
        self._complete(words, by, at or clock.now())

    def _complete(self, words: str, by: Any, at: datetime) -> None:
        from .work_order import WorkOrder

        incident = self.lock_incident()
        self.must_be(Stage.CLASSIFIED, Stage.DISPATCHED, Stage.HANDLING)
        if WorkOrder.objects.at_estate(self.estate_id).filter(ticket=self).unsettled().exists():
            raise Refused(_("还有派工单没有完工。"), code="work_open")
        if self.held:
            self.end_hold(by, at)
        self.come_to("responded", "resolved", "fed_back", "done", at=at, stage=Stage.DONE)
        Event.objects.record(Action.TICKET_DONE, self, by=by, at=at, words=words.strip(), public=True)
        if incident:
            incident.lose_lead(self, at)

    @verb
    def confirm(self, outcome: str, *, by: Any, words: str = "", at: datetime | None = None) -> Confirmation:
        """Log the satisfaction call (REQ-10). Not reached keeps the ticket waiting; unsatisfied reopens it."""
        at = at or clock.now()
        by.must("ticket.confirm")
        self.must_be(Stage.DONE, Stage.FED_BACK)
        if outcome == Confirmation.Outcome.SATISFIED and self.confirmed_at:
            raise Refused(_("已经确认过了。"), code="already_confirmed")
        made = Confirmation.objects.create(
            estate_id=self.estate_id, ticket=self, by_id=by.person_id, at=at, outcome=outcome, words=words.strip()
        )
        said = f"{kept(Confirmation.Outcome(outcome).label)} {words}".strip()
        Event.objects.record(Action.TICKET_CONFIRMED, self, by=by, at=at, words=said, outcome=outcome)
        if outcome == Confirmation.Outcome.UNSATISFIED:
            self.come_to("confirmed", at=at)
            self._reopen(words or kept(_("回访不满意")), by, at)
        elif outcome == Confirmation.Outcome.SATISFIED:
            self.come_to("confirmed", at=at, stage=Stage.FED_BACK)
        return made

    @verb
    def rate(
        self, *, by: Any, speed: int, result: int, attitude: int, words: str = "", at: datetime | None = None
    ) -> Rating:
        """The reporter's rating (REQ-42); it is also the online follow-up (REQ-11)."""
        at = at or clock.now()
        self.must_follow(by, "ticket.confirm")
        self.must_be(Stage.DONE, Stage.FED_BACK, Stage.ARCHIVED)
        if not all(1 <= score <= 5 for score in (speed, result, attitude)):
            raise Refused(_("请为三项各打 1 到 5 分。"), code="stars")
        made, new = Rating.objects.get_or_create(
            estate_id=self.estate_id, ticket=self, round=self.reopened,
            defaults={"by_id": by.person_id if by else None, "at": at, "speed": speed, "result": result, "attitude": attitude, "words": words.strip()},
        )  # fmt: skip
        if not new:
            raise Refused(_("本次服务已经评价过。"), code="already_rated")
        self.come_to("followed_up", at=at)
        Event.objects.record(
            Action.TICKET_RATED, self, by=None if self.anonymous else by, at=at, speed=speed, result=result, attitude=attitude, words=words.strip(), public=True
        )
        return made

    @verb
    def follow_up(self, *, by: Any, at: datetime | None = None) -> None:
        """The online follow-up was sent and answered without stars (REQ-11)."""
        at = at or clock.now()
        by.must("ticket.confirm")
        self.must_be(Stage.DONE, Stage.FED_BACK)
        if self.followed_up_at:
            raise Refused(_("已经回访过了。"), code="already_followed_up")
        self.come_to("followed_up", at=at)
        Event.objects.record(Action.TICKET_FOLLOWED_UP, self, by=by, at=at)

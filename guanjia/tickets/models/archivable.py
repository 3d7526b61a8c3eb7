"""Archiving and reopening: the sixth step, and the way back within seven days (REQ-12)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.clocks.models import Clocks
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, PersonKey
from guanjia.tenancy.verbs import verb

from ..kinds import Stage

if TYPE_CHECKING:
    from datetime import datetime


class Reopening(EstateOwned):
    ticket = EstateForeignKey("tickets.Ticket", models.CASCADE, related_name="reopenings")
    by = PersonKey(null=True)
    at = models.DateTimeField()
    why = models.CharField(max_length=300)

    class Meta:
        indexes = [models.Index(fields=["estate", "ticket"], name="reopening_ticket")]

    def __str__(self) -> str:
        return self.why


class Archivable(models.Model):
    class Meta:
        abstract = True

    @verb
    def archive(self, *, by: Any, at: datetime | None = None) -> None:
        """File it away with its rating. A complaint needs its verdict, its measure and the customer's signature (REQ-19..21)."""
        at = at or clock.now()
        by.must("ticket.archive")
        self.must_be(Stage.FED_BACK)
        self.must_be_settled()
        Clocks.stop(self, "archived", at)
        Clocks.cancel(self, at)
        self.come_to("archived", at=at, stage=Stage.ARCHIVED, due_at=None)
        Event.objects.record(Action.TICKET_ARCHIVED, self, by=by, at=at)

    @verb
    def reopen(self, why: str, *, by: Any, at: datetime | None = None) -> None:
        """Take it up again, within seven days of its closing (parameter `tickets.reopen_days`)."""
        at = at or clock.now()
        self.must_follow(by, "ticket.classify")
        self.must_be(Stage.DONE, Stage.FED_BACK, Stage.ARCHIVED, Stage.CANCELLED)
        limit = timedelta(days=parameter(self.estate, "tickets.reopen_days", at))
        ended = self.closed_at or self.done_at
        if ended and at - ended > limit:
            raise Refused(_("已超过可重新打开的期限，请重新报事。"), code="too_late")
        if not why.strip():
            raise Refused(_("请写明为什么重新打开。"), code="why_missing")
        self._reopen(why.strip(), by, at)

    def _reopen(self, why: str, by: Any, at: datetime) -> None:
        Reopening.objects.create(estate_id=self.estate_id, ticket=self, by_id=by.person_id if by else None, at=at, why=why[:300])
        Clocks.cancel(self, at)
        fresh = dict.fromkeys(["done_at", "confirmed_at", "followed_up_at", "closed_at", "dispatched_at", "arrived_at"])
        for column in fresh:
            setattr(self, column, None)
        stage = Stage.CLASSIFIED if self.klass else Stage.RECEIVED
        self.come_to("reopened", at=at, stage=stage, reopened=self.reopened + 1, **fresh)
        Event.objects.record(Action.TICKET_REOPENED, self, by=None if self.anonymous and by and not by.is_staff else by, at=at, why=why, public=True)

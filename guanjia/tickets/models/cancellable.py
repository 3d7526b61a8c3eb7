"""Cancelling: the one who asked no longer wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.clocks.models import Clocks
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, PersonKey
from guanjia.tenancy.verbs import verb

from ..kinds import BEFORE_DONE, Stage

if TYPE_CHECKING:
    from datetime import datetime


class Cancellation(EstateOwned):
    ticket = EstateForeignKey("tickets.Ticket", models.CASCADE, related_name="cancellations")
    by = PersonKey(null=True)
    at = models.DateTimeField()
    why = models.CharField(max_length=300)

    class Meta:
        indexes = [models.Index(fields=["estate", "ticket"], name="cancellation_ticket")]

    def __str__(self) -> str:
        return self.why


class Cancellable(models.Model):
    class Meta:
        abstract = True

    @verb
    def cancel(self, why: str, *, by: Any, at: datetime | None = None) -> Cancellation:
        """By its reporter, or by staff on the reporter's word. Work already given out is withdrawn."""
        at = at or clock.now()
        self.must_follow(by, "ticket.cancel")
        incident = self.lock_incident()
        self.must_be(*BEFORE_DONE)
        if not why.strip():
            raise Refused(_("撤销请写明原因。"), code="why_missing")
        made = Cancellation.objects.create(
            estate_id=self.estate_id, ticket=self, by_id=None if self.anonymous and not by.is_staff else by.person_id, at=at, why=why.strip()
        )
        self.withdraw_work(kept(_("报事已撤销")), by, at)
        self.drop_hold(None if self.anonymous and not by.is_staff else by, at)
        Clocks.cancel(self, at)
        self.come_to(at=at, stage=Stage.CANCELLED, closed_at=at, held=False)
        if incident:
            incident.lose_lead(self, at)
        Event.objects.record(Action.TICKET_CANCELLED, self, by=None if self.anonymous and not by.is_staff else by, at=at, why=why.strip(), public=True)
        return made

    def withdraw_work(self, why: str, by: Any, at: datetime) -> None:
        """Take back every open work order."""
        from .work_order import WorkOrder

        for order in WorkOrder.objects.at_estate(self.estate_id).filter(ticket=self).open().select_related("worker"):
            order.ticket = self
            order.end_by_house(why, by, at)

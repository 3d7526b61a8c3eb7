"""Handing a ticket to another steward, and passing a wrong-area report on (REQ-37, REQ-39)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, PersonKey
from guanjia.tenancy.verbs import verb

from ..kinds import DOUBLE_CLICK, OPEN

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.people.models import Person


class Passing(EstateOwned):
    """A report that belongs elsewhere was taken all the same and passed on; its taker stays responsible (REQ-37)."""

    ticket = EstateForeignKey("tickets.Ticket", models.CASCADE, related_name="passings")
    by = PersonKey()
    at = models.DateTimeField()
    to = models.CharField(max_length=80)  # the other section, company or authority
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["estate", "ticket"], name="passing_ticket")]

    def __str__(self) -> str:
        return self.to


class Transferable(models.Model):
    class Meta:
        abstract = True

    @verb
    def pass_on(self, to: str, *, by: Any, words: str = "", at: datetime | None = None) -> Passing:
        """Pass it to another section and keep following it: the clocks go on, the first contact stays responsible."""
        at = at or clock.now()
        by.must("ticket.pass_on")
        self.must_be(*OPEN)
        if not to.strip():
            raise Refused(_("请写明转交给哪个单位。"), code="to_missing")
        known = Passing.objects.at_estate(self.estate_id).filter(ticket=self, to=to.strip(), at__gt=at - DOUBLE_CLICK)
        if known.exists():
            raise Refused(_("刚刚已转交给这个单位。"), code="already_noted")
        made = Passing.objects.create(estate_id=self.estate_id, ticket=self, by_id=by.person_id, at=at, to=to.strip(), words=words.strip())
        self.come_to("responded", at=at)
        Event.objects.record(Action.TICKET_PASSED_ON, self, by=by, at=at, target=to.strip(), words=words.strip(), public=True)
        return made

    @verb
    def hand_to(self, steward: Person, why: str, *, by: Any, at: datetime | None = None) -> None:
        """Another steward answers for it from now on; the past keeps who did."""
        at = at or clock.now()
        by.must("ticket.dispatch")
        self.must_be(*OPEN)
        if not why.strip():
            raise Refused(_("请写明转交原因。"), code="why_missing")
        self.steward_id = steward.pk
        self.save(update_fields=["steward"])
        Event.objects.record(Action.TICKET_HANDED_OVER, self, by=by, at=at, steward=steward.name, steward_id=steward.pk, why=why.strip())

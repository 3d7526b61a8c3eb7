"""Holding: the ticket waits for something outside the house; clocks that may pause do (design §5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.clocks.models import Clocks
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, PersonKey
from guanjia.tenancy.verbs import verb

from ..kinds import Stage

if TYPE_CHECKING:
    from datetime import datetime


class Hold(EstateOwned):
    """A pause with an author and a reason; open while nobody resumed."""

    ticket = EstateForeignKey("tickets.Ticket", models.CASCADE, related_name="holds")
    by = PersonKey()
    at = models.DateTimeField()
    why = models.CharField(max_length=300)
    resumed_by = PersonKey(null=True)
    resumed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "ticket"], condition=models.Q(resumed_at__isnull=True), name="hold_one_open"
            )
        ]

    def __str__(self) -> str:
        return self.why


class Holdable(models.Model):
    held: bool | models.BooleanField

    class Meta:
        abstract = True

    @verb
    def hold(self, why: str, *, by: Any, at: datetime | None = None) -> Hold:
        """Pause with a reason the resident sees."""
        at = at or clock.now()
        by.must("ticket.hold")
        self.must_be(Stage.CLASSIFIED, Stage.DISPATCHED, Stage.HANDLING)
        if self.held:
            raise Refused(_("本单已经暂停。"), code="already_held")
        if not why.strip():
            raise Refused(_("暂停请写明原因。"), code="why_missing")
        hold = Hold.objects.create(estate_id=self.estate_id, ticket=self, by_id=by.person_id, at=at, why=why.strip())
        Clocks.pause(self, why.strip(), by, at)
        self.held = True
        self.save(update_fields=["held"])
        self.refresh_due()
        Event.objects.record(Action.TICKET_HELD, self, by=by, at=at, why=why.strip(), public=True)
        return hold

    @verb
    def resume(self, *, by: Any, at: datetime | None = None) -> None:
        """Go on; deadlines move by the working time that was waited."""
        at = at or clock.now()
        by.must("ticket.hold")
        self.must_be(Stage.CLASSIFIED, Stage.DISPATCHED, Stage.HANDLING)
        self.end_hold(by, at)
        Event.objects.record(Action.TICKET_RESUMED, self, by=by, at=at, public=True)

    def drop_hold(self, by: Any, at: datetime) -> bool:
        """Close the open hold; False when there is none."""
        rows = Hold.objects.at_estate(self.estate_id).filter(ticket=self, resumed_at__isnull=True)
        return bool(rows.update(resumed_at=at, resumed_by_id=by.person_id if by else None))

    def end_hold(self, by: Any, at: datetime) -> None:
        """Close the open hold and let the clocks go on."""
        if not self.drop_hold(by, at) and self.held is False:
            raise Refused(_("本单没有暂停。"), code="not_held")
        Clocks.resume(self, by, at)
        self.held = False
        self.save(update_fields=["held"])
        self.refresh_due()

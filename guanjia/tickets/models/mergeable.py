"""Reports of one thing merge; an area-wide incident carries many tickets with one notice and one clock."""

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
from guanjia.tenancy.models import EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.verbs import verb

from ..kinds import BEFORE_DONE, Stage

if TYPE_CHECKING:
    from datetime import datetime

    from .ticket import Ticket


class IncidentQuerySet(EstateQuerySet):
    def open(self) -> IncidentQuerySet:
        return self.filter(closed_at__isnull=True)


class Incident(EstateOwned):
    """区域事件: lift, water, power for many homes. Its `lead` ticket carries the clocks for all."""

    noun = "incident"
    title = models.CharField(max_length=80)
    opened_by = PersonKey()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    notice = models.CharField(max_length=500, blank=True)  # what every reporter reads, newest
    noticed_at = models.DateTimeField(null=True)
    lead = models.BigIntegerField(null=True)  # ticket id; a key would be circular

    objects = IncidentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "-opened_at"], name="incident_recent")]

    def __str__(self) -> str:
        return self.title

    @verb
    def tell(self, words: str, *, by: Any, at: datetime | None = None) -> None:
        """One notice for everybody who reported; the progress clock of the lead restarts."""
        at = at or clock.now()
        by.must("ticket.progress")
        if self.closed_at:
            raise Refused(_("区域事件已经结束。"), code="already_closed")
        if not words.strip():
            raise Refused(_("请写下内容。"), code="words_missing")
        self.notice, self.noticed_at = words.strip(), at
        self.save(update_fields=["notice", "noticed_at"])
        for ticket in self._open_tickets():
            if ticket.pk == self.lead:
                ticket.progress(words, by=by, at=at)
            else:
                Event.objects.record(Action.INCIDENT_NOTICED, ticket, by=by, at=at, words=words.strip(), public=True)
        Event.objects.record(Action.INCIDENT_NOTICED, self, by=by, at=at, words=words.strip())

    @verb
    def close(self, words: str, *, by: Any, at: datetime | None = None) -> None:
        """It is over: every ticket it carries is done, each reporter is asked."""
        at = at or clock.now()
        by.must("incident.open")
        if not type(self).objects.at_estate(self.estate_id).open().filter(pk=self.pk).update(closed_at=at):
            raise Refused(_("区域事件已经结束。"), code="already_closed")
        self.closed_at = at
        for ticket in self._open_tickets():
            if ticket.stage == Stage.RECEIVED:
                ticket.classify(by=by, klass="urgent", category="other", at=at)
            ticket.complete(words, by=by, at=at)
        Event.objects.record(Action.INCIDENT_CLOSED, self, by=by, at=at, words=words.strip())

    def _open_tickets(self) -> Any:
        from .ticket import Ticket

        rows = Ticket.objects.at_estate(self.estate_id).filter(incident=self, stage__in=BEFORE_DONE)
        return rows.select_for_update(of=("self",)).order_by("pk")

    def lose_lead(self, ticket: Any, at: datetime, heir: Ticket | None = None) -> None:
        """When its lead leaves, `heir` or else the next open ticket leads, with clocks that run; the incident goes on."""
        if self.closed_at or self.lead != ticket.pk:
            return
        heir = heir or self._open_tickets().exclude(pk=ticket.pk).first()
        if heir:
            carried = heir.incident_id == self.pk  # its clocks ended when it joined
            self.lead = heir.pk
            self.save(update_fields=["lead"])
            heir.come_to(*(["reopened"] if carried else []), at=at, incident=self)


class Mergeable(models.Model):
    incident_id: int | None

    def lock_incident(self) -> Incident | None:
        """The incident it belongs to, locked before the ticket: everybody takes them in this order."""
        rows = Incident.objects.at_estate(self.estate_id).select_for_update()
        return rows.filter(pk=self.incident_id).first() if self.incident_id else None

    class Meta:
        abstract = True

    @verb
    def merge_into(self, target: Ticket, *, by: Any, at: datetime | None = None) -> None:
        """This ticket reports the same thing: it ends here, its reporter follows the other."""
        at = at or clock.now()
        by.must("ticket.merge")
        if target.pk == self.pk or target.estate_id != self.estate_id:
            raise Refused(_("请选择另一张报事单。"), code="same_ticket")
        incident = self.lock_incident()
        for ticket in sorted((self, target), key=lambda row: row.pk):  # one order for all: no deadlock
            ticket.must_be(*BEFORE_DONE)
        self.withdraw_work(kept(_("报事已合并")), by, at)
        self.drop_hold(by, at)
        Clocks.cancel(self, at)
        self.come_to(at=at, stage=Stage.MERGED, closed_at=at, held=False, merged_into=target)
        if incident and target.incident_id in (None, incident.pk):
            incident.lose_lead(self, at, target)
        elif incident:
            incident.lose_lead(self, at)
        Event.objects.record(Action.TICKET_MERGED, self, by=by, at=at, target=target.number, public=True)
        Event.objects.record(Action.TICKET_ABSORBED, target, by=by, at=at, source=self.number, told=False)

    @verb
    def open_incident(self, title: str, *, by: Any, at: datetime | None = None) -> Incident:
        """Make this ticket the lead of an area-wide incident; its clocks speak for all that join."""
        at = at or clock.now()
        by.must("incident.open")
        self.must_be(*BEFORE_DONE)
        if self.incident_id:
            raise Refused(_("本单已经归入区域事件。"), code="already_joined")
        incident = Incident.objects.create(
            estate_id=self.estate_id, title=title.strip() or self.title, opened_by_id=by.person_id, opened_at=at, lead=self.pk
        )
        self.incident_id = incident.pk
        self.save(update_fields=["incident"])
        Event.objects.record(Action.INCIDENT_OPENED, incident, by=by, at=at, title=incident.title)
        Event.objects.record(Action.INCIDENT_JOINED, self, by=by, at=at, title=incident.title, public=True, told=False)
        return incident

    @verb
    def join(self, incident: Incident, *, by: Any, at: datetime | None = None) -> None:
        """Carried by an incident: this ticket's own clocks end, the lead's go on."""
        at = at or clock.now()
        by.must("ticket.merge")
        incident = Incident.objects.at_estate(self.estate_id).select_for_update().get(pk=incident.pk)
        self.must_be(*BEFORE_DONE)
        if incident.closed_at or self.incident_id:
            raise Refused(_("区域事件已结束，或本单已归入其他事件。"), code="already_joined")
        Clocks.cancel(self, at)
        self.come_to(at=at, incident=incident)
        Event.objects.record(Action.INCIDENT_JOINED, self, by=by, at=at, title=incident.title, public=True)

"""What one person is to do about a ticket (派工单)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey

from ..kinds import WORK_OPEN, Priority, Stage, WorkStage
from .helpable import Helpable
from .refusable import Refusable
from .workable import Workable

if TYPE_CHECKING:
    from datetime import datetime


NO_WISH = ("", "无", "無", "没有")


class WorkOrderQuerySet(EstateQuerySet):
    def open(self) -> WorkOrderQuerySet:
        return self.filter(stage__in=WORK_OPEN)

    def unsettled(self) -> WorkOrderQuerySet:
        """Open, or refused and not judged yet."""
        return self.filter(models.Q(stage__in=WORK_OPEN) | models.Q(stage=WorkStage.REFUSED, ended_at__isnull=True))

    def visible_to(self, reach: Any) -> WorkOrderQuerySet:
        """A worker sees only their own; others see the orders of the tickets they see."""
        from .ticket import Ticket

        rows = self.at_estate(reach.estate)
        if reach.sees == "estate":
            return rows
        if reach.sees == "own":
            return rows.filter(worker_id=reach.person_id)
        return rows.filter(ticket_id__in=Ticket.objects.visible_to(reach).values("pk"))


class WorkOrder(Helpable, Refusable, Workable, EstateOwned):
    noun = "work"

    ticket = EstateForeignKey("tickets.Ticket", models.CASCADE, related_name="works")
    worker = PersonKey("people.Person")
    given_by = PersonKey(null=True)
    stage = models.CharField(max_length=12, choices=WorkStage.choices, default=WorkStage.OFFERED)
    priority = models.CharField(max_length=8, choices=Priority.choices)
    wishes = models.CharField(max_length=300)
    instructions = models.CharField(max_length=500, blank=True)
    helps = EstateForeignKey("self", models.PROTECT, null=True, blank=True, related_name="helpers")
    offered_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)  # degrees, at arrival
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)  # degrees, at arrival
    arrival_proof = models.CharField(max_length=10, blank=True)  # qr | position | word
    result = models.CharField(max_length=1000, blank=True)

    objects = WorkOrderQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["estate", "ticket"], name="work_ticket"),
            models.Index(fields=["estate", "worker", "stage"], name="work_worker"),
            models.Index(fields=["estate", "worker", "-id"], name="work_recent"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "ticket", "worker"], condition=models.Q(stage__in=WORK_OPEN), name="work_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.stage in WORK_OPEN

    @property
    def asks_something(self) -> bool:
        """Wishes must be written down, so that nobody forgets to ask; “无” is the answer that there are none (REQ-08)."""
        return self.wishes.strip(" 。.") not in NO_WISH

    def must_be(self, *stages: str) -> None:
        """Refuse unless the order stands at one of the stages; the ticket is locked, then the row.

        Everybody takes the ticket first: no deadlock, and of two who finish the last two orders one sees the other.
        """
        self.ticket.must_be(*Stage)
        self.stage = type(self).objects.at_estate(self.estate_id).select_for_update().values_list("stage", flat=True).get(pk=self.pk)
        if self.stage not in stages:
            raise Refused(_("本派工单现在是“%(stage)s”，不能这样做。") % {"stage": self.get_stage_display()}, code=f"already_{self.stage}")

    def must_be_mine(self, by: Any) -> None:
        if by.person_id != self.worker_id:
            raise Refused(_("这不是您的派工单。"), code="not_yours")

    def move(self, stage: str, **columns: Any) -> None:
        """Set the stage and the columns that go with it."""
        self.stage = stage
        for name, value in columns.items():
            setattr(self, name, value)
        self.save(update_fields=["stage", *columns])

    def tell(self, action: Any, *, by: Any, at: datetime, **particulars: Any) -> Event:
        """Work is told on its ticket's timeline: one story, one place."""
        return Event.objects.record(action, self.ticket, by=by, at=at, work=self.pk, **particulars)

"""Asking a neighbouring post or one's own supervisor for help, and handing an order over (REQ-47)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.sentences import kept
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, PersonKey
from guanjia.tenancy.verbs import verb

from ..kinds import WORK_OPEN, WorkStage

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.people.models import Person

    from .work_order import WorkOrder


class HelpRequest(EstateOwned):
    class Route(models.TextChoices):
        """The two routes of the source: the steward arranges a neighbour, or one's own supervisor sends people."""

        NEIGHBOUR = "neighbour", _("相邻岗位")
        SUPERVISOR = "supervisor", _("部门主管")

    work = EstateForeignKey("tickets.WorkOrder", models.CASCADE, related_name="help_requests")
    by = PersonKey()
    at = models.DateTimeField()
    route = models.CharField(max_length=12, choices=Route.choices)
    why = models.CharField(max_length=300)
    met_by = PersonKey(null=True)
    met_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "work"], condition=models.Q(met_at__isnull=True), name="help_one_open")
        ]

    def __str__(self) -> str:
        return self.why


class Helpable(models.Model):
    class Meta:
        abstract = True

    @verb
    def ask_help(self, route: str, why: str, *, by: Any, at: datetime | None = None) -> HelpRequest:
        at = at or clock.now()
        self.must_be_mine(by)
        self.must_be(*WORK_OPEN)
        if route not in HelpRequest.Route.values or not why.strip():
            raise Refused(_("请选择向谁求助，并写明需要什么。"), code="why_missing")
        made, new = HelpRequest.objects.get_or_create(
            estate_id=self.estate_id, work=self, met_at=None, defaults={"by_id": by.person_id, "at": at, "route": route, "why": why.strip()}
        )
        if not new:
            raise Refused(_("已经求助，正在安排。"), code="already_asked")
        self.tell(Action.WORK_HELP_ASKED, by=by, at=at, target=kept(HelpRequest.Route(route).label), route=route, why=why.strip())
        return made

    @verb
    def send_help(self, helper: Person, *, by: Any, at: datetime | None = None) -> WorkOrder:
        """Give a second person an order beside this one."""
        at = at or clock.now()
        by.must("ticket.dispatch")
        self.must_be(*WORK_OPEN)
        order = self.ticket.dispatch(
            by=by, worker=helper, wishes=self.wishes, priority=self.priority, instructions=kept(_("协助 %(name)s") % {"name": self.worker.name}), at=at
        )
        order.helps = self
        order.save(update_fields=["helps"])
        HelpRequest.objects.at_estate(self.estate_id).filter(work=self, met_at__isnull=True).update(met_by_id=by.person_id, met_at=at)
        self.tell(Action.WORK_HELP_GIVEN, by=by, at=at, worker=helper.name, told=False)
        return order

    @verb
    def hand_over(self, worker: Person, why: str, *, by: Any, at: datetime | None = None) -> WorkOrder:
        """The order goes to another person; this one ends. By the worker, by who may dispatch, or (`by=None`) with a whole post."""
        at = at or clock.now()
        if by is not None and by.person_id != self.worker_id:
            by.must("ticket.dispatch")
        self.must_be(*WORK_OPEN)
        if worker.pk == self.worker_id or not why.strip():
            raise Refused(_("请选择另一位同事，并写明原因。"), code="why_missing")
        if by is not None:
            self.ticket._may_command(by, worker, at)
        self.end_pause(at)
        self.move(WorkStage.HANDED_OVER, ended_at=at)
        order = type(self).objects.create(
            estate_id=self.estate_id, ticket_id=self.ticket_id, worker=worker, given_by_id=by.person_id if by else self.given_by_id, offered_at=at,
            priority=self.priority, wishes=self.wishes, instructions=self.instructions, helps=self.helps,
        )  # fmt: skip
        self.tell(Action.WORK_HANDED_OVER, by=by, at=at, worker=worker.name, worker_id=worker.pk, why=why.strip())
        return order

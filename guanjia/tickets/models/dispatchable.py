"""Dispatching: a ticket becomes work with a name, a priority and the owner's wishes (REQ-08)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.people.models import Person, Post
from guanjia.people.roles import Role, works_as
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb

from ..kinds import Priority, Stage

if TYPE_CHECKING:
    from datetime import datetime

    from .work_order import WorkOrder


class Dispatchable(models.Model):
    class Meta:
        abstract = True

    @verb
    def dispatch(
        self, *, by: Any, worker: Person, wishes: str, priority: str = "", instructions: str = "", at: datetime | None = None
    ) -> WorkOrder:
        """Give the work to a person. Priority and wishes are both said aloud: “none” is an answer, empty is not (REQ-08).

        Guards take orders only through their leader or a supervisor (STF-04). Several orders per ticket are usual.
        """
        from .work_order import WorkOrder

        at = at or clock.now()
        by.must("ticket.dispatch")
        self.must_be(Stage.CLASSIFIED, Stage.DISPATCHED, Stage.HANDLING)
        if not wishes.strip() or priority not in Priority.values:
            raise Refused(_("派单须写明优先级和业主的特殊要求；没有要求请写“无”。"), code="wishes_missing")
        self._may_command(by, worker, at)
        order = WorkOrder.objects.create(
            estate_id=self.estate_id, ticket=self, worker=worker, given_by_id=by.person_id, offered_at=at,
            priority=priority, wishes=wishes.strip(), instructions=instructions.strip(),
        )  # fmt: skip
        stage = Stage.DISPATCHED if self.stage == Stage.CLASSIFIED else self.stage
        first = self.dispatched_at is None
        self.come_to(*(("dispatched",) if first else ()), at=at, stage=stage, priority=priority, wishes=wishes.strip())
        Event.objects.record(
            Action.WORK_DISPATCHED, self, by=by, at=at, worker=worker.name, worker_id=worker.pk, work=order.pk, wishes=order.wishes
        )
        return order

    def _may_command(self, by: Any, worker: Person, at: datetime) -> None:
        held = Post.objects.at_estate(self.estate_id).filter(person=worker).held_on(clock.today(self.estate, at))
        roles = set(held.values_list("role", flat=True))
        if not roles:
            raise Refused(_("%(name)s 今天在本小区没有岗位。") % {"name": worker.name}, code="no_post")
        through = {Role.ORDER_LEADER, Role.SUPERVISOR, Role.MANAGER, Role.DISPATCHER}
        if {works_as(role) for role in roles} == {Role.ORDER_KEEPER} and not {works_as(role) for role in by.roles} & through:
            raise Refused(_("秩序员须通过秩序班长或主管调派，请派给班长。"), code="through_leader")

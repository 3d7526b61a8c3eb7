"""Who does it: one of our people, or a supplier who was vetted (VAS-03, VAS-09); and who gives it up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.people.models import Post
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import datetime


class Assignable(models.Model):
    class Meta:
        abstract = True

    @verb
    def assign(self: Any, *, by: Any, worker: Any = None, supplier: Any = None, at: datetime | None = None) -> None:
        """Send a person or a supplier; again to send another. A supplier who may not be ordered is refused with the reason."""
        at = at or clock.now()
        by.must("service.order")
        self._hold("asked", "quoted", "agreed")
        if (worker is None) == (supplier is None):
            raise Refused(_("请选择派给谁。"), code="nobody")
        if supplier is not None:
            held = type(supplier).objects.at_estate(self.estate_id).select_for_update().get(pk=supplier.pk)
            if why := held.refusal(clock.today(self.estate, at), self.item):
                raise Refused(why, code="supplier_refused")
        elif not Post.objects.at_estate(self.estate_id).filter(person=worker).held_on(clock.today(self.estate, at)).exists():
            raise Refused(_("%(name)s 今天在本小区没有岗位。") % {"name": worker.name}, code="no_post")
        self._set(worker=worker, supplier=supplier, assigned_by_id=by.person_id, assigned_at=at)
        name = worker.name if worker else supplier.name
        self.tell(Action.SERVICE_ASSIGNED, by=by, at=at, name=name, worker_id=worker.pk if worker else None)

    @verb
    def cancel(self: Any, why: str, *, by: Any, at: datetime | None = None) -> None:
        """Given up before it is done: by the household until somebody was sent, by the desk with a reason."""
        at = at or clock.now()
        if not self.theirs(by):
            by.must("service.order")
        self._hold("asked", "quoted", "agreed")
        if self.theirs(by) and self.assigned_at and self.stage == "agreed":
            raise Refused(_("已经派人，请打电话给前台取消。"), code="already_sent")
        if not self.theirs(by) and len(why.strip()) < 2:
            raise Refused(_("请写取消原因。"), code="why_missing")
        self.quotes.filter(agreed__isnull=True).update(agreed=False, answered_at=at, way="cancelled")
        self._end("cancelled", why, at)
        self.tell(Action.SERVICE_CANCELLED, by=by, at=at, why=self.why, worker_id=self.worker_id)

"""Who does it: one of our people, or a supplier who was vetted (VAS-03, VAS-09); and who gives it up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.people.models import Post
from guanjia.people.roles import roles
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import date, datetime


def posts_that_work(estate_id: int, on: date) -> Any:
    """The posts of a day whose holders may be sent."""
    able = [key for key, role in roles().items() if "service.work" in role["may"]]
    return Post.objects.at_estate(estate_id).filter(role__in=able).held_on(on)


class Assignable(models.Model):
    class Meta:
        abstract = True

    @property
    def is_under_way(self: Any) -> bool:
        """Agreed to and somebody sent: the household no longer cancels by itself, though a dearer quote waits."""
        return self.agreed_at is not None and self.assigned_at is not None

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
        elif not posts_that_work(self.estate_id, clock.today(self.estate, at)).filter(person=worker).exists():
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
        if self.theirs(by) and self.is_under_way:
            raise Refused(_("已经派人，请打电话给前台取消。"), code="already_sent")
        if not self.theirs(by) and len(why.strip()) < 2:
            raise Refused(_("请写取消原因。"), code="why_missing")
        self.quotes.filter(agreed__isnull=True).update(agreed=False, answered_at=at, way="cancelled")
        self._end("cancelled", why, at)
        self.tell(Action.SERVICE_CANCELLED, by=by, at=at, why=self.why, worker_id=self.worker_id)

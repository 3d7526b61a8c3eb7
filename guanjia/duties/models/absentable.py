"""Going away and coming back: open work goes to the cover in one act, and what is still open comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import date, datetime


class Absentable(models.Model):
    class Meta:
        abstract = True

    @property
    def last_day(self: Any) -> date | None:
        """The last day away; none when it is open-ended."""
        from datetime import timedelta

        upper: date | None = self.during.upper
        return upper - timedelta(days=1) if upper else None

    @verb
    def begin(self: Any, *, by: Any = None, at: datetime | None = None) -> dict[str, int]:
        """Move what is open and theirs to whoever is there in their place: tasks due while they are away, tickets, orders. Once."""
        from guanjia.people.presence import present

        from ..covering import move_work

        at = at or clock.now()
        mine = (
            type(self)
            .objects.at_estate(self.estate_id)
            .filter(pk=self.pk, begun_at__isnull=True, ended_at__isnull=True)
        )
        if not mine.update(begun_at=at):
            return {"tasks": 0, "tickets": 0, "orders": 0}
        self.__dict__["begun_at"] = at
        if taker := present(self.estate, self.person_id, clock.today(self.estate, at)):
            why = kept(gettext_lazy("代班"))
            self.moved = {} if taker == self.person_id else move_work(self, self.person_id, taker, by=by, at=at, why=why, due=self.during)
            self.save(update_fields=["moved"])
        else:
            self._give_out(by, at)
        counts = {name: len(rows) for name, rows in self.moved.items()}
        told = {name: counts.get(name, 0) for name in ("tasks", "tickets", "orders")}
        self.tell(Action.ABSENCE_BEGUN, by=by, at=at, **told)
        return counts

    @verb
    def come_back(self: Any, *, by: Any = None, at: datetime | None = None) -> None:
        """Back (or called off before it began): what moved, is still with those who stood in, and is open, returns."""
        from ..covering import move_orders, move_tasks, move_tickets

        at = at or clock.now()
        if by is not None and by.person_id != self.person_id:
            by.must("duty.roster")
        mine = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, ended_at__isnull=True)
        if not mine.update(ended_at=at):
            raise Refused(_("已经销假了。"), code="already_back")
        self.__dict__["ended_at"] = at
        why = kept(gettext_lazy("销假"))
        for giver in self._stood_in():
            move_tasks(self, giver, self.person_id, at=at, only=self.moved.get("tasks", []))
            move_tickets(self, giver, self.person_id, by=by, at=at, why=why, only=self.moved.get("tickets", []))
            move_orders(self, giver, self.person_id, at=at, why=why, only=self.moved.get("orders", []))
        self._give_out(by, at)
        self.tell(Action.ABSENCE_ENDED, by=by, at=at)

    def _stood_in(self: Any) -> list[int]:
        """The cover, whoever stood in for the cover while they were away, and so on: any of them may have what moved."""
        rows = type(self).objects.at_estate(self.estate_id).filter(begun_at__isnull=False, cover_id__isnull=False)
        covers = dict(rows.filter(during__overlap=self.during).order_by("pk").values_list("person_id", "cover_id"))
        found: list[int] = []
        giver = self.cover_id
        while giver and giver != self.person_id and giver not in found:
            found.append(giver)
            giver = covers.get(giver)
        return found

    def _give_out(self: Any, by: Any, at: datetime) -> None:
        """Tasks made ahead go to whoever of their posts is here; what nobody else answers for stays."""
        from guanjia.people.models import Post

        from ..reassigning import reassign

        for post in (
            Post.objects.at_estate(self.estate_id).held_on(clock.today(self.estate, at)).filter(person=self.person_id)
        ):
            reassign(self.estate, post.role, post.zone_id, by=by, at=at, keep=True)

    def tell(self: Any, action: Action, *, by: Any, at: datetime, **more: Any) -> None:
        from guanjia.people.models import Person

        names = dict(
            Person.objects.filter(pk__in=[self.person_id, self.cover_id or self.person_id]).values_list("pk", "name")
        )
        said = {
            "person": names.get(self.person_id, ""),
            "cover": names.get(self.cover_id, ""),
            "worker_id": self.cover_id,
        }
        Event.objects.record(action, self, by=by, at=at, **said, **more)

"""Whose a task is: handing it over, taking it, or agreeing that it need not be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.people.models import Person

    from .record import Waiver


class Assignable(models.Model):
    class Meta:
        abstract = True

    @verb
    def waive(self: Any, why: str, *, by: Any, at: datetime | None = None) -> Waiver:
        """It need not be done, for a reason that is kept. Not by whoever should do it, unless nobody is above them."""
        from .record import Waiver

        at = at or clock.now()
        by.must("duty.waive")
        if not why.strip():
            raise Refused(_("请写明为什么不用做。"), code="why_missing")
        if self.person_id == by.person_id and "manager" not in by.roles:
            raise Refused(_("自己的任务由上级同意不做。"), code="own_task")
        self._write(waived_at=at)
        made = Waiver.objects.create(
            estate_id=self.estate_id, task=self, by_id=by.person_id, why=why.strip()[:300], at=at
        )
        self._say(Action.TASK_WAIVED, by, at, why=why.strip(), worker_id=self.person_id)
        return made

    @verb
    def hand_over(self: Any, to: Person, why: str, *, by: Any, at: datetime | None = None) -> None:
        """Another person does it: by whose it is, or by who may give out work."""
        at = at or clock.now()
        if by.person_id != self.person_id:
            by.must("duty.waive")
        if to.pk == self.person_id or not why.strip():
            raise Refused(_("请选择另一位同事，并写明原因。"), code="why_missing")
        if not self._works_here(to, at):
            raise Refused(_("这位同事现在不在本小区任职。"), code="not_here")
        before = self.person_id
        self._write(person_id=to.pk, moved_at=at)
        self._say(Action.TASK_HANDED_OVER, by, at, worker=to.name, worker_id=to.pk, from_id=before, why=why.strip())

    @verb
    def take(self: Any, *, by: Any, at: datetime | None = None) -> None:
        """Do it oneself: what nobody answers for, or a colleague's within one's reach."""
        at = at or clock.now()
        by.must("duty.work")
        if self.person_id == by.person_id:
            return
        if self.person_id is not None and by.sees == "own":
            raise Refused(_("这项任务是同事的，请由同事转给您。"), code="not_yours")
        before = self.person_id
        self._write(person_id=by.person_id, moved_at=at)
        self._say(Action.TASK_TAKEN, by, at, from_id=before)

    def _write(self: Any, **columns: Any) -> None:
        """Guarded: only while it is open, and still the one this act was decided on."""
        mine: Any = type(self).objects.at_estate(self.estate_id)
        rows = mine.open().filter(pk=self.pk, person_id=self.person_id)
        if not rows.update(**columns):
            raise Refused(_("刚刚有人做了、免了或转了这项任务，请刷新后再看。"), code="clash")
        for name, value in columns.items():
            setattr(self, name, value)

    def _works_here(self, person: Person, at: datetime) -> bool:
        from guanjia.people.models import Post

        return bool(
            person.is_active
            and Post.objects.at_estate(self.estate_id)
            .held_on(clock.today(self.estate, at))
            .filter(person=person)
            .exists()
        )

    def _say(self, action: Action, by: Any, at: datetime, **said: Any) -> None:
        Event.objects.record(
            action, self, by=by, at=at, task=self.source_title, told=action != Action.TASK_TAKEN, **said
        )

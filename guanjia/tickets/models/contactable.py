"""Calling the one who reported: the telephone is masked, showing it leaves a trace (HSE-14, CF-20)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import datetime


class Contactable(models.Model):
    class Meta:
        abstract = True

    def may_be_called_by(self, by: Any) -> bool:
        """Who may unmask, and the worker while an order of theirs is open."""
        if not self.reporter_phone:
            return False
        return by.may("household.unmask") or self.works.open().filter(worker_id=by.person_id).exists()

    @verb
    def show_phone(self, *, by: Any, at: datetime | None = None) -> str:
        """The reporter's telephone; who looked, when and for which ticket is kept."""
        if not self.reporter_phone:
            raise Refused(_("没有留下电话。"), code="no_phone")
        if not self.may_be_called_by(by):
            raise NotAllowed("household.unmask")
        Event.objects.record(
            Action.PERSONAL_DATA_READ, self, by=by, at=at or clock.now(), told=False, what=kept(_("报事人电话")), why=kept(_("处理报事 %s") % self.number)
        )
        return str(self.reporter_phone)

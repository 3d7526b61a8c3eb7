"""Answering the one who asked: first response, progress, plan, the owners' group (REQ-06, 07, 09; COM-10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb

from ..kinds import OPEN, Channel, Stage

if TYPE_CHECKING:
    from datetime import datetime


class Answerable(models.Model):
    class Meta:
        abstract = True

    @verb
    def progress(self, words: str, *, by: Any, at: datetime | None = None) -> Event:
        """Tell the resident how it stands. The first such word is the response; each restarts the two-hour clock."""
        by.must("ticket.progress")
        self.must_be(*OPEN)
        first = self.responded_at is None
        moments = ("responded", "progressed") if first else ("progressed",)
        return self._say(Action.TICKET_RESPONDED if first else Action.TICKET_PROGRESSED, moments, words, by, at)

    @verb
    def reply_plan(self, words: str, *, by: Any, at: datetime | None = None) -> Event:
        """Answer a suggestion with how it will be dealt with (REQ-07)."""
        return self._say(Action.TICKET_PLAN_REPLIED, ("plan_replied", "responded", "progressed"), words, by, at)

    @verb
    def reply_in_group(self, words: str, *, by: Any, at: datetime | None = None) -> Event:
        """The first reply in the owners' group (3 minutes)."""
        self._must_be_group()
        return self._say(Action.GROUP_REPLIED, ("group_replied", "responded"), words, by, at)

    @verb
    def feed_back_in_group(self, words: str, *, by: Any, at: datetime | None = None) -> Event:
        """What will be done, told in the owners' group (30 minutes)."""
        self._must_be_group()
        return self._say(Action.GROUP_FED_BACK, ("group_fed_back", "group_replied", "responded", "progressed"), words, by, at)

    @verb
    def note(self, words: str, *, by: Any, at: datetime | None = None) -> Event:
        """A note among staff; the resident never sees it."""
        by.must("ticket.file")
        return Event.objects.record(Action.TICKET_NOTED, self, by=by, at=at or clock.now(), words=_said(words), told=False)

    def _must_be_group(self) -> None:
        if self.channel != Channel.GROUP:
            raise Refused(_("本单不是来自业主群。"), code="not_from_group")

    def _say(self, action: Action, moments: tuple[str, ...], words: str, by: Any, at: datetime | None) -> Event:
        at = at or clock.now()
        by.must("ticket.progress")
        self.must_be(*OPEN)
        event = Event.objects.record(action, self, by=by, at=at, words=_said(words), public=True)
        # The two-hour clock runs from dispatch to completion; a word said afterwards starts nothing.
        live = moments if self.stage in (Stage.DISPATCHED, Stage.HANDLING) else [m for m in moments if m != "progressed"]
        self.come_to(*live, at=at)
        return event


def _said(words: str) -> str:
    if not words.strip():
        raise Refused(_("请写下内容。"), code="words_missing")
    return words.strip()

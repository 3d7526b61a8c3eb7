"""Reminding once, by day; closing: what was answered without names is mixed and only then readable (docs/surveys.md)."""

from __future__ import annotations

import json
from collections import Counter
from random import SystemRandom
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb

from ..small import hidden

if TYPE_CHECKING:
    from datetime import datetime


class Closable(models.Model):
    class Meta:
        abstract = True

    @verb
    def remind(self, *, by: Any = None, at: datetime | None = None) -> int:
        """Tell those who were asked and have not answered, once a round. Returns how many."""
        from .invitation import Invitation
        from .poll import Poll

        poll: Any = self
        if by is not None:
            by.must("poll.run")
        at = at or clock.now()
        if poll.state(at) != "open":
            raise Refused(_("这份问卷现在不收答案。"), code="not_open")
        if not Poll.objects.at_estate(poll.estate_id).filter(pk=poll.pk, reminded_at__isnull=True).update(reminded_at=at):
            raise Refused(_("已经提醒过一次，不再打扰。"), code="reminded")
        poll.reminded_at = at
        silent = Invitation.objects.at_estate(poll.estate_id).filter(poll=poll).waiting().count()
        Event.objects.record(Action.POLL_REMINDED, poll, by=by, at=at, title=poll.title, until=poll.ends_on.isoformat(), count=silent, public=True)
        return silent

    @verb
    def close(self, *, by: Any = None, at: datetime | None = None) -> int:
        """Take no more answers; open what is sealed. The house closes a round after its last day. Returns how many answered."""
        from .invitation import Invitation
        from .poll import Poll
        from .response import Response

        poll: Any = self
        if by is not None:
            by.must("poll.run")
        at = at or clock.now()
        if not poll.published_at:
            raise Refused(_("还没有发布。"), code="draft")
        if not Poll.objects.at_estate(poll.estate_id).filter(pk=poll.pk, closed_at__isnull=True).update(closed_at=at):
            raise Refused(_("这份问卷已经结束。"), code="closed")
        poll.closed_at = at
        if poll.anonymous:
            self._open(at)
        count = Response.objects.at_estate(poll.estate_id).filter(poll=poll).count()
        asked = Invitation.objects.at_estate(poll.estate_id).filter(poll=poll, drawn=True).count()
        Event.objects.record(Action.POLL_CLOSED, poll, by=by, at=at, title=poll.title, count=count, asked=asked)
        return count

    def _open(self, at: datetime) -> None:
        """Mix the sealed answers and write them down all at once, without who, when or in which order.

        Fewer than `survey.small` are destroyed unread. A zone of which so few answered is left out of their rows.
        """
        from ..gathering import words_of
        from .poll import Poll
        from .response import Envelope, Response

        poll: Any = self
        small = parameter(poll.estate, "survey.small", poll.published_at)  # what held when people were asked
        sealed = Envelope.objects.at_estate(poll.estate_id).filter(poll=poll)
        found = [json.loads(text) for text in sealed.values_list("sealed", flat=True)]
        if len(found) < small:
            poll.destroyed = len(found)
            Poll.objects.at_estate(poll.estate_id).filter(pk=poll.pk).update(destroyed=len(found))
            found = []
        SystemRandom().shuffle(found)
        nameless = hidden(Counter(one["zone"] for one in found), small)
        rows = [
            Response(estate_id=poll.estate_id, poll=poll, anonymous=True, zone_id=None if one["zone"] in nameless else one["zone"], answers=one["answers"])
            for one in found
        ]
        Response.objects.bulk_create(rows, batch_size=2000)
        sealed.delete()
        words_of(poll, rows, at)

"""Ringing up about a letter that nobody collected: it has nothing to do with money, so it is no dunning contact (COM-19)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _t

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb

from ..quiet import resting

if TYPE_CHECKING:
    from datetime import datetime


class Ringable(models.Model):
    said = models.CharField(max_length=200, blank=True, default="", db_default="")  # on the telephone, about a letter

    class Meta:
        abstract = True

    @verb
    def ring(self: Any, words: str, *, by: Any, at: datetime | None = None) -> None:
        """They were rung up and told where it waits; not in the hours of rest, and once. Raises Refused."""
        by.must("chase.act")
        at, words = at or clock.now(), words.strip()[:200]
        if not words:
            raise Refused(_t("请写明谈了什么。"), code="words_missing")
        if resting(self.estate, at):
            raise Refused(_t("现在是休息时间，请等到早上再打电话。"), code="resting")
        rows = type(self).objects.at_estate(self.estate_id).open().about_letters().filter(pk=self.pk)
        if not rows.update(ended_at=at, outcome="recorded", said=words):
            raise Refused(_t("这个电话已经登记过。"), code="already_done")
        self.refresh_from_db()
        Event.objects.record(Action.CALL_RUNG, self, by=by, at=at, told=False, unit=self.unit.code, title=self.words, words=words)

"""协调事项: what was coordinated with a body outside, and what came of it (VAS-12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

from .contact import Contact

if TYPE_CHECKING:
    from datetime import date, datetime


class MatterQuerySet(EstateQuerySet["Matter"]):
    def visible_to(self, reach: Any) -> MatterQuerySet:
        rows = self.at_estate(reach.estate)
        return rows if reach.may("liaison.keep") else rows.none()

    def open(self) -> MatterQuerySet:
        return self.filter(done_at__isnull=True)

    def begin(self, contact: Contact, on: date, words: str, *, by: Any, result: str = "", at: datetime | None = None) -> Matter:
        """What was talked about on a day; with a result it is done at once."""
        at, words = at or clock.now(), words.strip()[:500]
        by.must("liaison.keep")
        if len(words) < 2 or on > clock.today(by.estate, at):
            raise Refused(_("请写协调日期（不晚于今天）和事项。"), code="incomplete")
        with refusing_clashes(), estate_scope(by.estate):
            contact.must_be_live()
            row = self.create(estate_id=contact.estate_id, contact=contact, on=on, words=words, by_id=by.person_id, at=at)
            Event.objects.record(Action.MATTER_BEGUN, row, by=by, at=at, told=False, body=contact.name, words=words[:120])
            if result.strip():
                row.finish(result, by=by, at=at)
        return row


class Matter(EstateOwned):
    noun = "outside_matter"
    contact = EstateForeignKey(Contact, models.RESTRICT, related_name="matters")
    on = models.DateField()
    words = models.CharField(max_length=500)
    result = models.CharField(max_length=500, blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = PersonKey(null=True)
    by = PersonKey()
    at = models.DateTimeField()

    objects = MatterQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "contact", "-on"], name="matter_of")]
        constraints = [models.CheckConstraint(condition=Q(done_at__isnull=True, result="") | (Q(done_at__isnull=False) & ~Q(result="")), name="matter_done_how")]

    def __str__(self) -> str:
        return self.words[:40]

    @verb
    def finish(self, result: str, *, by: Any, at: datetime | None = None) -> None:
        """It is settled, in words; once."""
        at, result = at or clock.now(), result.strip()[:500]
        by.must("liaison.keep")
        if len(result) < 2:
            raise Refused(_("请写明落实情况。"), code="result_missing")
        rows = type(self).objects.at_estate(self.estate_id).open().filter(pk=self.pk)
        if not rows.update(done_at=at, done_by=by.person_id, result=result):
            raise Refused(_("这件事已经落实。"), code="already_done")
        self.refresh_from_db()
        Event.objects.record(Action.MATTER_DONE, self, by=by, at=at, told=False, body=self.contact.name, words=result[:120])

"""来文: a document or notice from outside, who handles it by when, what was done (VAS-12)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.people.models import Person, Post
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.papers import harmless
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

from .contact import Contact

if TYPE_CHECKING:
    from datetime import date, datetime


class IncomingQuerySet(EstateQuerySet["Incoming"]):
    def visible_to(self, reach: Any) -> IncomingQuerySet:
        """Who keeps the register sees all; who handles one sees their own."""
        rows = self.at_estate(reach.estate)
        return rows if reach.may("liaison.keep") else rows.filter(handler=reach.person_id) if reach.is_staff else rows.none()

    def open(self) -> IncomingQuerySet:
        return self.filter(handled_at__isnull=True)

    def receive(
        self, contact: Contact, title: str, received_on: date, due_on: date, handler: Person, *, by: Any, number: str = "", words: str = "", upload: Any = None,
        key: str = "", at: datetime | None = None,
    ) -> Incoming:  # fmt: skip
        """Enter it: who handles it by which day; the paper itself as a picture or PDF. Sent twice with one key it is one."""
        at, title = at or clock.now(), title.strip()[:120]
        by.must("liaison.keep")
        today = clock.today(by.estate, at)
        if not title or not received_on <= due_on or received_on > today:
            raise Refused(_("请写标题、收文日期和办理期限；收文不能晚于今天，期限不能早于收文。"), code="incomplete")
        _must_work_here(by.estate, handler, today)
        with refusing_clashes(), estate_scope(by.estate):
            if key and (known := self.at_estate(by.estate).filter(key=key).first()):
                return known
            contact.must_be_live()
            row = self.model(
                estate_id=contact.estate_id, contact=contact, title=title, number=number.strip()[:40], words=words.strip()[:500], received_on=received_on,
                due_on=due_on, handler_id=handler.pk, by_id=by.person_id, at=at, key=key[:40],
            )  # fmt: skip
            if upload:
                content, suffix = harmless(upload)
                row.file.save(f"{row.estate_id}-{hashlib.sha256(content).hexdigest()[:16]}.{suffix}", ContentFile(content), save=False)
            row.save(force_insert=True)
            row.tell(Action.INCOMING_RECEIVED, by=by, at=at)
        return row


class Incoming(EstateOwned):
    noun = "incoming"
    contact = EstateForeignKey(Contact, models.RESTRICT, related_name="papers")
    title = models.CharField(max_length=120)
    number = models.CharField(max_length=40, blank=True)  # 文号
    words = models.CharField(max_length=500, blank=True)  # what is asked
    file = models.FileField(upload_to="incoming/", blank=True)
    received_on = models.DateField()
    due_on = models.DateField()  # the last day
    handler = PersonKey()
    handled_at = models.DateTimeField(null=True)
    handled_by = PersonKey(null=True)
    result = models.CharField(max_length=500, blank=True)
    told_near = models.DateField(null=True)  # the day of which it was told that it nears
    told_late = models.BooleanField(default=False)
    key = models.CharField(max_length=40, blank=True)
    by = PersonKey()
    at = models.DateTimeField()

    objects = IncomingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "due_on"], condition=Q(handled_at__isnull=True), name="incoming_open")]
        constraints = [
            models.UniqueConstraint(fields=["estate", "key"], condition=~Q(key=""), name="incoming_key"),
            models.CheckConstraint(condition=Q(due_on__gte=F("received_on")), name="incoming_term"),
            models.CheckConstraint(condition=Q(handled_at__isnull=True, handled_by__isnull=True, result="") | (Q(handled_at__isnull=False, handled_by__isnull=False) & ~Q(result="")), name="incoming_handled_how"),
        ]

    def __str__(self) -> str:
        return self.title

    @verb
    def handle(self, result: str, *, by: Any, at: datetime | None = None) -> None:
        """It is done, in words: by its handler, or by who keeps the register. Once."""
        at, result = at or clock.now(), result.strip()[:500]
        self._must_be_theirs(by)
        if len(result) < 2:
            raise Refused(_("请写明办理结果。"), code="result_missing")
        rows = type(self).objects.at_estate(self.estate_id).open().filter(pk=self.pk)
        if not rows.update(handled_at=at, handled_by=by.person_id, result=result):
            raise Refused(_("这件来文已经办结。"), code="already_done")
        self.refresh_from_db()
        self.tell(Action.INCOMING_HANDLED, by=by, at=at, result=result[:120])

    @verb
    def pass_on(self, to: Person, *, by: Any, due_on: date | None = None, at: datetime | None = None) -> None:
        """Another handles it, perhaps by another day; told anew when that day nears."""
        at = at or clock.now()
        by.must("liaison.keep")
        due_on = due_on or self.due_on
        _must_work_here(self.estate, to, clock.today(self.estate, at))
        if due_on < self.received_on:
            raise Refused(_("办理期限不能早于收文日期。"), code="bad_dates")
        rows = type(self).objects.at_estate(self.estate_id).open().filter(pk=self.pk)
        if not rows.update(handler=to.pk, due_on=due_on, told_late=F("told_late") if due_on == self.due_on else False):
            raise Refused(_("这件来文已经办结。"), code="already_done")
        self.refresh_from_db()
        self.tell(Action.INCOMING_PASSED_ON, by=by, at=at, handler=to.name)

    def _must_be_theirs(self, by: Any) -> None:
        if not (by.is_staff and (by.person_id == self.handler_id or by.may("liaison.keep"))):
            raise NotAllowed("liaison.keep")

    def tell(self, action: Action, *, by: Any, at: datetime, **said: Any) -> None:
        Event.objects.record(action, self, by=by, at=at, title=self.title, body=self.contact.name, due=str(self.due_on), worker_id=self.handler_id, **said)


def _must_work_here(estate: Any, person: Person, today: date) -> None:
    if not (person.is_active and Post.objects.at_estate(estate).held_on(today).filter(person=person).exists()):
        raise Refused(_("这位同事现在不在本小区任职。"), code="not_here")

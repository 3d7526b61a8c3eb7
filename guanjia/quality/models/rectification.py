"""整改: what was found, who puts it right by when, proof, a look by somebody else: closed, or once more (QLT-14, issue 6 line 4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.verbs import verb
from guanjia.tickets.kinds import Channel
from guanjia.tickets.models import Ticket

from .item import Deduction
from .photographing import keep_photos

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

LENT = frozenset({"ticket.file"})
OPEN = Q(closed_at__isnull=True)


class RectificationQuerySet(EstateQuerySet["Rectification"]):
    def open(self) -> RectificationQuerySet:
        return self.filter(OPEN)

    def visible_to(self, reach: Any) -> RectificationQuerySet:
        """One's own; all of the estate's for who reads the quality pages, but for what a hidden inspection found."""
        rows = self.at_estate(reach.estate)
        mine = Q(responsible_id=reach.person_id) | Q(asked_by_id=reach.person_id)
        return rows if reach.may("quality.read") else rows.filter(mine)

    def ask(
        self, words: str, responsible: Any, due_on: date | None, *, by: Any, deduction: Deduction | None = None, campaign: Any = None,
        zone: Any = None, file_ticket: bool = False, at: datetime | None = None,
    ) -> Rectification:  # fmt: skip
        """Somebody puts it right by a day: both are asked for (QLT-14). With `file_ticket` it becomes a ticket as well."""
        at = at or clock.now()
        row = self.model(
            estate=by.estate, words=words.strip()[:500], responsible_id=responsible.pk if responsible else None, due_on=due_on, deduction=deduction,
            campaign=campaign, zone=zone, asked_by_id=by.person_id, asked_at=at,
        )  # fmt: skip
        return row._ask(file_ticket, by, at)


class Rectification(EstateOwned):
    noun = "rectification"
    deduction = EstateForeignKey(Deduction, models.RESTRICT, null=True, related_name="rectifications")
    campaign = EstateForeignKey("quality.Campaign", models.RESTRICT, null=True, related_name="issues")  # found by self-check
    zone = EstateForeignKey("estates.Zone", models.RESTRICT, null=True, related_name="+")
    ticket = EstateForeignKey("tickets.Ticket", models.RESTRICT, null=True, related_name="+")
    words = models.CharField(max_length=500)
    responsible = PersonKey()
    due_on = models.DateField()  # of the present round
    round = models.PositiveSmallIntegerField(default=1)
    asked_by = PersonKey()
    asked_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = RectificationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["estate", "responsible", "due_on"], condition=OPEN, name="rectification_open"),
            models.Index(fields=["estate", "due_on"], condition=OPEN, name="rectification_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["estate", "deduction"], condition=OPEN & Q(deduction__isnull=False), name="rectification_once"),
            models.CheckConstraint(condition=~Q(words=""), name="rectification_words"),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def last(self) -> FixRound:
        """The present round, or the last one."""
        found: FixRound = FixRound.objects.at_estate(self.estate_id).get(rectification=self, number=self.round)
        return found

    @verb
    def _ask(self, file_ticket: bool, by: Any, at: datetime) -> Rectification:
        by.must("quality.rectify")
        if not self.words or self.responsible_id is None or self.due_on is None:
            raise Refused(_("整改要写明内容、责任人和完成时间。"), code="incomplete")
        if self.due_on < clock.today(self.estate, at):
            raise Refused(_("完成时间已经过去。"), code="past")
        if self.deduction and self._is_hidden(self.deduction):
            raise Refused(_("暗访公开以后才能要求整改。"), code="hidden")
        if file_ticket:
            may = replace(by, permissions=by.permissions | LENT)
            self.ticket = Ticket.objects.report(by=may, estate=self.estate, words=self.words, channel=Channel.PATROL, zone=self.zone, at=at)
        self.save(force_insert=True)
        FixRound.objects.create(estate_id=self.estate_id, rectification=self, number=1, due_on=self.due_on)
        self.tell(Action.FIX_ASKED, by=by, at=at, worker_id=self.responsible_id)
        return self

    def _is_hidden(self, deduction: Deduction) -> bool:
        from .inspection import COVERT, Inspection

        rows = Inspection.objects.at_estate(self.estate_id).filter(COVERT)
        return bool(rows.filter(pk=deduction.item_score.inspection_id).exists())

    @verb
    def submit(self, words: str, photos: Iterable[Any], *, by: Any, at: datetime | None = None) -> FixRound:
        """Put right, with proof: a photo and what was done. Only by who is responsible."""
        at, shots = at or clock.now(), list(photos)
        row = self._lock()
        if by.person_id != row.responsible_id:
            raise NotAllowed("quality.rectify")
        if not words.strip() or not shots:
            raise Refused(_("请写明怎样整改并拍照。"), code="proof_missing")
        rounds = FixRound.objects.at_estate(self.estate_id).filter(rectification=self, number=row.round, done_at__isnull=True)
        if not rounds.update(done_at=at, done_by_id=by.person_id, words=words.strip()[:500]):
            raise Refused(_("已经交过了，等复查。"), code="submitted")
        made = self.last
        keep_photos(shots, round=made)
        self.tell(Action.FIX_DONE, by=by, at=at, worker_id=row.asked_by_id, said=words.strip()[:120])
        return made

    @verb
    def judge(self, passed: bool, words: str, *, by: Any, due_on: date | None = None, at: datetime | None = None) -> None:
        """Looked at again by somebody else: closed, or one more round by a new day."""
        at = at or clock.now()
        by.must("quality.rectify")
        row = self._lock()
        now = FixRound.objects.at_estate(self.estate_id).get(rectification=self, number=row.round)
        if now.done_at is None:
            raise Refused(_("还没有交整改结果。"), code="not_submitted")
        if by.person_id in (row.responsible_id, now.done_by_id):
            raise Refused(_("不能复查自己的整改。"), code="own_matter")
        if not passed and not words.strip():
            raise Refused(_("请写明哪里还没有改好。"), code="why_missing")
        due = due_on or clock.today(self.estate, at) + timedelta(days=int(parameter(self.estate_id, "quality.fix_days", at)))
        if not passed and due < clock.today(self.estate, at):
            raise Refused(_("完成时间已经过去。"), code="past")
        now.judged_at, now.judged_by_id, now.passed, now.verdict = at, by.person_id, passed, words.strip()[:500]
        now.save(update_fields=["judged_at", "judged_by", "passed", "verdict"])
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk)
        if passed:
            rows.update(closed_at=at)
        else:
            FixRound.objects.create(estate_id=self.estate_id, rectification=self, number=row.round + 1, due_on=due)
            rows.update(round=row.round + 1, due_on=due)
        self.refresh_from_db()
        self.tell(Action.FIX_PASSED if passed else Action.FIX_FAILED, by=by, at=at, worker_id=self.responsible_id, said=words.strip()[:120])

    @verb
    def hand_over(self, person: Any, *, by: Any, at: datetime | None = None) -> None:
        """Somebody else is responsible from now on."""
        at = at or clock.now()
        by.must("quality.rectify")
        row = self._lock()
        if FixRound.objects.at_estate(self.estate_id).filter(rectification=self, number=row.round, done_at__isnull=False).exists():
            raise Refused(_("已经交过了，等复查。"), code="submitted")
        type(self).objects.at_estate(self.estate_id).filter(pk=self.pk).update(responsible_id=person.pk)
        self.refresh_from_db()
        self.tell(Action.FIX_ASKED, by=by, at=at, worker_id=person.pk)

    def _lock(self) -> Rectification:
        """Wait for whoever acts on it at this moment; refused when it is closed."""
        row: Rectification = type(self).objects.at_estate(self.estate_id).select_for_update().get(pk=self.pk)
        if row.closed_at is not None:
            raise Refused(_("这项整改已经关闭。"), code="closed")
        return row

    def tell(self, action: Action, *, by: Any, at: datetime, **said: Any) -> None:
        said.setdefault("told", said.get("worker_id") != (by.person_id if by else None))
        Event.objects.record(action, self, by=by, at=at, words=self.words[:120], person=self.responsible.name, day=f"{self.due_on:%F}", **said)


class FixRound(EstateOwned):
    """One try: by when, what was done, and what another person found."""

    rectification = EstateForeignKey(Rectification, models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    done_by = PersonKey(null=True)
    words = models.CharField(max_length=500, blank=True)
    judged_at = models.DateTimeField(null=True)
    judged_by = PersonKey(null=True)
    passed = models.BooleanField(null=True)
    verdict = models.CharField(max_length=500, blank=True)
    told = models.PositiveSmallIntegerField(default=0)  # how far up its lateness was told (rounds.py)

    objects = EstateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "rectification", "number"], name="fixround_number"),
            models.CheckConstraint(condition=Q(judged_by__isnull=True) | ~Q(judged_by=F("done_by")), name="fixround_by_another"),
            models.CheckConstraint(condition=Q(judged_at__isnull=True) | Q(done_at__isnull=False), name="fixround_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.rectification_id} {self.number}"

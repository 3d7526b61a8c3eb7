"""钥匙丢失: reported, the lock changed or the key found, judged, closed (KEY-08)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

if TYPE_CHECKING:
    from datetime import datetime

    from .key import Key

OPEN = Q(closed_at__isnull=True)


class LossQuerySet(EstateQuerySet["Loss"]):
    def open(self) -> LossQuerySet:
        return self.filter(OPEN)

    def report(self, key: Key, words: str, *, by: Any, at: datetime | None = None) -> Loss:
        """By who held it, or who keeps it. The key is not lent again before the matter is closed."""
        at = at or clock.now()
        loan = key.open_loan()
        if not by.may("key.keep") and (loan is None or loan.person_id != by.person_id):
            raise Refused(_("只有借用人或保管人可以报失。"), code="not_yours")
        if len(words.strip()) < 2:
            raise Refused(_("请写丢失经过。"), code="words_missing")
        with refusing_clashes(), estate_scope(by.estate):
            key._lock()
            if self.at_estate(by.estate).open().filter(key=key).exists():
                raise Refused(_("已经报失。"), code="already_lost")
            made = self.create(estate=by.estate, key=key, loan=loan, words=words.strip()[:500], reported_by_id=by.person_id, reported_at=at)
            said: dict[str, Any] = {"household_id": made.household_id, "public": True} if made.household_id else {}
            Event.objects.record(Action.KEY_LOST, key, by=by, at=at, code=key.code, words=made.words[:120], **said)
        return made


class Loss(EstateOwned):
    class Offence(models.TextChoices):
        NONE = "none", gettext_lazy("无过失")
        FAULT = "fault", gettext_lazy("工作过失：无钥匙上岗、保管不当")
        DISCIPLINE = "discipline", gettext_lazy("违纪：不按时归还、私下转借")
        GRAVE = "grave", gettext_lazy("严重违纪：隐瞒丢失并造成严重后果")

    noun = "key_loss"
    key = EstateForeignKey("keys.Key", models.RESTRICT, related_name="losses")
    loan = EstateForeignKey("keys.Loan", models.RESTRICT, null=True, related_name="losses")
    words = models.CharField(max_length=500)
    reported_by = PersonKey()
    reported_at = models.DateTimeField()
    lock_changed_at = models.DateTimeField(null=True)
    lock_words = models.CharField(max_length=200, blank=True)  # which lock, by whom
    lock_by = PersonKey(null=True)
    found = models.BooleanField(default=False)
    offence = models.CharField(max_length=10, choices=Offence.choices, blank=True)
    outcome = models.CharField(max_length=300, blank=True)
    closed_by = PersonKey(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = LossQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "key"], condition=OPEN, name="loss_once"),
            models.CheckConstraint(
                condition=OPEN | (Q(found=True) | Q(lock_changed_at__isnull=False)) & ~Q(offence="") & Q(closed_by__isnull=False), name="loss_closed"
            ),
        ]

    def __str__(self) -> str:
        return self.words[:40]

    @property
    def household_id(self) -> int | None:
        custody = self.key.custodies.filter(ended_at__isnull=True).first()
        return custody.household_id if custody else None

    @verb
    def change_lock(self, words: str, *, by: Any, at: datetime | None = None) -> None:
        """The lock that it opened was changed: which, and by whom."""
        at = at or clock.now()
        by.must("key.keep")
        if len(words.strip()) < 2:
            raise Refused(_("请写换了哪把锁、谁换的。"), code="words_missing")
        rows = type(self).objects.at_estate(self.estate_id).filter(OPEN, pk=self.pk, lock_changed_at__isnull=True)
        if not rows.update(lock_changed_at=at, lock_words=words.strip()[:200], lock_by=by.person_id):
            raise Refused(_("已经换锁或已经结案。"), code="already_done")
        self.refresh_from_db()
        Event.objects.record(Action.KEY_LOCK_CHANGED, self.key, by=by, at=at, told=False, code=self.key.code, words=self.lock_words)

    @verb
    def close(self, offence: str, outcome: str, *, by: Any, found: bool = False, at: datetime | None = None) -> None:
        """Judged by a supervisor who is not its subject; a key that was not found is struck off, its loan ended."""
        at = at or clock.now()
        by.must("key.excuse")
        row = type(self).objects.at_estate(self.estate_id).select_for_update().get(pk=self.pk)
        if row.closed_at:
            raise Refused(_("已经结案。"), code="already_done")
        if by.person_id in (row.reported_by_id, row.loan.person_id if row.loan else None):
            raise Refused(_("不能评自己的事。"), code="own_matter")
        if not found and row.lock_changed_at is None:
            raise Refused(_("没有找回的，先换锁再结案。"), code="lock_first")
        if offence not in Loss.Offence.values or len(outcome.strip()) < 2:
            raise Refused(_("请写定性和处理结果。"), code="incomplete")
        self.found, self.offence, self.outcome, self.closed_by_id, self.closed_at = found, offence, outcome.strip()[:300], by.person_id, at
        self.save(update_fields=["found", "offence", "outcome", "closed_by", "closed_at"])
        if loan := self.key.open_loan():
            loan._change(returned_at=at, taken_by=by.person_id)
        if not found:
            if custody := self.key.custodies.filter(ended_at__isnull=True).first():
                custody.lose(_("丢失"), by=by, at=at)
            self.key.retire(_("丢失"), by=by, at=at)
        label = str(Loss.Offence(offence).label)
        Event.objects.record(
            Action.KEY_LOSS_CLOSED, self.key, by=by, at=at, code=self.key.code, offence=label, words=self.outcome[:120], worker_id=self.reported_by_id
        )

"""钥匙借还: one open loan a key; signed or confirmed by login on the way out and on the way back (KEY-04..07, KEY-10)."""

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
from guanjia.tenancy.verbs import verb

from .autograph import Autograph

if TYPE_CHECKING:
    from datetime import datetime

OUT = Q(returned_at__isnull=True)


class LoanQuerySet(EstateQuerySet["Loan"]):
    def open(self) -> LoanQuerySet:
        return self.filter(OUT)

    def out(self) -> LoanQuerySet:
        """Those whose key has left its place: not what waits for the second keeper."""
        return self.open().exclude(two=True, countersigned_at__isnull=True)

    def visible_to(self, reach: Any) -> LoanQuerySet:
        from .key import Key

        rows = self.at_estate(reach.estate)
        mine = Q(person_id=reach.person_id)
        return rows.filter(mine | Q(key__in=Key.objects.visible_to(reach).values("pk"))) if reach.may("key.keep") else rows.filter(mine)


class Loan(EstateOwned):
    """Waiting for the second keeper, out, handed in by word of the borrower, back."""

    noun = "key_loan"
    key = EstateForeignKey("keys.Key", models.RESTRICT, related_name="loans")
    custody = EstateForeignKey("keys.Custody", models.RESTRICT, null=True, related_name="loans")
    kind = models.CharField(max_length=10)  # the key's, for the promise of one set a person
    role = models.CharField(max_length=30, blank=True)  # of the post it was taken for
    person = PersonKey(null=True)
    name = models.CharField(max_length=60)
    purpose = models.CharField(max_length=200)
    proof_seen = models.BooleanField(default=False)  # uniform, work card or identity card (KEY-04)
    shift = models.CharField(max_length=12, blank=True)  # the borrower's own, when it was taken
    overtime = models.CharField(max_length=200, blank=True)
    two = models.BooleanField(default=False)  # leaves only with the second keeper's signature
    out_at = models.DateTimeField()
    due_at = models.DateTimeField()
    given_by = PersonKey()
    countersigned_by = PersonKey(null=True)
    countersigned_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)  # signed, or confirmed in the borrower's own login
    handed_in_at = models.DateTimeField(null=True)  # the borrower's word, in their own login
    returned_at = models.DateTimeField(null=True)
    taken_by = PersonKey(null=True)
    excused_at = models.DateTimeField(null=True)  # may stay out past the shift: who said so, and why
    excused_by = PersonKey(null=True)
    excused_why = models.CharField(max_length=200, blank=True)
    told = models.PositiveSmallIntegerField(default=0)  # rungs of the alarm already told

    objects = LoanQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["estate", "due_at"], condition=OUT, name="loan_due"),
            models.Index(fields=["estate", "key", "-out_at"], name="loan_of_key"),
            models.Index(fields=["estate", "person"], condition=OUT, name="loan_open_person"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["estate", "key"], condition=OUT, name="loan_once"),
            models.UniqueConstraint(fields=["estate", "person"], condition=OUT & Q(kind="work"), name="loan_one_work_set"),
            models.CheckConstraint(condition=Q(due_at__gt=models.F("out_at")), name="loan_due_later"),
            models.CheckConstraint(condition=OUT | Q(taken_by__isnull=False), name="loan_taken_by"),
            models.CheckConstraint(
                condition=Q(countersigned_by__isnull=True) | ~Q(countersigned_by=models.F("given_by")), name="loan_two_persons"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key_id} {self.name}"

    @property
    def waits(self) -> bool:
        """For the second keeper: the key is still in its place."""
        return self.two and self.countersigned_at is None

    def is_late(self, now: datetime) -> bool:
        return (self.returned_at or now) > self.due_at

    @verb
    def _begin(self, signature: str, *, by: Any, at: datetime) -> Loan:
        if self.kind == "work" and self.person_id and type(self).objects.at_estate(self.estate_id).open().filter(person_id=self.person_id, kind="work").exists():
            raise Refused(_("每人只能领一套工作钥匙，先归还上一套。"), code="has_one")
        self.confirmed_at = at if signature else None
        self.save(force_insert=True)
        if signature:
            Autograph.objects.keep(self, "out", signature, name=self.name, person_id=self.person_id, at=at)
        self._tell(Action.KEY_LENT, by=by, at=at)
        if not self.two:
            self._tell_owner(Action.CUSTODY_USED, by=by, at=at)
        return self

    @verb
    def countersign(self, *, by: Any, at: datetime | None = None) -> None:
        """The second keeper's word: two persons stand for a key that leaves (KEY-02)."""
        at = at or clock.now()
        by.must("key.keep")
        keepers = (self.custody.first_id, self.custody.second_id) if self.custody else (by.person_id,)
        if by.person_id == self.given_by_id or by.person_id not in keepers:
            raise Refused(_("要由另一名保管人签发。"), code="not_second")
        self._change(Q(two=True, countersigned_at__isnull=True), countersigned_by=by.person_id, countersigned_at=at)
        self._tell(Action.KEY_COUNTERSIGNED, by=by, at=at)
        self._tell_owner(Action.CUSTODY_USED, by=by, at=at)

    @verb
    def confirm(self, *, by: Any, at: datetime | None = None) -> None:
        """The borrower's own login instead of a drawn signature."""
        self._must_be_borrower(by)
        if self.waits:
            raise Refused(_("还要等另一名保管人签发。"), code="waits_second")
        self._change(Q(confirmed_at__isnull=True), confirmed_at=at or clock.now())

    @verb
    def hand_in(self, *, by: Any, at: datetime | None = None) -> None:
        """The borrower says it was handed in; whoever keeps it confirms (KEY-06)."""
        self._must_be_borrower(by)
        at = at or clock.now()
        self._change(Q(handed_in_at__isnull=True), handed_in_at=at)
        self._tell(Action.KEY_HANDED_IN, by=by, at=at)

    @verb
    def take_back(self, *, by: Any, signature: str = "", name: str = "", at: datetime | None = None) -> None:
        """Back in its place: signed by who brings it, or said so in the borrower's own login before."""
        at = at or clock.now()
        by.must("key.keep")
        self.refresh_from_db(fields=["handed_in_at", "countersigned_at"], from_queryset=type(self).objects.at_estate(self.estate_id).select_for_update())
        if not self.waits and not signature and self.handed_in_at is None:
            raise Refused(_("请归还人签名，或由本人在手机上确认归还。"), code="signature_missing")
        if by.person_id == self.person_id:
            raise Refused(_("归还要由另一个人验收。"), code="own_key")
        self._change(returned_at=at, taken_by=by.person_id)
        if signature:
            Autograph.objects.keep(self, "in", signature, name=name.strip() or self.name, at=at)
        self._tell(Action.KEY_RETURNED, by=by, at=at)
        if not self.waits:
            self._tell_owner(Action.CUSTODY_BROUGHT_BACK, by=by, at=at)

    @verb
    def excuse(self, why: str, *, by: Any, at: datetime | None = None) -> None:
        """In writing: it may stay out past the shift, and its holder may go (KEY-06)."""
        at = at or clock.now()
        by.must("key.excuse")
        if by.person_id == self.person_id:
            raise Refused(_("不能给自己放行。"), code="own_key")
        if len(why.strip()) < 4:
            raise Refused(_("请写明为什么可以不还。"), code="why_missing")
        self._change(Q(excused_at__isnull=True), excused_at=at, excused_by=by.person_id, excused_why=why.strip()[:200])
        self._tell(Action.KEY_EXCUSED, by=by, at=at, why=self.excused_why)

    def _must_be_borrower(self, by: Any) -> None:
        if self.person_id is None or by.person_id != self.person_id:
            raise Refused(_("只有借用人本人可以确认。"), code="not_yours")

    def _change(self, guard: Q = OUT, **columns: Any) -> None:
        rows = type(self).objects.at_estate(self.estate_id).filter(OUT & guard, pk=self.pk)
        if not rows.update(**columns):
            raise Refused(_("这笔借用已经处理过了。"), code="already_done")
        self.refresh_from_db()

    def _tell(self, action: Action, *, by: Any, at: datetime, **more: Any) -> None:
        said: dict[str, Any] = {"code": self.key.code, "name": self.name, "purpose": self.purpose, "due": self.due_at.isoformat()}
        Event.objects.record(action, self.key, by=by, at=at, worker_id=self.person_id, giver_id=self.given_by_id, **said, **more)

    def _tell_owner(self, action: Action, *, by: Any, at: datetime) -> None:
        """Each use of an owner's key is told to the owner (KEY-03)."""
        if self.custody is None:
            return
        said: dict[str, Any] = {"code": self.key.code, "name": self.name, "purpose": self.purpose}
        Event.objects.record(action, self.custody, by=by, at=at, household_id=self.custody.household_id, public=True, **said)

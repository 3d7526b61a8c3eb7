"""交接班本: what a shift leaves to the next, signed by both, reviewed, filed by the month (HND-01..12, HND-15, HND-16)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

from ..leaving import still_out
from ..turns import turn_of
from .drawing import Drawing
from .ledger import LedgerItem

if TYPE_CHECKING:
    from datetime import date, datetime

# HND-06, HND-09: gone through before signing, so that nothing is missed.
CHECKS = {
    "keys": gettext_lazy("钥匙已归还或移交"),
    "tools": gettext_lazy("工具、对讲机齐全"),
    "papers": gettext_lazy("文件、表格已移交"),
    "room": gettext_lazy("工作间整洁、物品补齐"),
    "movements": gettext_lazy("住户动态已说明"),
}


class BookQuerySet(EstateQuerySet["ShiftBook"]):
    def visible_to(self, reach: Any) -> BookQuerySet:
        """The estate's books are read by every colleague: whoever follows on must know (HND-07)."""
        return self.at_estate(reach.estate)

    def begin(self, *, by: Any, at: datetime | None = None) -> ShiftBook:
        """The book of one's present shift; the same one when it is open already (HND-06: one a shift)."""
        at = at or clock.now()
        with estate_scope(by.estate):
            turn = turn_of(by.estate, by.person_id, at)
            if turn is None:
                raise Refused(_("现在没有您的班次。"), code="no_shift")
            made, _new = self.get_or_create(
                estate=by.estate, person_id=by.person_id, day=turn.day, shift=turn.shift, defaults={"begun_at": at}
            )
        return made

    def file_month(self, month: date, *, by: Any, at: datetime | None = None) -> tuple[int, int]:
        """Month-end: reviewed books are filed for good; (how many, how many of the month still lack their review) (HND-16)."""
        at = at or clock.now()
        by.must("duty.roster")
        with estate_scope(by.estate):
            rows = self.at_estate(by.estate).filter(day__year=month.year, day__month=month.month)
            filed = rows.filter(reviewed_at__isnull=False, filed_at__isnull=True).update(
                filed_at=at, filed_by=by.person_id
            )
            left = rows.filter(reviewed_at__isnull=True).count()
            if filed and (first := rows.first()):
                Event.objects.record(
                    Action.BOOKS_FILED, first, by=by, at=at, told=False, month=f"{month:%Y-%m}", count=filed
                )
        return filed, left


class ShiftBook(EstateOwned):
    """One person's shift: written, given (first signature), taken (second), reviewed, filed. Once given it is never changed."""

    noun = "book"
    person = PersonKey()
    day = models.DateField()
    shift = models.CharField(max_length=12)
    begun_at = models.DateTimeField()
    plan = models.CharField(max_length=1000, blank=True)  # HND-05: the service plan of the shift
    matters = models.CharField(max_length=2000, blank=True)  # HND-07: what everybody must know
    movements = models.CharField(max_length=1000, blank=True)  # HND-06: owners' movements in special situations
    guests = models.CharField(max_length=1000, blank=True)  # HND-10: needs and preferences met today; “无” is an answer
    checks = models.JSONField(default=list)  # keys of CHECKS gone through
    given_at = models.DateTimeField(null=True)
    taken_by = PersonKey(null=True)
    taken_at = models.DateTimeField(null=True)
    reviewed_by = PersonKey(null=True)
    reviewed_at = models.DateTimeField(null=True)
    review = models.CharField(max_length=500, blank=True)
    filed_by = PersonKey(null=True)
    filed_at = models.DateTimeField(null=True)

    objects = BookQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "-day"], name="book_day")]
        constraints = [
            models.UniqueConstraint(fields=["estate", "person", "day", "shift"], name="book_once"),
            models.CheckConstraint(
                condition=models.Q(taken_by__isnull=True) | ~models.Q(taken_by=models.F("person")),
                name="book_taken_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.shift}"

    @property
    def state(self) -> str:
        done = [name for name in ("filed", "reviewed", "taken", "given") if getattr(self, f"{name}_at")]
        return done[0] if done else "open"

    def must_be_mine(self, by: Any) -> None:
        """Refuse unless it is the writer's own and has not been signed; the row is locked."""
        if by.person_id != self.person_id:
            raise Refused(_("只能写自己的交接班本。"), code="not_yours")
        row = type(self).objects.at_estate(self.estate_id).select_for_update().get(pk=self.pk)
        if row.given_at:
            raise Refused(_("已经签字交班，不能再改。"), code="already_given")

    @verb
    def write(
        self, *, by: Any, plan: str = "", matters: str = "", movements: str = "", guests: str = "", checks: Any = ()
    ) -> None:
        """Keep what has been written so far."""
        self.must_be_mine(by)
        self.plan, self.matters = plan.strip(), matters.strip()
        self.movements, self.guests = movements.strip(), guests.strip()
        self.checks = [key for key in CHECKS if key in checks]
        self.save(update_fields=["plan", "matters", "movements", "guests", "checks"])

    @verb
    def give(self, *, by: Any, drawn: str | None = None, at: datetime | None = None) -> None:
        """The first signature. Everything is gone through, guests' wishes are said, every open item has its reason (HND-08, 10, 14)."""
        at = at or clock.now()
        self.must_be_mine(by)
        self.refresh_from_db()
        if lacking := [str(title) for key, title in CHECKS.items() if key not in self.checks]:
            raise Refused(_("还没有核对：%(things)s") % {"things": "、".join(lacking)}, code="unchecked")
        if things := still_out(self.estate, self.person_id):
            raise Refused(_("请先归还：%(things)s") % {"things": "、".join(things)}, code="things_out")
        if not self.guests:
            raise Refused(_("请填写住户需要与偏好；没有请写“无”。"), code="guests_missing")
        items = LedgerItem.objects.at_estate(self.estate_id).filter(book=self, done_at__isnull=True)
        if items.filter(follow_up="").exists():
            raise Refused(_("未完的事项请写明跟进情况和原因。"), code="follow_up_missing")
        items.filter(carried_at__isnull=True).update(carried_at=at)
        self.given_at = at
        self.save(update_fields=["given_at"])
        Drawing.objects.keep(self, Drawing.Part.GIVEN, drawn, by=by, at=at)
        Event.objects.record(
            Action.BOOK_GIVEN,
            self,
            by=by,
            at=at,
            told=False,
            open=LedgerItem.objects.at_estate(self.estate_id).open().count(),
        )

    @verb
    def take(self, *, by: Any, drawn: str | None = None, at: datetime | None = None) -> None:
        """The second signature: the successor has read it (HND-01)."""
        at = at or clock.now()
        if by.person_id == self.person_id:
            raise Refused(_("交班和接班要由两个人签字。"), code="own_book")
        row = type(self).objects.at_estate(self.estate_id).select_for_update().get(pk=self.pk)
        if row.reviewed_by_id == by.person_id:
            raise Refused(_("审核要由交接双方以外的主管签字。"), code="own_book")
        rows = (
            type(self)
            .objects.at_estate(self.estate_id)
            .filter(pk=self.pk, given_at__isnull=False, taken_at__isnull=True)
        )
        if not rows.update(taken_by=by.person_id, taken_at=at):
            raise Refused(_("这一班还没交班，或已经有人接班。"), code="not_to_take")
        Drawing.objects.keep(self, Drawing.Part.TAKEN, drawn, by=by, at=at)
        self.refresh_from_db()
        Event.objects.record(Action.BOOK_TAKEN, self, by=by, at=at, told=False, person=self.person.name)

    @verb
    def look_over(self, words: str, *, by: Any, drawn: str | None = None, at: datetime | None = None) -> None:
        """The supervisor's signature, by somebody who neither wrote nor took it (HND-11, HND-15)."""
        at = at or clock.now()
        by.must("duty.roster")
        row = type(self).objects.at_estate(self.estate_id).select_for_update().get(pk=self.pk)
        if by.person_id in (row.person_id, row.taken_by_id):
            raise Refused(_("审核要由交接双方以外的主管签字。"), code="own_book")
        rows = (
            type(self)
            .objects.at_estate(self.estate_id)
            .filter(pk=self.pk, given_at__isnull=False, reviewed_at__isnull=True)
        )
        if not rows.update(reviewed_by=by.person_id, reviewed_at=at, review=words.strip()[:500]):
            raise Refused(_("还没交班，或已经审核。"), code="not_to_review")
        Drawing.objects.keep(self, Drawing.Part.REVIEWED, drawn, by=by, at=at)
        self.refresh_from_db()
        Event.objects.record(
            Action.BOOK_REVIEWED,
            self,
            by=by,
            at=at,
            person=self.person.name,
            worker_id=self.person_id,
            words=self.review,
        )

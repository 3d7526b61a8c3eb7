"""请假: somebody asks to be away, somebody else says yes or no; yes plans the absence and its cover (STF-17, STF-18)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.duties.covering import plan_absence
from guanjia.duties.models import Absence
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.people.models import Person
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import date, datetime


class LeaveQuerySet(EstateQuerySet["Leave"]):
    def waiting(self) -> LeaveQuerySet:
        return self.filter(decided_at__isnull=True, withdrawn_at__isnull=True)

    def visible_to(self, reach: Any) -> LeaveQuerySet:
        """One's own; all of the estate's for who draws up the roster."""
        rows = self.at_estate(reach.estate)
        return rows if reach.may("duty.roster") else rows.filter(person_id=reach.person_id)

    def ask(
        self,
        kind: str,
        first: date,
        last: date,
        why: str,
        *,
        by: Any,
        cover: Person | None = None,
        at: datetime | None = None,
    ) -> Leave:
        """Ask for leave from the first to the last day, both included. One request at a time over the same days."""
        at = at or clock.now()
        if last < first:
            raise Refused(_("结束日期要在开始之后。"), code="bad_dates")
        if cover is not None and cover.pk == by.person_id:
            raise Refused(_("请选择另一位在任的同事代班。"), code="no_cover")
        with estate_scope(by.estate):
            mine = self.at_estate(by.estate).select_for_update().filter(person_id=by.person_id)
            if mine.waiting().filter(first__lte=last, last__gte=first).exists():
                raise Refused(_("这几天已经申请过请假。"), code="already_asked")
            made = self.create(
                estate=by.estate,
                person_id=by.person_id,
                kind=kind,
                first=first,
                last=last,
                why=why.strip()[:300],
                cover=cover,
                asked_at=at,
            )
            made.tell(Action.LEAVE_ASKED, by=by, at=at)
        return made

    def enter(
        self, person: Person, kind: str, first: date, last: date, why: str, *, by: Any, cover: Person | None = None,
        at: datetime | None = None,
    ) -> Leave:  # fmt: skip
        """Leave of a colleague entered as granted, by who draws up the roster: somebody rang in sick, or a list was brought in."""
        at = at or clock.now()
        by.must("duty.roster")
        if last < first:
            raise Refused(_("结束日期要在开始之后。"), code="bad_dates")
        if last < clock.today(by.estate, at):
            raise Refused(_("这几天已经过去。"), code="over")
        with estate_scope(by.estate):
            made = self.create(
                estate=by.estate, person=person, kind=kind, first=first, last=last, why=why.strip()[:300], cover=cover, asked_at=at
            )  # fmt: skip
            made.grant(by=by, at=at)
        return made


class Leave(EstateOwned):
    """A request for leave. Undecided, granted (then it has its absence), refused or withdrawn: each with author and time."""

    class Kind(models.TextChoices):
        PERSONAL = "personal", gettext_lazy("事假")
        SICK = "sick", gettext_lazy("病假")
        ANNUAL = "annual", gettext_lazy("年假")
        SHIFTED = "shifted", gettext_lazy("调休")
        ERRAND = "errand", gettext_lazy("外出公干")

    noun = "leave"
    person = PersonKey()
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PERSONAL)
    first = models.DateField()
    last = models.DateField()  # included
    why = models.CharField(max_length=300, blank=True)
    cover = PersonKey(null=True)  # whom the person proposes
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = PersonKey(null=True)
    granted = models.BooleanField(default=False)
    words = models.CharField(max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    absence = EstateForeignKey("duties.Absence", models.PROTECT, null=True, related_name="+")

    objects = LeaveQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "person", "-asked_at"], name="leave_person")]
        constraints = [
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="leave_days"),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("person")),
                name="leave_judged_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.first} – {self.last}"

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def is_waiting(self) -> bool:
        return self.decided_at is None and self.withdrawn_at is None

    @verb
    def grant(self, *, by: Any, cover: Person | None = None, words: str = "", at: datetime | None = None) -> Absence:
        """Yes: the absence is planned, and on its first day the work goes to the cover; nobody named, to who stands in (STF-17)."""
        from datetime import timedelta

        at = at or clock.now()
        self._decide(True, words, by=by, at=at)
        self.absence = plan_absence(
            self.person, self.estate, self.first, self.last + timedelta(days=1), cover or self.cover, by=by,
            why=self.why or str(self.get_kind_display()), at=at,
        )  # fmt: skip
        self.save(update_fields=["absence"])
        self.tell(Action.LEAVE_GRANTED, by=by, at=at)
        return self.absence

    @verb
    def refuse(self, words: str, *, by: Any, at: datetime | None = None) -> None:
        """No, with a reason."""
        at = at or clock.now()
        if not words.strip():
            raise Refused(_("不同意时请写明原因。"), code="why_missing")
        self._decide(False, words, by=by, at=at)
        self.tell(Action.LEAVE_REFUSED, by=by, at=at, why=words.strip())

    @verb
    def withdraw(self, *, by: Any, at: datetime | None = None) -> None:
        """Taken back by who asked: before the decision, or after it, when whatever has moved comes back."""
        at = at or clock.now()
        if by.person_id != self.person_id:
            raise Refused(_("只有本人可以撤回。"), code="not_yours")
        row = type(self).objects.at_estate(self.estate_id).select_for_update().get(pk=self.pk)
        if row.withdrawn_at or (row.decided_at and not row.granted):
            raise Refused(_("这份申请已经处理。"), code="already_decided")
        if row.absence is not None:
            row.absence.come_back(by=by, at=at)
        self.withdrawn_at = at
        self.save(update_fields=["withdrawn_at"])
        self.tell(Action.LEAVE_WITHDRAWN, by=by, at=at)

    def _decide(self, granted: bool, words: str, *, by: Any, at: datetime) -> None:
        by.must("duty.roster")
        if by.person_id == self.person_id:
            raise Refused(_("自己的申请由别人审批。"), code="own_request")
        row = type(self).objects.at_estate(self.estate_id).select_for_update().get(pk=self.pk)
        if not row.is_waiting:
            raise Refused(_("这份申请已经处理。"), code="already_decided")
        self.granted, self.words, self.decided_at, self.decided_by_id = granted, words.strip()[:300], at, by.person_id
        self.save(update_fields=["granted", "words", "decided_at", "decided_by"])

    def tell(self, action: Action, *, by: Any, at: datetime, **more: Any) -> None:
        Event.objects.record(
            action, self, by=by, at=at, person=self.person.name, worker_id=self.person_id, days=self.days, first=f"{self.first:%F}",
            last=f"{self.last:%F}", **more,
        )  # fmt: skip

"""考勤: clocking in a quarter of an hour before the shift, and out after it (STF-36, STF-18)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.duties.whereabouts import Position, metres
from guanjia.estates.models import Building
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

from ..leaving import still_out
from ..turns import turn_of

if TYPE_CHECKING:
    from datetime import datetime

BEFORE = timedelta(minutes=15)  # STF-36
NEAR = 500  # metres from the nearest building of the estate


class AttendanceQuerySet(EstateQuerySet["Attendance"]):
    def clock_in(
        self, *, by: Any, mark: bool = False, position: Position | None = None, at: datetime | None = None
    ) -> Attendance:
        """Here for the shift that is about to begin: proved by the centre's code, the phone's position, or one's word. Once a shift."""
        at = at or clock.now()
        with estate_scope(by.estate):
            turn = turn_of(by.estate, by.person_id, at)
            if turn is None:
                raise Refused(_("现在没有您的班次。"), code="no_shift")
            far = self._far(by.estate, position) if position else None
            proof = Attendance.Proof.CODE if mark else Attendance.Proof.POSITION if position else Attendance.Proof.WORD
            made, new = self.get_or_create(
                estate=by.estate, person_id=by.person_id, day=turn.day, shift=turn.shift,
                defaults={"starts_at": turn.starts, "ends_at": turn.ends, "in_at": at, "proof": proof, "metres": far},
            )  # fmt: skip
            if not new:
                raise Refused(_("本班已经打过卡。"), code="already_in")
            Event.objects.record(
                Action.CLOCKED_IN, made, by=by, at=at, told=False, shift=turn.shift, late=made.minutes_late
            )
        return made

    def _far(self, estate: Any, position: Position) -> int | None:
        rows = Building.objects.at_estate(estate).filter(latitude__isnull=False, longitude__isnull=False)
        return min((round(metres(position, row)) for row in rows), default=None)


class Attendance(EstateOwned):
    """One person's presence in one shift. Late is what the times say, never a flag."""

    class Proof(models.TextChoices):
        CODE = "code", gettext_lazy("扫码")
        POSITION = "position", gettext_lazy("定位")
        WORD = "word", gettext_lazy("手动")

    noun = "attendance"
    person = PersonKey()
    day = models.DateField()
    shift = models.CharField(max_length=12)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    in_at = models.DateTimeField()
    out_at = models.DateTimeField(null=True)
    proof = models.CharField(max_length=10, choices=Proof.choices)
    metres = models.PositiveIntegerField(null=True)  # from the nearest building, when the position was given

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "-day"], name="attendance_day")]
        constraints = [models.UniqueConstraint(fields=["estate", "person", "day", "shift"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.day} {self.shift}"

    @property
    def minutes_late(self) -> int:
        """After the quarter of an hour before the shift began; nought in time."""
        return max(0, int((self.in_at - (self.starts_at - BEFORE)).total_seconds() // 60))

    @property
    def is_late(self) -> bool:
        """After the shift had begun."""
        return self.in_at > self.starts_at

    @property
    def left_early(self) -> bool:
        return self.out_at is not None and self.out_at < self.ends_at

    @property
    def is_far(self) -> bool:
        return self.metres is not None and self.metres > NEAR

    @verb
    def clock_out(self, *, by: Any, at: datetime | None = None) -> None:
        """Gone home; refused while keys or things of the house are still with them."""
        at = at or clock.now()
        if by.person_id != self.person_id:
            raise Refused(_("只能给自己打卡。"), code="not_yours")
        if things := still_out(self.estate, self.person_id):
            raise Refused(_("请先归还：%(things)s") % {"things": "、".join(things)}, code="things_out")
        if not type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, out_at__isnull=True).update(out_at=at):
            raise Refused(_("本班已经下班打卡。"), code="already_out")
        self.out_at = at
        Event.objects.record(Action.CLOCKED_OUT, self, by=by, at=at, told=False, shift=self.shift)

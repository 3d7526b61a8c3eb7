"""搬家预约与放行: a slot with room for so many, one an entrance (its lift), goods released at the desk, read once at the gate (MOV-04, F-41)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.gate.homes import is_own, seen_by
from guanjia.gate.models.guest import CODES, DIGITS
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

from ..book import moves_book, slot_title

if TYPE_CHECKING:
    from datetime import date, datetime

LIVE = Q(cancelled_at__isnull=True)
_signer = Signer(salt="guanjia.moves.release", sep=".")


class MoveQuerySet(EstateQuerySet["Move"]):
    def live(self) -> MoveQuerySet:
        return self.filter(LIVE)

    def visible_to(self, reach: Any) -> MoveQuerySet:
        """A household its own; the desk and stewards their zones', or the estate's."""
        rows: MoveQuerySet = seen_by(self, reach, "move.take")
        return rows

    def free(self, estate: Any, day: date, at: datetime) -> dict[str, int]:
        """Slot → how many moves it still takes on that day."""
        most = int(parameter(estate, "moves.capacity", at))
        taken = list(self.at_estate(estate).live().filter(day=day).values_list("slot", flat=True))
        return {slot: max(0, most - taken.count(slot)) for slot in moves_book().slots}

    def of_mark(self, mark: str, estate: Any) -> Move | None:
        """Which release a code is: the signed mark of its picture, or its digits; None when it is forged or of another estate."""
        rows = self.at_estate(estate).select_related("unit", "household")
        if len(mark) == DIGITS and mark.isascii() and mark.isdigit():
            return rows.filter(code=mark).first()
        try:
            plain = _signer.unsign(mark)
        except BadSignature:
            return None
        at, _dash, pk = plain.partition("-")
        return rows.filter(pk=int(pk)).first() if at == str(estate.pk) and pk.isdigit() else None

    def book(
        self, unit: Any, household: Any, direction: str, day: date, slot: str, goods: str, *, by: Any, vehicle: str = "", owner_agrees: bool = False,
        at: datetime | None = None,
    ) -> Move:  # fmt: skip
        """Take a place of a slot. Every place is a row of its own: two who race for the last one get one place and one answer."""
        at = at or clock.now()
        if not is_own(by, household, unit):
            by.must_in(unit.zone_id, "move.take")
        today = clock.today(unit.estate, at)
        if direction not in Move.Direction.values or slot not in moves_book().slots or len(goods.strip()) < 2:
            raise Refused(_("请选搬入或搬出、时段，并写主要物品。"), code="incomplete")
        if not today <= day <= today + moves_book().ahead:
            raise Refused(_("只能预约今天起 %(n)s 天内。") % {"n": moves_book().ahead.days}, code="bad_day")
        with refusing_clashes(), estate_scope(unit.estate_id):
            rows = self.at_estate(unit.estate_id).live().filter(day=day)
            if rows.filter(unit=unit).exists():
                raise Refused(_("这套房当天已有预约。"), code="already_booked")
            if unit.entrance_id and rows.filter(slot=slot, entrance_id=unit.entrance_id).exists():
                raise Refused(_("这个单元的电梯这一时段已经有人用，请换一个时段。"), code="lift_taken")
            taken = set(rows.filter(slot=slot).values_list("place", flat=True))
            place = next((n for n in range(1, int(parameter(unit.estate, "moves.capacity", at)) + 1) if n not in taken), 0)
            if not place:
                raise Refused(_("这个时段已经约满，请换一个。"), code="full")
            made = self.create(
                estate_id=unit.estate_id, unit=unit, entrance_id=unit.entrance_id, household=household, direction=direction, day=day, slot=slot, place=place, code=self._draw(unit.estate_id), goods=goods.strip()[:500],
                vehicle=vehicle.strip()[:20], owner_agrees=owner_agrees, by_id=by.person_id, at=at,
            )  # fmt: skip
            made.tell(Action.MOVE_BOOKED, by=by, at=at)
        return made

    def _draw(self, estate: Any) -> str:
        rows = self.at_estate(estate)
        return next(drawn for _n in range(50) if not rows.filter(code=(drawn := f"{CODES + secrets.randbelow(10**DIGITS - CODES)}")).exists())


class Move(EstateOwned):
    """One move of one home on one day. Booked, released by the desk, read at the gate; or called off."""

    class Direction(models.TextChoices):
        IN = "in", gettext_lazy("搬入")
        OUT = "out", gettext_lazy("搬出")

    noun = "move"
    unit = EstateForeignKey("estates.Unit", models.RESTRICT, related_name="moves")
    entrance = EstateForeignKey("estates.Entrance", models.RESTRICT, null=True, related_name="moves")  # whose lift it takes
    household = EstateForeignKey("households.Household", models.RESTRICT, related_name="moves")
    direction = models.CharField(max_length=4, choices=Direction.choices)
    day = models.DateField()
    slot = models.CharField(max_length=12)  # of moves.yaml
    place = models.PositiveSmallIntegerField()  # which of the slot's places
    goods = models.CharField(max_length=500)
    vehicle = models.CharField(max_length=20, blank=True)
    owner_agrees = models.BooleanField(default=False)  # seen by the desk when a tenant moves out
    code = models.CharField(max_length=8)  # said or typed where no camera is
    by = PersonKey()
    at = models.DateTimeField()
    released_by = PersonKey(null=True)
    released_at = models.DateTimeField(null=True)
    passed_by = PersonKey(null=True)  # who let it through at the gate
    passed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=200, blank=True)

    objects = MoveQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "-day"], name="move_day")]
        constraints = [
            models.UniqueConstraint(fields=["estate", "day", "slot", "place"], condition=LIVE, name="move_place_once"),
            models.UniqueConstraint(fields=["estate", "unit", "day"], condition=LIVE, name="move_home_once"),
            models.UniqueConstraint(fields=["estate", "entrance", "day", "slot"], condition=LIVE & Q(entrance__isnull=False), name="move_lift_once"),
            models.UniqueConstraint(fields=["estate", "code"], name="move_code"),
            models.CheckConstraint(condition=Q(passed_at__isnull=True) | Q(released_at__isnull=False), name="move_released_first"),
        ]

    def __str__(self) -> str:
        return f"{self.get_direction_display()} {self.day}"

    @property
    def mark(self) -> str:
        return _signer.sign(f"{self.estate_id}-{self.pk}")

    @property
    def slot_title(self) -> str:
        return slot_title(self.slot)

    def refusal(self, day: date) -> str:
        """Why the gate does not let it through on that day; empty when it does."""
        if self.cancelled_at:
            return _("预约已取消")
        if self.passed_at:
            return _("放行条已经用过")
        if self.released_at is None:
            return _("前台还没有放行")
        if self.day != day:
            return _("不是今天的放行条")
        return ""

    @verb
    def release(self, *, by: Any, owner_agrees: bool = False, at: datetime | None = None) -> None:
        """The desk's word that the goods may go. Arrears are shown beside it and never hold them back: nobody's goods are a pledge."""
        at = at or clock.now()
        by.must_in(self.unit.zone_id, "move.take")
        if self.direction == self.Direction.OUT and not (self.owner_agrees or owner_agrees):
            raise Refused(_("搬出要核对业主本人或业主同意。"), code="owner_missing")
        self._change(Q(released_at__isnull=True), released_at=at, released_by=by.person_id, owner_agrees=self.owner_agrees or owner_agrees)
        self.tell(Action.MOVE_RELEASED, by=by, at=at)

    @verb
    def let_through(self, *, by: Any, at: datetime | None = None) -> None:
        """Read at the gate: once, on its day."""
        at = at or clock.now()
        by.must("gate.watch")
        if refusal := self.refusal(clock.today(self.estate, at)):
            raise Refused(refusal, code="not_through")
        self._change(Q(passed_at__isnull=True, released_at__isnull=False), passed_at=at, passed_by=by.person_id)
        self.tell(Action.MOVE_PASSED, by=by, at=at)

    @verb
    def cancel(self, why: str = "", *, by: Any, at: datetime | None = None) -> None:
        """Called off by the household or the desk; its place is free again."""
        at = at or clock.now()
        if not (by.is_resident and self.household_id in by.households):
            by.must_in(self.unit.zone_id, "move.take")
        self._change(Q(passed_at__isnull=True), cancelled_at=at, why=why.strip()[:200])
        self.tell(Action.MOVE_CANCELLED, by=by, at=at)

    def _change(self, guard: Q, **columns: Any) -> None:
        if not type(self).objects.at_estate(self.estate_id).filter(LIVE & guard, pk=self.pk).update(**columns):
            raise Refused(_("这个预约已经处理过了。"), code="already_done")
        self.refresh_from_db()

    def tell(self, action: Action, *, by: Any, at: datetime) -> None:
        said: dict[str, Any] = {"where": self.unit.code, "direction": kept(self.get_direction_display()), "day": f"{self.day}", "slot": kept(self.slot_title)}
        Event.objects.record(action, self, by=by, at=at, household_id=self.household_id, public=True, **said)

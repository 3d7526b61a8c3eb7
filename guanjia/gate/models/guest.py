"""访客: announced by the household with a signed pass, or registered at the gate; never let in where nobody is at home (SEC-12, SEC-13)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.households.models import Occupancy
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

from ..homes import household_of, is_own, seen_by
from .away import Away

if TYPE_CHECKING:
    from datetime import datetime

DIGITS, CODES = 8, 60_000_000  # a visitor's code is below, a release slip's from there on: one page reads both
_signer = Signer(salt="guanjia.gate.guest", sep=".")


class GuestQuerySet(EstateQuerySet["Guest"]):
    def visible_to(self, reach: Any) -> GuestQuerySet:
        """A household its own; the gate the estate's, a steward their zones'."""
        rows: GuestQuerySet = seen_by(self, reach, "gate.watch")
        return rows

    def of_mark(self, mark: str, estate: Any) -> Guest | None:
        """Whose pass a code is: the signed mark of its picture, or its digits; None when it is forged or of another estate."""
        rows = self.at_estate(estate).select_related("unit", "household")
        if len(mark) == DIGITS and mark.isascii() and mark.isdigit():
            return rows.filter(code=mark).first()
        try:
            plain = _signer.unsign(mark)
        except BadSignature:
            return None
        at, _dash, pk = plain.partition("-")
        return rows.filter(pk=int(pk)).first() if at == str(estate.pk) and pk.isdigit() else None

    def announce(
        self, unit: Any, household: Any, visitor: str, first_at: datetime, until_at: datetime, *, by: Any, uses: int = 1, purpose: str = "",
        phone: str = "", plate: str = "", at: datetime | None = None,
    ) -> Guest:  # fmt: skip
        """A pass for a guest: once (`uses` 1) or as often as they come (0) between two instants."""
        at = at or clock.now()
        if not is_own(by, household, unit):
            by.must_in(unit.zone_id, "gate.watch")
        most = int(parameter(unit.estate, "gate.pass_days", at))
        if not visitor.strip() or uses not in (0, 1):
            raise Refused(_("请写访客姓名。"), code="incomplete")
        if not first_at < until_at or until_at <= at or until_at - first_at > timedelta(days=most):
            raise Refused(_("有效期要在现在之后，最长 %(n)s 天。") % {"n": most}, code="bad_window")
        with refusing_clashes(), estate_scope(unit.estate_id):
            if Away.objects.at_estate(unit.estate_id).on(household.pk, clock.today(unit.estate, first_at), clock.today(unit.estate, until_at)).exists():
                raise Refused(_("这几天登记了家中无人，不能请访客进入；回来后先结束外出。"), code="away")
            made = self._enter(unit, household, visitor, first_at, until_at, by=by, at=at, uses=uses, purpose=purpose, phone=phone, plate=plate, announced=True)
            made.tell(Action.GUEST_ANNOUNCED, by=by, at=at)
        return made

    def _enter(self, unit: Any, household: Any, visitor: str, first_at: datetime, until_at: datetime, *, by: Any, at: datetime, **more: Any) -> Guest:
        cut: dict[str, Any] = {"purpose": more.pop("purpose").strip()[:80], "phone": more.pop("phone").strip()[:20], "plate": more.pop("plate").strip()[:12]}
        rows = self.at_estate(unit.estate_id)
        code = next(drawn for _n in range(50) if not rows.filter(code=(drawn := f"{secrets.randbelow(CODES):0{DIGITS}d}")).exists())
        return self.create(
            estate_id=unit.estate_id, unit=unit, household=household, visitor=visitor.strip()[:60], first_at=first_at, until_at=until_at, code=code,
            by_id=by.person_id, at=at, **cut, **more,
        )  # fmt: skip

    def register(
        self, unit: Any, visitor: str, answered: str, *, by: Any, purpose: str = "", phone: str = "", plate: str = "", at: datetime | None = None
    ) -> Passage:
        """Somebody stands at the gate unannounced. In only when a person at home says so (`answered` names them); else turned away (SEC-12)."""
        at = at or clock.now()
        by.must_in(unit.zone_id, "gate.watch")
        if not visitor.strip():
            raise Refused(_("请写访客姓名。"), code="incomplete")
        with refusing_clashes(), estate_scope(unit.estate_id):
            household = household_of(unit, at)
            row = self._enter(unit, household, visitor, at, at + timedelta(hours=1), by=by, at=at, uses=1, purpose=purpose, phone=phone, plate=plate, announced=False)
            out = Away.objects.at_estate(unit.estate_id).on(household.pk, clock.today(unit.estate, at)).exists()
            why = _("住户登记外出，家中无人") if out else "" if answered.strip() else _("家中无人应答")
            return row._pass(not why, why, answered, by=by, at=at)


class Guest(EstateOwned):
    noun = "guest"
    unit = EstateForeignKey("estates.Unit", models.RESTRICT, related_name="guests")
    household = EstateForeignKey("households.Household", models.RESTRICT, related_name="guests")
    visitor = models.CharField(max_length=60)
    phone = models.CharField(max_length=20, blank=True)
    plate = models.CharField(max_length=12, blank=True)
    purpose = models.CharField(max_length=80, blank=True)
    first_at = models.DateTimeField()
    until_at = models.DateTimeField()
    uses = models.PositiveSmallIntegerField(default=1)  # 0: as often as they come
    used = models.PositiveSmallIntegerField(default=0)
    code = models.CharField(max_length=8)  # said or typed where no camera is
    announced = models.BooleanField()  # by the household; else met at the gate
    by = PersonKey()
    at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = GuestQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "-at"], name="guest_recent"), models.Index(fields=["estate", "household"], name="guest_household")]
        constraints = [
            models.UniqueConstraint(fields=["estate", "code"], name="guest_code"),
            models.CheckConstraint(condition=Q(until_at__gt=F("first_at")), name="guest_window"),
            models.CheckConstraint(condition=Q(uses=0) | Q(used__lte=F("uses")), name="guest_uses"),
        ]

    def __str__(self) -> str:
        return self.visitor

    @property
    def mark(self) -> str:
        return _signer.sign(f"{self.estate_id}-{self.pk}")

    @property
    def spent(self) -> bool:
        return bool(self.uses and self.used >= self.uses)

    def window(self, at: datetime) -> str:
        """Too early, too late, or nothing."""
        return _("还没到有效时间") if at < self.first_at else _("通行证已过期") if at > self.until_at else ""

    def refusal(self, at: datetime) -> str:
        """Why the gate does not let them in now; empty when it does."""
        if self.revoked_at:
            return _("住户已撤销这张通行证")
        if self.spent:
            return _("通行证已经用过")
        if not self.announced:
            return _("家中无人应答")  # met at the gate: what somebody at home said counted then, and not afterwards
        if beside := self.window(at):
            return beside
        day = clock.today(self.estate, at)
        if not Occupancy.objects.at_estate(self.estate_id).filter(unit=self.unit_id, household=self.household_id, during__contains=day).exists():
            return _("已不住这里")
        if Away.objects.at_estate(self.estate_id).on(self.household_id, day).exists():
            return _("住户登记外出，家中无人")
        return ""

    @verb
    def admit(self, *, by: Any, at: datetime | None = None) -> Passage:
        """Let in at the gate. Two guards who scan a single pass at once: one lets in."""
        at = at or clock.now()
        by.must("gate.watch")
        self.refresh_from_db(from_queryset=Guest.objects.at_estate(self.estate_id).select_for_update())
        if refusal := self.refusal(at):
            raise Refused(refusal, code="not_through")
        return self._pass(True, "", "", by=by, at=at)

    @verb
    def turn_away(self, *, by: Any, at: datetime | None = None) -> Passage:
        """The gate refuses what does not hold, and the household hears of it."""
        at = at or clock.now()
        by.must("gate.watch")
        refusal = self.refusal(at)
        if not refusal:
            raise Refused(_("通行证有效，不需要谢绝。"), code="is_valid")
        return self._pass(False, refusal, "", by=by, at=at)

    @verb
    def revoke(self, *, by: Any, at: datetime | None = None) -> None:
        at = at or clock.now()
        if not (by.is_resident and self.household_id in by.households):
            by.must_in(self.unit.zone_id, "gate.watch")
        if not Guest.objects.at_estate(self.estate_id).filter(pk=self.pk, revoked_at__isnull=True).update(revoked_at=at):
            raise Refused(_("已经撤销。"), code="already_done")
        self.refresh_from_db()
        self.tell(Action.GUEST_REVOKED, by=by, at=at)

    def _pass(self, entered: bool, why: str, answered: str, *, by: Any, at: datetime) -> Passage:
        if entered:
            Guest.objects.at_estate(self.estate_id).filter(pk=self.pk).update(used=F("used") + 1)
            self.used += 1
        made = Passage.objects.create(
            estate_id=self.estate_id, guest=self, entered=entered, why=why[:80], answered=answered.strip()[:40], by_id=by.person_id, at=at
        )
        self.tell(Action.GUEST_IN if entered else Action.GUEST_REFUSED, by=by, at=at, why=why)
        return made

    def tell(self, action: Action, *, by: Any, at: datetime, **said: Any) -> None:
        Event.objects.record(action, self, by=by, at=at, visitor=self.visitor, where=self.unit.code, household_id=self.household_id, public=True, **said)


class Passage(EstateOwned):
    """来访登记: one coming to the gate, let in or turned away."""

    class Outcome(models.TextChoices):
        IN = "in", gettext_lazy("已放行")
        REFUSED = "refused", gettext_lazy("已谢绝")

    noun = "passage"
    guest = EstateForeignKey(Guest, models.CASCADE, related_name="passages")
    entered = models.BooleanField()
    why = models.CharField(max_length=80, blank=True)
    answered = models.CharField(max_length=40, blank=True)  # who at home agreed, as the guard heard
    by = PersonKey()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["estate", "-at"], name="passage_recent")]
        constraints = [models.CheckConstraint(condition=Q(entered=True) | ~Q(why=""), name="passage_refused_why")]

    def __str__(self) -> str:
        return str(self.Outcome.IN.label if self.entered else self.Outcome.REFUSED.label)

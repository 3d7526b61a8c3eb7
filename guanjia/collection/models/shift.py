"""收银班次: a drawer from its float to its count (FIN-01, FIN-02, HTL-27). What stays overnight follows CF-16."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Sum
from django.utils.translation import gettext as _t

from guanjia import clock
from guanjia.billing.chart import BANK, CASH
from guanjia.billing.models import Account, EntryKind, Leg, Transfer
from guanjia.collection.kinds import Judged, Way
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import datetime

NOTHING = Decimal("0.00")
SHORT, OVER = "6602", "6001.09"  # what a count that is out is booked to


class ShiftQuerySet(EstateQuerySet["Shift"]):
    def open_now(self) -> ShiftQuerySet:
        return self.filter(closed_at__isnull=True)

    def begin(
        self, estate: Any, amount: Decimal, *, by: Any, takes_over: Shift | None = None, at: datetime | None = None
    ) -> Shift:
        """Open one's drawer with a float (yuan): handed over by the last shift, or drawn from the bank."""
        by.must("payment.take")
        at = at or clock.now()
        if takes_over is not None:
            amount = takes_over.left
        if amount < 0:
            raise Refused(_t("备用金不能小于零。"), code="no_amount")
        with estate_scope(estate):
            if self.at_estate(estate).open_now().filter(cashier_id=by.person_id).exists():
                raise Refused(_t("您已经开班。"), code="already_open")
            made = self.create(
                estate=estate, cashier_id=by.person_id, opened_at=at, opening=amount, takes_over=takes_over
            )
            if amount and takes_over is None:
                made.move(CASH, BANK, amount, _t("提取备用金"), by, at)
            Event.objects.record(Action.SHIFT_OPENED, made, by=by, at=at, told=False, amount=str(amount))
            return made

    def to_take_over(self, estate: Any) -> ShiftQuerySet:
        """Closed shifts whose float lies in the safe and was not taken over yet."""
        return (
            self.at_estate(estate)
            .filter(closed_at__isnull=False, left__gt=0, taken_over_by__isnull=True)
            .order_by("closed_at")
        )


class Shift(EstateOwned):
    noun = "shift"
    cashier = PersonKey()
    opened_at = models.DateTimeField()
    opening = models.DecimalField(max_digits=12, decimal_places=2, default=0)  # yuan in the drawer at the beginning
    takes_over = EstateForeignKey("collection.Shift", models.PROTECT, null=True, related_name="taken_over_by")
    closed_at = models.DateTimeField(null=True)
    expected = models.DecimalField(max_digits=12, decimal_places=2, default=0)  # float + taken − given back
    counted = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    banked = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    left = models.DecimalField(max_digits=12, decimal_places=2, default=0)  # handed on as the next float
    why = models.CharField(max_length=200, blank=True)  # the count is out because …
    slip = models.CharField(max_length=64, blank=True)  # the bank's
    escort = models.CharField(max_length=60, blank=True, db_default="")  # who went along

    objects = ShiftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "cashier"], condition=models.Q(closed_at__isnull=True), name="shift_one_open"
            ),
            models.UniqueConstraint(
                fields=["estate", "takes_over"],
                condition=models.Q(takes_over__isnull=False),
                name="shift_taken_over_once",
            ),
        ]
        indexes = [models.Index(fields=["estate", "-opened_at"], name="shift_recent")]

    def __str__(self) -> str:
        return f"{self.opened_at:%F %H:%M}"

    def takings(self) -> dict[str, Decimal]:
        """Yuan by way to pay, less what was given back out of this drawer."""
        sums = dict(self.payments.order_by().values_list("way").annotate(sum=Sum("amount")))
        back = self.undoings.filter(state=Judged.APPROVED).aggregate(sum=Sum("amount"))["sum"] or NOTHING
        return {
            way: sums.get(way, NOTHING) - (back if way == Way.CASH else 0)
            for way in Way.values
            if way in sums or (way == Way.CASH)
        }

    def in_drawer(self) -> Decimal:
        """What should lie in it now."""
        return self.opening + self.takings()[Way.CASH]

    @verb
    def close(
        self, counted: Decimal, banked: Decimal, *, by: Any, why: str = "", slip: str = "", escort: str = "", at: datetime | None = None
    ) -> None:  # fmt: skip
        """Count, bank and close. What may be left is the company's choice (CF-16, FIN-01: no cash overnight).

        Much cash goes to the bank with an escort, who is named (FIN-16; `cash.escort_from` yuan).
        """
        by.must("payment.take")
        at = at or clock.now()
        row = type(self).objects.at_estate(self.estate_id).select_for_update(of=("self",)).get(pk=self.pk)
        if row.closed_at:
            raise Refused(_t("这个班次已经结束。"), code="already_closed")
        if by.person_id != self.cashier_id and not by.may("payment.judge"):
            raise Refused(_t("只能结自己的班。"), code="not_yours")
        expected = self.in_drawer()
        if counted < 0 or banked < 0 or banked > counted:
            raise Refused(_t("存行金额不能超过点钞金额。"), code="no_amount")
        if counted != expected and not why.strip():
            raise Refused(
                _t("点钞与应有相差 %(amount)s 元，请写明原因。") % {"amount": counted - expected}, code="why_missing"
            )
        self._may_stay(counted - banked, at)
        if banked >= Decimal(parameter(self.estate_id, "cash.escort_from", at)) and not escort.strip():
            raise Refused(_t("大额现金要有人护送，请写明护送人。"), code="escort_missing")
        self.closed_at, self.expected, self.counted, self.banked = at, expected, counted, banked
        self.left, self.why, self.slip, self.escort = counted - banked, why.strip()[:200], slip.strip()[:64], escort.strip()[:60]
        self.save(update_fields=["closed_at", "expected", "counted", "banked", "left", "why", "slip", "escort"])
        self._book(by, at)
        Event.objects.record(
            Action.SHIFT_CLOSED,
            self,
            by=by,
            at=at,
            expected=str(expected),
            counted=str(counted),
            banked=str(banked),
            left=str(self.left),
        )

    def _may_stay(self, left: Decimal, at: datetime) -> None:
        policy = parameter(self.estate_id, "cash.overnight", at)
        if policy == "no_overnight" and left:
            raise Refused(_t("现金不过夜：点钞金额要全部存行。"), code="cash_overnight")
        if policy == "daily" and left > self.opening:
            raise Refused(_t("收款要当天全部存行，只能留下备用金。"), code="cash_overnight")
        most = Decimal(parameter(self.estate_id, "cash.float", at))
        if policy == "float" and left > most:
            raise Refused(_t("备用金最多留 %(amount)s 元，其余请存行。") % {"amount": most}, code="cash_overnight")

    def _book(self, by: Any, at: datetime) -> None:
        out = self.counted - self.expected
        if out < 0:
            self.move(SHORT, CASH, -out, _t("现金短款：%(why)s") % {"why": self.why}, by, at)
        elif out > 0:
            self.move(CASH, OVER, out, _t("现金长款：%(why)s") % {"why": self.why}, by, at)
        if self.banked:
            self.move(BANK, CASH, self.banked, _t("现金存行"), by, at)

    def move(self, debit: str, credit: str, amount: Decimal, words: str, by: Any, at: datetime) -> None:
        """Post a movement of this drawer."""
        here = self.estate
        leg = Leg(Account.objects.of(here, debit), Account.objects.of(here, credit), amount)
        Transfer.objects.post(
            [leg],
            estate=here,
            kind=EntryKind.OTHER,
            words=words[:200],
            key=f"shift {self.pk} {debit} {credit}",
            by=by,
            at=at,
        )

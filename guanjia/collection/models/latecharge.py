"""Charging what being late costs, and waiving it again with another's approval."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Sum
from django.utils.translation import gettext as _t

from guanjia import clock
from guanjia.billing.chart import LATE_CHARGES, chart
from guanjia.billing.models import Account, Bill, EntryKind, Fee, Leg, Transfer
from guanjia.collection.kinds import Judged
from guanjia.collection.late import Terms, late_of
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.households.models import Household
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import datetime

    from .payer import Payer

NOTHING = Decimal("0.00")


class LateChargeQuerySet(EstateQuerySet["LateCharge"]):
    def due(self, payer: Payer, at: datetime) -> dict[Any, Decimal]:
        """Line → yuan that being late has cost by the day before and that is not charged yet."""
        terms = Terms.of(payer.estate, at)
        if terms is None:
            return {}
        lines = list(payer.owing(clock.today(payer.estate, at)))
        charged = dict(
            self.at_estate(payer.estate)
            .filter(line__in=lines)
            .order_by()
            .values_list("line_id")
            .annotate(sum=Sum("amount"))
        )
        reckoned = late_of(lines, clock.today(payer.estate, at), terms)
        rest = {line: reckoned.get(line.pk, NOTHING) - charged.get(line.pk, NOTHING) for line in lines}
        return {line: amount for line, amount in rest.items() if amount > 0}

    def charge(self, payer: Payer, *, by: Any, at: datetime | None = None) -> Decimal:
        """Charge it: one bill a unit and month. Returns yuan; charged again the same month, nothing is added."""
        by.must("chase.judge")
        at = at or clock.now()
        with estate_scope(payer.estate):
            payer.lock()
            units: dict[Any, dict[Any, Decimal]] = defaultdict(dict)
            for line, amount in self.due(payer, at).items():
                units[line.unit][line] = amount
            if not units:
                raise Refused(_t("没有要收的违约金：公司还没有定费率，或者还没有到起算日。"), code="nothing_late")
            fee, total = _fee(payer.estate), NOTHING
            household = Household.objects.at_estate(payer.estate).filter(pk=payer.household_id).first()
            for unit, lines in units.items():
                amount = sum(lines.values(), NOTHING)
                inputs = {"fixed": str(amount), "lines": {str(line.pk): str(part) for line, part in lines.items()}}
                bill = Bill.objects.charge(unit, household, fee, amount, words=_t("违约金"), inputs=inputs, at=at)
                self.bulk_create(
                    self.model(estate=payer.estate, line=line, bill=bill, amount=part, at=at)
                    for line, part in lines.items()
                )
                total += amount
            return total


def _fee(estate: Any) -> Fee:
    """The fee that late charges are charged under; runs pass it over."""
    known = Fee.objects.at_estate(estate).filter(number="LATE").first()
    title = chart().accounts[LATE_CHARGES].title
    said: dict[str, Any] = {
        "name": title[:60],
        "category": title[:40],
        "formula": Fee.Formula.FIXED,
        "income": LATE_CHARGES,
        "closed": True,
    }
    return known or Fee.objects.create(estate=estate, number="LATE", flag="一次性费用", basis="other", **said)


class LateCharge(EstateOwned):
    """What one line's lateness cost, charged by a bill."""

    line = EstateForeignKey("billing.BillLine", models.PROTECT, related_name="late_charges")
    bill = EstateForeignKey("billing.Bill", models.PROTECT, related_name="late_charges")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    at = models.DateTimeField()

    objects = LateChargeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "line", "bill"], name="late_charge_once")]

    def __str__(self) -> str:
        return f"{self.line_id} {self.amount}"


class WaiverQuerySet(EstateQuerySet["Waiver"]):
    def visible_to(self, reach: Any) -> WaiverQuerySet:
        rows = self.at_estate(reach.estate)
        if not (reach.may("chase.act") or reach.may("chase.judge")):
            return rows.none()
        return rows if reach.sees == "estate" else rows.filter(line__unit__zone_id__in=reach.zones)

    def ask(self, line: Any, amount: Decimal, why: str, *, by: Any, at: datetime | None = None) -> Waiver:
        """Ask that a part of a line need not be paid (yuan)."""
        by.must("discount.ask")
        at = at or clock.now()
        if not why.strip():
            raise Refused(_t("请写明原因。"), code="why_missing")
        if amount <= 0 or amount != amount.quantize(Decimal("0.01")):
            raise Refused(_t("金额必须大于零，最多两位小数。"), code="no_amount")
        with estate_scope(line.estate_id):
            made = self.create(
                estate_id=line.estate_id,
                line=line,
                amount=amount,
                why=why.strip()[:200],
                asker_id=by.person_id,
                asked_at=at,
            )
            Event.objects.record(
                Action.WAIVER_ASKED, made, by=by, at=at, unit=line.unit.code, amount=str(amount), why=made.why
            )
            return made


class Waiver(EstateOwned):
    """减免 of what is charged already; discounts of what is to come are billing's."""

    noun = "waiver"
    line = EstateForeignKey("billing.BillLine", models.PROTECT, related_name="waivers")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    why = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=Judged.choices, default=Judged.ASKED)
    asker = PersonKey()
    asked_at = models.DateTimeField()
    judge = PersonKey(null=True)
    judged_at = models.DateTimeField(null=True)
    entry = EstateForeignKey("billing.Entry", models.PROTECT, null=True, related_name="waivers")

    objects = WaiverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "line"], condition=models.Q(state="asked"), name="waiver_one_asked"
            )
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.amount}"

    @verb
    def judge_it(self, approved: bool, *, by: Any, at: datetime | None = None) -> None:
        """Another person's word; approved, what it was charged to gives it back."""
        from .call import Call
        from .payer import Payer

        by.must("chase.judge")
        at = at or clock.now()
        if by.person_id == self.asker_id:
            raise Refused(_t("自己的申请要由别人审批。"), code="same_person")
        bill = self.line.bill
        payer = Payer(self.estate, bill.household_id, self.line.unit_id)
        payer.lock()
        row = type(self).objects.at_estate(self.estate_id).select_for_update(of=("self",)).get(pk=self.pk)
        if row.state != Judged.ASKED:
            raise Refused(_t("这个申请已经审批过。"), code="already_judged")
        self.state, self.judge_id, self.judged_at = Judged.APPROVED if approved else Judged.REFUSED, by.person_id, at
        if approved:
            owed = next((line.owed for line in payer.owing() if line.pk == self.line_id), NOTHING)
            if self.amount > owed:
                raise Refused(_t("这一项只欠 %(amount)s 元。") % {"amount": owed}, code="owes_less")
            income = Account.objects.of(
                self.estate, self.line.fee.income or chart().income_of(self.line.fee.reckoned_by)
            )
            legs = [Leg(income, bill.account, self.amount, self.line_id)]
            self.entry = Transfer.objects.post(
                legs, estate=self.estate, kind=EntryKind.WAIVER, words=self.why, key=f"waiver {self.pk}", by=by, at=at
            )
        self.save(update_fields=["state", "judge", "judged_at", "entry"])
        if approved:
            Call.objects.stop_if_paid(payer, at)
        Event.objects.record(
            Action.WAIVER_JUDGED,
            self,
            by=by,
            at=at,
            unit=self.line.unit.code,
            amount=str(self.amount),
            verdict=self.get_state_display(),
            worker_id=self.asker_id,
        )

"""作废与退款: asked with a reason by one person, done by another. The receipt's number stays; a red one is added."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.billing.chart import PREPAID
from guanjia.billing.models import Account, EntryKind, Leg, Transfer
from guanjia.collection.kinds import Judged, Way
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, PersonKey
from guanjia.tenancy.verbs import verb

from .payer import Payer, transfers_of

if TYPE_CHECKING:
    from datetime import datetime


class Undoable:
    """What a payment offers: ask that it, or a part of it, goes back."""

    def payer_of(self: Any) -> Payer:
        return Payer(self.estate, self.household_id, self.unit_id)

    @verb
    def ask_back(
        self: Any, amount: Decimal, *, why: str, by: Any, way: str = "", at: datetime | None = None
    ) -> Undoing:
        """Ask for a void (the whole amount) or a refund. One request of a payment at a time."""
        by.must("payment.undo")
        at = at or clock.now()
        if not why.strip():
            raise Refused(_t("请写明原因。"), code="why_missing")
        if amount <= 0 or amount > self.amount - self.given_back() or amount != amount.quantize(Decimal("0.01")):
            raise Refused(_t("退款不能超过这笔收款还没有退的金额。"), code="too_much")
        made: Undoing = Undoing.objects.create(
            estate_id=self.estate_id,
            payment=self,
            amount=amount,
            way=way or self.way,
            why=why.strip()[:200],
            asker_id=by.person_id,
            asked_at=at,
        )
        Event.objects.record(Action.REFUND_ASKED, self, by=by, at=at, amount=str(amount), why=made.why)
        return made


class Undoing(EstateOwned):
    """One request, and what became of it."""

    noun = "undoing"
    payment = EstateForeignKey("collection.Payment", models.PROTECT, related_name="undoings")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    way = models.CharField(max_length=10, choices=Way.choices)  # how it goes back
    why = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=Judged.choices, default=Judged.ASKED)
    asker = PersonKey()
    asked_at = models.DateTimeField()
    judge = PersonKey(null=True)
    judged_at = models.DateTimeField(null=True)
    verdict = models.CharField(_("意见"), max_length=200, blank=True)
    on = models.DateField(null=True)  # business date of what went back
    entry = EstateForeignKey("billing.Entry", models.PROTECT, null=True, related_name="undoings")
    shift = EstateForeignKey(
        "collection.Shift", models.PROTECT, null=True, related_name="undoings"
    )  # whose drawer paid it out

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "payment"], condition=models.Q(state="asked"), name="undoing_one_asked"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="undoing_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} {self.amount}"

    @property
    def whole(self) -> bool:
        return self.amount == self.payment.amount

    @verb
    def judge_it(self, approved: bool, *, by: Any, words: str = "", at: datetime | None = None) -> None:
        """The second person: gives the money back, or says why not."""
        by.must("payment.judge")
        at = at or clock.now()
        if by.person_id == self.asker_id:
            raise Refused(_t("自己的申请要由别人审批。"), code="same_person")
        if not approved and not words.strip():
            raise Refused(_t("请写明理由。"), code="why_missing")
        self.payment.payer_of().lock()
        row = type(self).objects.at_estate(self.estate_id).select_for_update(of=("self",)).get(pk=self.pk)
        if row.state != Judged.ASKED:
            raise Refused(_t("这个申请已经审批过。"), code="already_judged")
        self.state, self.judge_id, self.judged_at = Judged.APPROVED if approved else Judged.REFUSED, by.person_id, at
        self.verdict = words.strip()[:200]
        if approved:
            self._give_back(by, at)
        self.save(update_fields=["state", "judge", "judged_at", "verdict", "on", "entry", "shift"])
        said: dict[str, Any] = {
            "amount": str(self.amount),
            "verdict": self.get_state_display(),
            "worker_id": self.asker_id,
        }
        Event.objects.record(
            Action.REFUND_JUDGED, self.payment, by=by, at=at, household_id=self.payment.household_id, **said
        )

    def _give_back(self, by: Any, at: datetime) -> None:
        from .receipt import Receipt

        self.shift = self._drawer(by)
        legs = self._legs()
        whole = self.whole and self.payment.way == self.way
        self.entry = Transfer.objects.post(
            legs,
            estate=self.estate,
            kind=EntryKind.REFUND,
            words=self.why,
            key=f"back {self.pk}",
            reverses=self.payment.entry if whole else None,
            by=by,
            at=at,
        )
        self.on = self.entry.on
        self.save(update_fields=["state", "judge", "judged_at", "verdict", "on", "entry", "shift"])
        Receipt.objects.write_back(self, legs)

    def _drawer(self, by: Any) -> Any:
        """Cash goes back out of an open drawer: of who asked, else of who took it."""
        from .shift import Shift

        if self.way != Way.CASH:
            return None
        rows = Shift.objects.at_estate(self.estate_id).filter(closed_at__isnull=True).select_for_update(of=("self",))
        found = rows.filter(cashier_id=self.asker_id).first() or rows.filter(pk=self.payment.shift_id).first()
        if found is None:
            raise Refused(_t("退现金要有开着的班次。"), code="no_shift")
        return found

    def _legs(self) -> list[Leg]:
        """First what is still prepaid, then the lines it paid, the newest first; a line of a reversed run was prepaid then."""
        money = Account.objects.of(self.estate_id, Way(self.way).account)
        left, legs = self.amount, []
        back: dict[Any, Decimal] = defaultdict(Decimal)  # per purse, what this request takes from it
        for line_id, purse, receivable, part in self._parts():
            if not left:
                break
            share = min(part, left)
            legs.append(Leg(receivable or purse, money, share, line_id))
            back[purse] += share if receivable is None else 0
            left -= share
        payer = self.payment.payer_of()
        if left or any(taken > payer.prepaid(purse) for purse, taken in back.items() if taken):
            raise Refused(_t("这笔钱预存的部分已经抵扣，不能退这么多。"), code="already_used")
        return legs

    def _parts(self) -> list[tuple[int | None, Account, Account | None, Decimal]]:
        """(line, purse, receivable or None when it comes from the purse, yuan not given back yet)."""
        payment = self.payment
        given: dict[int | None, Decimal] = defaultdict(Decimal)
        for earlier in payment.undoings.filter(state=Judged.APPROVED).exclude(pk=self.pk).select_related("entry"):
            for row in transfers_of(earlier.entry):
                given[_source(row)] += row.amount
        parts = []
        for row in reversed(transfers_of(payment.entry)):
            taken = min(row.amount, given[row.line_id])
            given[row.line_id] -= taken
            charged: Any = row.line if row.line and row.line.live else None  # still stands
            whose: Any = row.line.bill if row.line else payment
            purse = Account.objects.of(payment.estate, PREPAID, unit=whose.unit_id, household=whose.household_id)
            if rest := row.amount - taken:
                parts.append((row.line_id if charged else None, purse, charged.bill.account if charged else None, rest))
        parts.sort(key=lambda part: part[2] is not None)
        return parts


def _source(row: Transfer) -> int | None:
    return row.line_id

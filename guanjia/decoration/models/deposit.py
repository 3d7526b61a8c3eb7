"""押金退还: asked by one person, given by another, out of the ledger's deposits (MOV-11)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.billing.chart import BANK, DEPOSITS, chart
from guanjia.billing.models import Account, Entry, EntryKind, Leg, Transfer
from guanjia.events.actions import Action
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.verbs import verb

from ..charging import deposited
from .permit import Permit

if TYPE_CHECKING:
    from datetime import datetime

CENT = Decimal("0.01")


class DepositReturnQuerySet(EstateQuerySet["DepositReturn"]):
    def ask(self, permit: Permit, amount: Decimal, withheld: Decimal, why: str, *, by: Any, at: datetime) -> DepositReturn:
        """Whole cents, together what was paid; what is withheld needs its reason. Inside the permit's verb."""
        by.must("decoration.take")
        permit._hold("accepted")
        _must_be_held(permit, amount, withheld)
        if not amount + withheld:
            raise Refused(_("没有要退的押金。"), code="no_deposit")
        if withheld and len(why.strip()) < 2:
            raise Refused(_("请写扣除原因。"), code="why_missing")
        if self.at_estate(permit.estate_id).filter(permit=permit, state="asked").exists():
            raise Refused(_("已经申请退还，等待审批。"), code="already_asked")
        made = self.create(
            estate_id=permit.estate_id, permit=permit, amount=amount, withheld=withheld, why=why.strip()[:200], asker_id=by.person_id, asked_at=at
        )
        permit.tell(Action.DEPOSIT_ASKED, by=by, at=at, amount=f"{amount:.2f}")
        return made


def _must_be_held(permit: Permit, amount: Decimal, withheld: Decimal) -> None:
    """Whole cents that together are what the household has with us now, whatever was asked for before."""
    held = deposited(permit)
    if min(amount, withheld) < 0 or any(part != part.quantize(CENT) for part in (amount, withheld)) or amount + withheld != held:
        raise Refused(_("退还和扣除合计要等于已交押金 %(amount)s 元。") % {"amount": f"{held:.2f}"}, code="wrong_amount")


class DepositReturn(EstateOwned):
    noun = "deposit_return"
    permit = EstateForeignKey(Permit, models.RESTRICT, related_name="returns")
    amount = models.DecimalField(max_digits=14, decimal_places=2)  # yuan, goes back
    withheld = models.DecimalField(max_digits=14, decimal_places=2)  # yuan, kept for damage
    why = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, default="asked")  # asked, approved, refused
    asker = PersonKey()
    asked_at = models.DateTimeField()
    judge = PersonKey(null=True)
    judged_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=200, blank=True)
    entry = EstateForeignKey("billing.Entry", models.PROTECT, null=True, related_name="deposit_returns")

    objects = DepositReturnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "permit"], condition=Q(state="asked"), name="deposit_one_asked"),
            models.CheckConstraint(condition=Q(amount__gte=0, withheld__gte=0), name="deposit_amounts"),
            models.CheckConstraint(condition=Q(judge__isnull=True) | ~Q(judge=models.F("asker")), name="deposit_two_persons"),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"

    @verb
    def judge_it(self, approved: bool, words: str = "", *, by: Any, at: datetime | None = None) -> None:
        """The second person: pays it out, or says why not."""
        at = at or clock.now()
        by.must("payment.judge")
        if by.person_id == self.asker_id:
            raise Refused(_("自己的申请要由别人审批。"), code="same_person")
        if not approved and not words.strip():
            raise Refused(_("请写明理由。"), code="why_missing")
        row = type(self).objects.at_estate(self.estate_id).select_for_update().get(pk=self.pk)
        if row.state != "asked":
            raise Refused(_("这个申请已经审批过。"), code="already_judged")
        self.permit._hold("accepted")
        self.state, self.judge_id, self.judged_at, self.verdict = "approved" if approved else "refused", by.person_id, at, words.strip()[:200]
        if approved:
            _must_be_held(self.permit, self.amount, self.withheld)
            self.entry = self._pay(by, at)
        self.save(update_fields=["state", "judge", "judged_at", "verdict", "entry"])
        self.permit.tell(Action.DEPOSIT_RETURNED if approved else Action.DEPOSIT_KEPT, by=by, at=at, amount=f"{self.amount:.2f}", worker_id=self.asker_id, why=self.verdict)

    def _pay(self, by: Any, at: datetime) -> Entry:
        """Out of the deposits: to the bank what goes back, to income what is withheld."""
        held = Account.objects.of(self.estate, DEPOSITS)
        legs = [
            Leg(held, Account.objects.of(self.estate, code), amount)
            for code, amount in ((BANK, self.amount), (chart().income_of("other"), self.withheld)) if amount
        ]  # fmt: skip
        return Transfer.objects.post(legs, estate=self.estate, kind=EntryKind.OTHER, words=f"{self.permit.number} 装修押金退还", key=f"deposit back {self.pk}", by=by, at=at)

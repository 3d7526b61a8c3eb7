"""改进基金 (QLT-58): a year's sum set aside for residents' good ideas; each spending is asked by one person and judged by another."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.billing.chart import BANK, EXPENSE, FUND
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

from .account import Account
from .transfer import Entry, EntryKind, Leg, Transfer

if TYPE_CHECKING:
    from datetime import datetime


class FundUseQuerySet(EstateQuerySet["FundUse"]):
    def grant(self, estate: Any, *, by: Any = None, at: datetime | None = None) -> Entry:
        """Set this year's sum aside (yuan, `fund.annual`): an expense now, the fund's from then on. Once a year."""
        if by is not None:
            by.must("fund.judge")
        at = at or clock.now()
        year = clock.today(estate, at).year
        amount = Decimal(str(parameter(estate, "fund.annual", at))).quantize(Decimal("0.01"))
        with estate_scope(estate):
            fund = _hold(estate)
            if known := Entry.objects.at_estate(estate).filter(key=f"fund {year}").first():
                return known
            words = _t("%(year)s 年改进基金") % {"year": year}
            legs = [Leg(Account.objects.of(estate, EXPENSE), fund, amount)]
            entry = Transfer.objects.post(
                legs, estate=estate, kind=EntryKind.OTHER, words=words, key=f"fund {year}", by=by, at=at
            )
            Event.objects.record(Action.FUND_GRANTED, entry, by=by, at=at, told=False, year=year, amount=str(amount))
            return entry

    def ask(self, estate: Any, amount: Decimal, why: str, *, by: Any, at: datetime | None = None) -> FundUse:
        """Ask for a part of the fund; nothing moves before somebody else agrees."""
        by.must("fund.ask")
        at = at or clock.now()
        if amount <= 0 or amount != amount.quantize(Decimal("0.01")):
            raise Refused(_t("金额必须大于零，最多两位小数。"), code="no_amount")
        if not why.strip():
            raise Refused(_t("请写明用来做什么。"), code="why_missing")
        with estate_scope(estate):
            if amount > self.left(estate):
                raise Refused(_t("基金余额不足。"), code="fund_short")
            made = self.create(estate=estate, amount=amount, why=why.strip()[:200], asker_id=by.person_id, asked_at=at)
            Event.objects.record(Action.FUND_ASKED, made, by=by, at=at, amount=str(amount), why=made.why)
            return made

    def left(self, estate: Any) -> Decimal:
        """What the fund stands at, yuan."""
        moved = Transfer.objects.at_estate(estate).order_by()
        came = moved.filter(credit__code=FUND).aggregate(sum=models.Sum("amount"))["sum"] or Decimal("0.00")
        went = moved.filter(debit__code=FUND).aggregate(sum=models.Sum("amount"))["sum"] or Decimal("0.00")
        return came - went

    def used(self, estate: Any, year: int) -> Decimal:
        """What was paid out of it in a year, yuan."""
        paid = self.at_estate(estate).filter(state=FundUse.State.APPROVED, entry__on__year=year).order_by()
        return paid.aggregate(sum=models.Sum("amount"))["sum"] or Decimal("0.00")


class FundUse(EstateOwned):
    """改进基金支出."""

    class State(models.TextChoices):
        ASKED = "asked", _("待审批")
        APPROVED = "approved", _("已批准")
        REFUSED = "refused", _("未批准")

    noun = "fund_use"
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    why = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asker = PersonKey()
    asked_at = models.DateTimeField()
    judge = PersonKey(null=True)
    judged_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=200, blank=True)
    entry = EstateForeignKey("billing.Entry", models.PROTECT, null=True, related_name="fund_uses")

    objects = FundUseQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="fund_use_amount")]
        indexes = [models.Index(fields=["estate", "-asked_at"], name="fund_use_recent")]

    def __str__(self) -> str:
        return f"{self.why} {self.amount}"

    @verb
    def decide(self, approved: bool, *, by: Any, words: str = "", at: datetime | None = None) -> None:
        """The second person: pays it out of the fund, or says why not."""
        by.must("fund.judge")
        at = at or clock.now()
        if by.person_id == self.asker_id:
            raise Refused(_t("自己的申请要由别人审批。"), code="same_person")
        if not approved and not words.strip():
            raise Refused(_t("请写明理由。"), code="why_missing")
        fund = _hold(self.estate)
        row = type(self).objects.at_estate(self.estate_id).get(pk=self.pk)
        if row.state != self.State.ASKED:
            raise Refused(_t("这个申请已经审批过。"), code="already_judged")
        self.state = self.State.APPROVED if approved else self.State.REFUSED
        self.judge_id, self.judged_at, self.verdict = by.person_id, at, words.strip()[:200]
        if approved:
            self.entry = self._pay(fund, by, at)
        self.save(update_fields=["state", "judge", "judged_at", "verdict", "entry"])
        said: dict[str, Any] = {
            "amount": str(self.amount),
            "verdict": str(self.get_state_display()),
            "worker_id": self.asker_id,
        }
        Event.objects.record(Action.FUND_JUDGED, self, by=by, at=at, **said)

    def _pay(self, fund: Account, by: Any, at: datetime) -> Entry:
        if self.amount > type(self).objects.left(self.estate):
            raise Refused(_t("基金余额不足。"), code="fund_short")
        legs = [Leg(fund, Account.objects.of(self.estate, BANK), self.amount)]
        key = f"fund use {self.pk}"
        return Transfer.objects.post(
            legs, estate=self.estate, kind=EntryKind.OTHER, words=self.why, key=key, by=by, at=at
        )


def _hold(estate: Any) -> Account:
    """The fund's account, locked: one spending at a time, so that it is never overdrawn."""
    pk = Account.objects.of(estate, FUND).pk
    return Account.objects.at_estate(estate).select_for_update().get(pk=pk)

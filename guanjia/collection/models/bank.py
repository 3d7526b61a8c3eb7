"""银行对账: lines of the bank's statements, each matched to one entry of ours, or waiting for a person (FIN-02)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Sum
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.billing.chart import BANK, ON_THE_WAY
from guanjia.billing.models import Account, EntryKind, Leg, Transfer
from guanjia.collection import banking
from guanjia.collection.kinds import Way
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import datetime

    from .payer import Payer

BANK_COSTS = "6603"
FEE_MOST = Decimal("0.02")  # a gateway keeps at most so much of what it passes on
NOTHING = Decimal("0.00")


class BankRowQuerySet(EstateQuerySet["BankRow"]):
    def unmatched(self) -> BankRowQuerySet:
        return self.filter(entry__isnull=True)

    def bring_in(
        self, estate: Any, name: str, content: bytes, *, by: Any, at: datetime | None = None
    ) -> dict[str, int]:
        """Keep a statement's lines that are new and match what is certain: {"rows", "new", "matched"}. Again, it adds nothing."""
        by.must("bank.reconcile")
        at = at or clock.now()
        lines = banking.keyed(banking.read(name, content))
        with estate_scope(estate):
            new = self.insert_new(
                self.model(
                    estate=estate, on=line.on, amount=line.amount, name=line.name[:100], reference=line.reference[:100], words=line.words[:200],
                    balance=line.balance, key=key, place=place, how="", added_at=at,
                )
                for place, (key, line) in enumerate(lines)
            )  # fmt: skip
            matched = self.match_all(estate, by=by, at=at)
            counts = {"rows": len(lines), "new": len(new), "matched": matched}
            if lines:
                some = self.at_estate(estate).get(key=lines[0][0])
                Event.objects.record(Action.BANK_IMPORTED, some, by=by, at=at, told=False, file=name[:100], **counts)
        return counts

    def match_all(self, estate: Any, *, by: Any, at: datetime | None = None) -> int:
        """Match what is certain among all that waits."""
        by.must("bank.reconcile")
        at = at or clock.now()
        rows = list(self.at_estate(estate).unmatched().order_by("on", "pk").select_for_update(of=("self",)))
        if not rows:
            return 0
        entries = banking.booked(estate, rows[0].on - banking.NEAR, rows[-1].on + banking.NEAR)
        found = banking.pairs(rows, entries)
        for row, entry, how in found:
            row.entry_id, row.how, row.matched_by_id, row.matched_at = entry.entry_id, how, by.person_id, at
        self.update_each([row for row, _entry, _how in found], ["entry_id", "how", "matched_by_id", "matched_at"])
        return len(found)


class BankRow(EstateOwned):
    class How(models.TextChoices):
        REFERENCE = "reference", _("流水号相符")
        NAME = "name", _("金额、日期、户名相符")
        ONLY = "only", _("金额、日期唯一相符")
        HAND = "hand", _("人工勾对")
        TAKEN = "taken", _("由流水登记收款")
        SETTLED = "settled", _("平台结算")
        COSTS = "costs", _("手续费")

    noun = "bank_row"
    on = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)  # yuan; below nothing: paid out
    name = models.CharField(max_length=100, blank=True)  # the other side
    reference = models.CharField(max_length=100, blank=True)
    words = models.CharField(max_length=200, blank=True)
    balance = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    key = models.CharField(max_length=40)  # the same line brought in again
    place = models.PositiveIntegerField(default=0)  # within its file: the order of a day
    entry = EstateForeignKey("billing.Entry", models.PROTECT, null=True, related_name="bank_rows")
    how = models.CharField(max_length=10, choices=How.choices, blank=True)
    matched_by = PersonKey(null=True)
    matched_at = models.DateTimeField(null=True)
    added_at = models.DateTimeField()

    objects = BankRowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "key"], name="bank_row_key"),
            models.UniqueConstraint(
                fields=["estate", "entry"], condition=models.Q(entry__isnull=False), name="bank_row_entry_once"
            ),
        ]
        indexes = [
            models.Index(fields=["estate", "on"], name="bank_row_day"),
            models.Index(fields=["estate", "on"], condition=models.Q(entry__isnull=True), name="bank_row_unmatched"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.amount}"

    def candidates(self) -> list[banking.Booked]:
        """Entries of the same amount that wait, the nearest first."""
        span = timedelta(days=31)
        found = [
            entry
            for entry in banking.booked(self.estate, self.on - span, self.on + span)
            if entry.amount == self.amount
        ]
        return sorted(found, key=lambda entry: abs(entry.on - self.on))

    @verb
    def match(self, entry_id: int, *, by: Any, at: datetime | None = None) -> None:
        """A person says which entry it is; the amounts must be the same."""
        by.must("bank.reconcile")
        self._must_wait()
        if entry_id not in {entry.entry_id for entry in self.candidates()}:
            raise Refused(_t("金额不同，或者已经勾对过。"), code="no_candidate")
        self._be(entry_id, self.How.HAND, by, at)

    @verb
    def unmatch(self, *, by: Any) -> None:
        """It was another after all. What was booked from the line itself stays matched."""
        by.must("bank.reconcile")
        if self.how in (self.How.TAKEN, self.How.SETTLED, self.How.COSTS):
            raise Refused(_t("这一笔由流水入账，要撤销请退款或冲销。"), code="booked_from_it")
        self.entry, self.how, self.matched_by_id, self.matched_at = None, "", None, None
        self.save(update_fields=["entry", "how", "matched_by", "matched_at"])

    @verb
    def take(self, payer: Payer, *, by: Any, at: datetime | None = None) -> Any:
        """A transfer nobody had noted: take it for a payer."""
        from .payment import Payment

        self._must_wait()
        if self.amount <= 0:
            raise Refused(_t("这是支出，不能登记收款。"), code="paid_out")
        paid = Payment.objects.take(
            payer,
            self.amount,
            way=Way.TRANSFER,
            key=f"bank {self.pk}",
            by=by,
            reference=self.reference,
            name=self.name,
            words=self.words,
            at=at,
        )
        self._be(paid.entry_id, self.How.TAKEN, by, at)
        return paid

    @verb
    def settle(self, gross: Decimal, *, by: Any, at: datetime | None = None) -> None:
        """A gateway or card machine passes on `gross` (yuan) less its fee: out of what is on the way."""
        by.must("bank.reconcile")
        self._must_wait()
        fee = gross - self.amount
        if self.amount <= 0 or fee < 0 or fee > gross * FEE_MOST:
            raise Refused(_t("手续费要在结算总额的 2%% 以内。"), code="bad_fee")
        account, here = Account.objects.of(self.estate, ON_THE_WAY), self.estate
        Account.objects.at_estate(here).select_for_update(of=("self",)).get(pk=account.pk)
        if gross > _standing(account):
            raise Refused(_t("在途资金只有 %(amount)s 元。") % {"amount": _standing(account)}, code="too_much")
        legs = [Leg(Account.objects.of(here, BANK), account, self.amount)]
        legs += [Leg(Account.objects.of(here, BANK_COSTS), account, fee)] if fee else []
        self._book(legs, EntryKind.SETTLEMENT, self.How.SETTLED, by, at)

    @verb
    def book_costs(self, *, by: Any, at: datetime | None = None) -> None:
        """What the bank takes for itself."""
        by.must("bank.reconcile")
        self._must_wait()
        if self.amount >= 0:
            raise Refused(_t("只有支出可以记手续费。"), code="came_in")
        legs = [Leg(Account.objects.of(self.estate, BANK_COSTS), Account.objects.of(self.estate, BANK), -self.amount)]
        self._book(legs, EntryKind.OTHER, self.How.COSTS, by, at)

    def _book(self, legs: list[Leg], kind: str, how: str, by: Any, at: datetime | None) -> None:
        words = " ".join(filter(None, [str(self.How(how).label), self.name, self.words]))[:200]
        entry = Transfer.objects.post(
            legs, estate=self.estate, kind=kind, on=self.on, words=words, key=f"bank {self.pk} {how}", by=by, at=at
        )
        self._be(entry.pk, how, by, at)

    def _must_wait(self) -> None:
        row = type(self).objects.at_estate(self.estate_id).select_for_update(of=("self",)).get(pk=self.pk)
        if row.entry_id:
            raise Refused(_t("这一行已经勾对。"), code="already_matched")

    def _be(self, entry_id: int, how: str, by: Any, at: datetime | None) -> None:
        self.entry_id, self.how, self.matched_by_id, self.matched_at = entry_id, how, by.person_id, at or clock.now()
        self.save(update_fields=["entry", "how", "matched_by", "matched_at"])
        Event.objects.record(
            Action.BANK_MATCHED,
            self,
            by=by,
            at=self.matched_at,
            told=False,
            amount=str(self.amount),
            how=self.get_how_display(),
        )


def _standing(account: Account) -> Decimal:
    taken = account.debits.aggregate(sum=Sum("amount"))["sum"] or NOTHING
    return taken - (account.credits.aggregate(sum=Sum("amount"))["sum"] or NOTHING)


def standing(estate: Any, on: Any, code: str = BANK) -> Decimal:
    """What our books say the bank (or another account of the estate's) holds at the end of a day, in yuan."""
    account = Account.objects.of(estate, code)
    came = account.debits.filter(on__lte=on).aggregate(sum=Sum("amount"))["sum"] or NOTHING
    return came - (account.credits.filter(on__lte=on).aggregate(sum=Sum("amount"))["sum"] or NOTHING)

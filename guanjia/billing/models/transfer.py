"""The ledger: an Entry groups Transfers; a Transfer moves an amount from one account to another. Append-only by privilege."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.billing.chart import RECEIVABLE
from guanjia.billing.overdue import mark_arrears
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from .account import Account


class EntryKind(models.TextChoices):
    BILL = "bill", _("出账")
    REVERSAL = "reversal", _("冲销")
    PAYMENT = "payment", _("收款")
    PREPAID = "prepaid", _("预存抵扣")
    REFUND = "refund", _("退款")
    WAIVER = "waiver", _("减免")
    SETTLEMENT = "settlement", _("结算")
    OTHER = "other", _("其他")


COLLECTED = (EntryKind.PAYMENT, EntryKind.PREPAID, EntryKind.REFUND)  # what counts as money for a bill line, or back


@dataclass(frozen=True)
class Leg:
    """One movement: `debit` receives, `credit` gives. `line` is the bill line it charges, pays or reverses."""

    debit: Account
    credit: Account
    amount: Decimal  # yuan, more than nothing, whole cents
    line_id: int | None = None


class Entry(EstateOwned):
    """凭证: the movements that belong together. `key` makes it idempotent: the same key is the same entry."""

    noun = "entry"
    kind = models.CharField(max_length=12, choices=EntryKind.choices)
    on = models.DateField()  # business date
    period = models.DateField()  # first of the month it counts in
    words = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=80, blank=True)
    reverses = EstateForeignKey("billing.Entry", models.PROTECT, null=True, related_name="reversed_by")
    author = PersonKey(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "key"], condition=~models.Q(key=""), name="entry_key"),
            models.UniqueConstraint(
                fields=["estate", "reverses"], condition=models.Q(reverses__isnull=False), name="entry_reversed_once"
            ),
        ]
        indexes = [models.Index(fields=["estate", "period"], name="entry_period")]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"


class TransferQuerySet(EstateQuerySet["Transfer"]):
    def post(
        self, legs: Iterable[Leg], *, estate: Any, kind: str, on: date | None = None, words: str = "", key: str = "",
        reverses: Entry | None = None, by: Any = None, at: datetime | None = None,
    ) -> Entry:  # fmt: skip
        """Write one entry with its legs. Refused in a closed period, without legs, or for an amount that is no money.

        With a `key` that was used before, the entry of then is returned and nothing is written.
        """
        from .period import Period

        at = at or clock.now()
        on = on or clock.today(estate, at)
        with estate_scope(estate):
            if key and (known := Entry.objects.at_estate(estate).filter(key=key).first()):
                return known
            Period.objects.must_be_open(estate, on)
            legs = list(legs)
            if not legs or any(leg.amount <= 0 or leg.amount != leg.amount.quantize(Decimal("0.01")) for leg in legs):
                raise Refused(_t("金额必须大于零，最多两位小数。"), code="no_amount")
            entry = Entry(
                estate=estate, kind=kind, on=on, period=on.replace(day=1), words=words, key=key, reverses=reverses,
                author_id=by.person_id if by else None, at=at,
            )  # fmt: skip
            entry.save(force_insert=True)
            self.bulk_create(
                self.model(
                    estate=estate, entry=entry, debit=leg.debit, credit=leg.credit, amount=leg.amount, line_id=leg.line_id,
                    on=on, period=entry.period,
                )
                for leg in legs
            )  # fmt: skip
            moved = {side.household_id for leg in legs for side in (leg.debit, leg.credit) if side.code == RECEIVABLE}
            mark_arrears(entry.estate_id, clock.today(estate, at), moved)
            return entry


class Transfer(EstateOwned):
    """分录: one row is both sides, so the books balance by construction (design decision 7)."""

    noun = "transfer"
    entry = EstateForeignKey(Entry, models.PROTECT, related_name="transfers")
    debit = EstateForeignKey("billing.Account", models.PROTECT, related_name="debits")
    credit = EstateForeignKey("billing.Account", models.PROTECT, related_name="credits")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    line = EstateForeignKey("billing.BillLine", models.PROTECT, null=True, related_name="transfers")
    on = models.DateField()
    period = models.DateField()

    objects = TransferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="transfer_amount"),
            models.CheckConstraint(condition=~models.Q(debit=models.F("credit")), name="transfer_two_accounts"),
        ]
        indexes = [
            models.Index(fields=["estate", "entry"], name="transfer_entry"),
            models.Index(fields=["estate", "debit", "on"], name="transfer_debit"),
            models.Index(fields=["estate", "credit", "on"], name="transfer_credit"),
            models.Index(fields=["estate", "line"], name="transfer_line"),
        ]

    def __str__(self) -> str:
        return f"{self.debit_id} ← {self.credit_id} {self.amount}"

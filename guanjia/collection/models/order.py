"""支付单: a payment asked of a gateway. Only a signed callback turns it into money, once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.collection.kinds import Way
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

from .payer import Payer

if TYPE_CHECKING:
    from datetime import datetime

LIFE = timedelta(minutes=30)


class PayOrderQuerySet(EstateQuerySet["PayOrder"]):
    def visible_to(self, reach: Any) -> PayOrderQuerySet:
        rows = self.at_estate(reach.estate)
        return (
            rows.filter(household_id__in=reach.households)
            if not reach.is_staff
            else rows.filter(person_id=reach.person_id)
        )

    def ask(self, payer: Payer, lines: list[int], *, by: Any, key: str = "", at: datetime | None = None) -> PayOrder:
        """Ask for the money of chosen lines (none chosen: all that is owed). The same `key` asks once.

        What came of it may be asked for again: an order that failed, has run out or was given back stands in nobody's way.
        """
        if payer.household_id not in by.households:
            raise NotAllowed("own.read")
        at = at or clock.now()
        with estate_scope(payer.estate):
            payer.lock()  # two taps at the same moment take turns
            owing = [line for line in payer.owing() if not lines or line.pk in lines]
            while key and (known := self.at_estate(payer.estate).filter(key=key).first()):
                if not known._is_over(at, bool(owing)):
                    return known
                key = hashlib.sha256(f"{key} {known.number}".encode()).hexdigest()
            if not owing:
                raise Refused(_t("没有要缴的费用。"), code="nothing_owed")
            told = [[line.pk, str(line.owed)] for line in owing]
            made = self.create(
                estate=payer.estate, number=f"{clock.today(payer.estate, at):%Y%m%d}{secrets.randbelow(10**14):014d}", household_id=payer.household_id,
                unit_id=payer.unit_id, amount=sum((line.owed for line in owing), Decimal("0.00")), lines=told, person_id=by.person_id,
                asked_at=at, expires_at=at + LIFE, key=key or secrets.token_hex(16),
            )  # fmt: skip
            Event.objects.record(Action.PAY_ORDER_ASKED, made, by=by, at=at, told=False, amount=str(made.amount))
            return made


class PayOrder(EstateOwned):
    class State(models.TextChoices):
        ASKED = "asked", _("待支付")
        PAID = "paid", _("已支付")
        FAILED = "failed", _("支付失败")
        STRANGE = "strange", _("金额不符，待核查")

    noun = "pay_order"
    number = models.CharField(max_length=32)  # out_trade_no
    household = EstateForeignKey("households.Household", models.PROTECT, related_name="pay_orders")
    unit = EstateForeignKey("estates.Unit", models.PROTECT, related_name="pay_orders")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    lines = models.JSONField(default=list)  # [[line, yuan]]: what the payer meant to pay
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    person = PersonKey()
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    key = models.CharField(max_length=64)
    transaction = models.CharField(max_length=64, blank=True)  # the gateway's number
    payment = EstateForeignKey("collection.Payment", models.PROTECT, null=True, related_name="pay_orders")
    told = models.JSONField(default=dict)  # what the gateway said when it did not fit

    objects = PayOrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "number"], name="pay_order_number"),
            models.UniqueConstraint(fields=["estate", "key"], name="pay_order_key"),
        ]
        indexes = [models.Index(fields=["estate", "household"], name="pay_order_household")]

    def __str__(self) -> str:
        return self.number

    @property
    def expired(self) -> bool:
        return self.state == self.State.ASKED and self.expires_at < clock.now()

    def _is_over(self, at: datetime, owing: bool) -> bool:
        """Whether another order may be asked for in its place."""
        if self.state == self.State.ASKED:
            return self.expires_at < at
        return self.state == self.State.FAILED or (self.state == self.State.PAID and owing)

    @verb
    def settle(self, transaction: str, amount: Decimal, *, at: datetime | None = None) -> str:
        """What a genuine callback does: `taken`, `again` (it was taken before) or `other_amount` (nobody's money moves).

        A late callback is money all the same: what its lines no longer owe is prepaid.
        """
        at = at or clock.now()
        row = type(self).objects.at_estate(self.estate_id).select_for_update(of=("self",)).get(pk=self.pk)
        if row.state == self.State.PAID:
            return "again" if row.transaction == transaction else self._strange(transaction, amount, at)
        if amount != self.amount:
            return self._strange(transaction, amount, at)
        self.payment = self._take(transaction, at)
        self.state, self.transaction = self.State.PAID, transaction
        self.save(update_fields=["state", "transaction", "payment"])
        return "taken"

    def _take(self, transaction: str, at: datetime) -> Any:
        from .payment import Payment

        payer = Payer(self.estate, self.household_id, self.unit_id)
        payer.lock()
        owing = {line.pk: line.owed for line in payer.owing()}
        meant = [(pk, min(Decimal(part), owing[pk])) for pk, part in self.lines if pk in owing]
        key = f"gateway {transaction}"
        return Payment.objects.take(
            payer, self.amount, way=Way.ONLINE, key=key, lines=meant, reference=transaction, at=at
        )

    def _strange(self, transaction: str, amount: Decimal, at: datetime) -> str:
        """Keep what the gateway said; a person looks into it. A storm of the same is told once."""
        told = {"transaction": transaction, "amount": str(amount)}
        row = type(self).objects.at_estate(self.estate_id).get(pk=self.pk)
        if row.told != told:
            state = row.state if row.state == self.State.PAID else self.State.STRANGE
            type(self).objects.at_estate(self.estate_id).filter(pk=self.pk).update(told=told, state=state)
            Event.objects.record(
                Action.PAY_ORDER_STRANGE, self, at=at, number=self.number, amount=str(amount), meant=str(self.amount)
            )
        return "other_amount"

    @verb
    def fail(self) -> None:
        """The gateway says that it was not paid; a paid one stays paid."""
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, state=self.State.ASKED)
        if rows.update(state=self.State.FAILED):
            Event.objects.record(Action.PAY_ORDER_FAILED, self, at=clock.now(), told=False, amount=str(self.amount))

"""Taking money and using what was paid ahead. Oldest first unless told; what is over is prepaid."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.billing.chart import PREPAID
from guanjia.billing.models import Account, EntryKind, Leg, Transfer
from guanjia.collection.kinds import Way
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateQuerySet
from guanjia.tenancy.scope import estate_scope

from .payer import Payer

if TYPE_CHECKING:
    from datetime import datetime

    from .payment import Payment

CENT = Decimal("0.01")


def share_out(lines: list[Any], amount: Decimal) -> list[tuple[Any, Decimal]]:
    """(line, yuan) oldest first, until the money or the debt is used up."""
    shares = []
    for line in lines:
        part = min(line.owed, amount)
        if part > 0:
            shares.append((line, part))
            amount -= part
    return shares


def as_told(lines: list[Any], told: list[tuple[int, Decimal]], amount: Decimal) -> list[tuple[Any, Decimal]]:
    """The shares the payer asked for; Refused when a line owes less by now, or they are more than the money."""
    owing = {line.pk: line for line in lines}
    if any(pk not in owing or not 0 < part <= owing[pk].owed for pk, part in told) or len(dict(told)) != len(told):
        raise Refused(_("账单刚刚有变化，请重新核对金额。"), code="owes_less")
    if sum(part for _pk, part in told) > amount:
        raise Refused(_("分配的金额超过收款金额。"), code="more_than_paid")
    return [(owing[pk], part) for pk, part in told]


class Taking(EstateQuerySet["Payment"]):
    """Queryset phrases: `Payment.objects.take(…)`."""

    def take(
        self, payer: Payer, amount: Decimal, *, way: str, key: str, by: Any = None, lines: list[tuple[int, Decimal]] | None = None, only: set[int] | None = None,
        reference: str = "", name: str = "", words: str = "", at: datetime | None = None,
    ) -> Payment:  # fmt: skip
        """Take an amount (yuan) and say what it pays: `lines`, else oldest first (of `only`, when given); the rest is prepaid.

        The same `key` takes once and answers with the first payment. Cash wants an open shift of whoever takes it.
        """
        from .receipt import Receipt

        if by is not None:
            by.must("payment.take")
        at = at or clock.now()
        if amount <= 0 or amount != amount.quantize(CENT):
            raise Refused(_("金额必须大于零，最多两位小数。"), code="no_amount")
        with estate_scope(payer.estate):
            payer.lock()
            if known := self.at_estate(payer.estate).filter(key=key).first():
                return _same(known, payer, amount)
            shift = _shift(payer, way, by)
            owing = [line for line in payer.owing() if only is None or line.pk in only]
            shares = share_out(owing, amount) if lines is None else as_told(owing, lines, amount)
            entry, prepaid = _post(payer, amount, shares, way, key, by, at)
            payment = self.create(
                estate=payer.estate, household_id=payer.household_id, unit_id=payer.unit_id, amount=amount, prepaid=prepaid, way=way,
                reference=reference.strip()[:64], payer=name.strip()[:60], words=words.strip()[:200], on=entry.on, at=at,
                taker_id=by.person_id if by else None, shift=shift, entry=entry, key=key,
            )  # fmt: skip
            receipt = Receipt.objects.write(payment, shares)
            Event.objects.record(
                Action.PAYMENT_TAKEN,
                payment,
                by=by,
                at=at,
                amount=str(amount),
                receipt=str(receipt),
                household_id=payer.household_id,
            )
            _stop_chasing(payer, at)
            return payment

    def use_prepaid(self, payer: Payer, *, by: Any = None, at: datetime | None = None) -> Decimal:
        """Pay what a payer owes from what they paid ahead, oldest first. Returns the yuan used; again, it uses nothing."""
        if by is not None:
            by.must("payment.take")
        at = at or clock.now()
        with estate_scope(payer.estate):
            payer.lock()
            legs, lines = [], list(payer.owing())
            for account in payer.accounts(PREPAID):
                for line, part in share_out(lines, payer.prepaid(account)):
                    legs.append(Leg(account, line.bill.account, part, line.pk))
                    line.owed -= part
            if not legs:
                return Decimal("0.00")
            entry = Transfer.objects.post(
                legs, estate=payer.estate, kind=EntryKind.PREPAID, words=_("预存抵扣"), by=by, at=at
            )
            used = sum((leg.amount for leg in legs), Decimal("0.00"))
            Event.objects.record(
                Action.PREPAID_USED, entry, by=by, at=at, amount=str(used), household_id=payer.household_id
            )
            _stop_chasing(payer, at)
            return used


def _same(known: Any, payer: Payer, amount: Decimal) -> Any:
    """The first payment of a key; another amount or payer under it is a mistake that must not pass silently."""
    if (known.amount, known.household_id) != (amount, payer.household_id):
        raise Refused(_("这一笔已经收过，金额或付款人不同。"), code="other_payment")
    return known


def _shift(payer: Payer, way: str, by: Any) -> Any:
    from .shift import Shift

    if by is None:
        return None
    held = Shift.objects.at_estate(payer.estate).filter(cashier_id=by.person_id, closed_at__isnull=True)
    shift = held.select_for_update(of=("self",)).first()
    if shift is None and way == Way.CASH:
        raise Refused(_("收现金请先开班。"), code="no_shift")
    return shift


def _post(
    payer: Payer, amount: Decimal, shares: list[tuple[Any, Decimal]], way: str, key: str, by: Any, at: datetime
) -> Any:
    money = Account.objects.of(payer.estate, Way(way).account)
    legs = [Leg(money, line.bill.account, part, line.pk) for line, part in shares]
    prepaid = amount - sum((part for _line, part in shares), Decimal("0.00"))
    if prepaid:
        legs.append(Leg(money, payer.purse(), prepaid))
    words = str(Way(way).label)
    return Transfer.objects.post(
        legs, estate=payer.estate, kind=EntryKind.PAYMENT, words=words, key=f"pay {key}"[:80], by=by, at=at
    ), prepaid


def _stop_chasing(payer: Payer, at: datetime) -> None:
    from .call import Call

    if payer.household_id:
        Call.objects.stop_if_paid(payer, at)

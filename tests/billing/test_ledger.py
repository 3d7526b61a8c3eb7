"""The ledger: balanced by construction, append-only, idempotent by key (design §5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.utils import IntegrityError, ProgrammingError

from guanjia.billing.models import Account, BillLine, Entry, EntryKind, Leg, Period, Transfer
from guanjia.tenancy.errors import Refused


def legs(cast, amount="12.30"):
    cash = Account.objects.of(cast.sunny, "1001")
    payer = Account.objects.of(cast.sunny, "2203", unit=cast.home, household=cast.meis)
    return [Leg(cash, payer, Decimal(amount))]


def test_an_entry_is_posted_once_for_its_key(cast):
    """A repeated call with the same key writes nothing (design §5: idempotency)."""
    first = Transfer.objects.post(legs(cast), estate=cast.sunny, kind=EntryKind.PAYMENT, key="a")
    again = Transfer.objects.post(legs(cast), estate=cast.sunny, kind=EntryKind.PAYMENT, key="a")
    assert first.pk == again.pk and Transfer.objects.count() == 1
    assert first.period == date(2026, 3, 1) and first.on == date(2026, 3, 10)


def test_accounts_of_one_payer_are_one(cast):
    """FIN-04: one sub-account for a unit and its payer; the developer's has no household."""
    one = Account.objects.of(cast.sunny, "1122", unit=cast.home, household=cast.meis)
    assert Account.objects.of(cast.sunny, "1122", unit=cast.home, household=cast.meis).pk == one.pk
    developer = Account.objects.of(cast.sunny, "1122", unit=cast.home)
    assert developer.pk != one.pk and Account.objects.of(cast.sunny, "1122", unit=cast.home).pk == developer.pk
    with pytest.raises(KeyError):
        Account.objects.of(cast.sunny, "9999")


@pytest.mark.parametrize("amount", ["0", "-1", "0.001"])
def test_an_amount_is_money(cast, amount):
    with pytest.raises(Refused, match="金额"):
        Transfer.objects.post(legs(cast, amount), estate=cast.sunny, kind=EntryKind.PAYMENT)


def test_a_transfer_has_two_accounts_and_more_than_nothing(cast):
    """The database keeps it, whoever writes."""
    [leg] = legs(cast)
    entry = Transfer.objects.post([leg], estate=cast.sunny, kind=EntryKind.OTHER)
    said = {"estate": cast.sunny, "entry": entry, "on": entry.on, "period": entry.period}
    for debit, credit, amount in ((leg.debit, leg.debit, 1), (leg.debit, leg.credit, 0)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Transfer.objects.create(debit=debit, credit=credit, amount=amount, **said)


def test_posted_money_cannot_be_changed(cast):
    """Design decision 7: no UPDATE or DELETE on entries, transfers, lines; only `live` of a line."""
    Transfer.objects.post(legs(cast), estate=cast.sunny, kind=EntryKind.PAYMENT)
    attempts = [
        lambda: Transfer.objects.update(amount=1), lambda: Transfer.objects.all()._raw_delete("default"),
        lambda: Entry.objects.update(words="x"), lambda: BillLine.objects.update(amount=1),
    ]  # fmt: skip
    for attempt in attempts:
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            attempt()
    BillLine.objects.update(live=False)


def test_a_closed_month_takes_nothing(cast):
    """FIN-04: what is closed stays as it was."""
    Period.objects.create(estate=cast.sunny, month=date(2026, 2, 1), closed=True)
    with pytest.raises(Refused, match="2026-02 已结账"):
        Transfer.objects.post(legs(cast), estate=cast.sunny, kind=EntryKind.PAYMENT, on=date(2026, 2, 27))

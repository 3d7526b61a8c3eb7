"""The cast with fees, a posted month, a cashier at an open drawer."""

from __future__ import annotations

from decimal import Decimal

import pytest

from guanjia.collection.models import Payer, Payment, Shift
from guanjia.tenancy.scope import estate_scope
from tests.billing.conftest import APRIL, MARCH, books

__all__ = ["APRIL", "MARCH", "books"]


class Counter:
    """What tests say at the counter."""

    def __init__(self, cast, books):
        self.cast, self.books = cast, books
        self.by = cast.as_("cash")
        self.payer = Payer.of(cast.sunny, cast.meis.pk)

    def open(self, amount="200"):
        return Shift.objects.begin(self.cast.sunny, Decimal(amount), by=self.by)

    def take(self, amount, way="cash", key="", payer=None, by=None, **more):
        count = Payment.objects.count()
        return Payment.objects.take(
            payer or self.payer, Decimal(amount), way=way, key=key or f"k{count}", by=by or self.by, **more
        )

    def owes(self, payer=None):
        return (payer or self.payer).owes()


@pytest.fixture
def counter(cast, books):
    """March is billed: every home owes 237.18 yuan."""
    with estate_scope(cast.sunny):
        books.fee()
        books.post()
        yield Counter(cast, books)

"""What lines still owe at a date: the sum of their receivable transfers until then, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, F, OuterRef, Subquery, Sum, Value, When
from django.db.models.fields import DecimalField
from django.db.models.functions import Coalesce

from guanjia import clock
from guanjia.billing.chart import RECEIVABLE
from guanjia.tenancy.models import EstateQuerySet

if TYPE_CHECKING:
    from datetime import date

    from .bill import BillLine  # noqa: F401  the queryset's own model

MONEY: Any = DecimalField(max_digits=14, decimal_places=2)


class BillLineQuerySet(EstateQuerySet["BillLine"]):
    def with_owed(self, on: date) -> BillLineQuerySet:
        """Each line with `owed` (yuan) at the end of a business date. For a household's lines; `arrears()` is for many."""
        from .transfer import Transfer

        moved = (
            Transfer.objects.filter(estate_id=OuterRef("estate_id"), line_id=OuterRef("pk"), on__lte=on)
            .order_by()
            .values("line_id")
        )
        signed = Sum(
            Case(
                When(debit__code=RECEIVABLE, then=F("amount")),
                When(credit__code=RECEIVABLE, then=-F("amount")),
                default=Value(0),
                output_field=MONEY,
            )
        )
        return self.annotate(
            owed=Coalesce(
                Subquery(moved.annotate(sum=signed).values("sum"), output_field=MONEY), Value(0), output_field=MONEY
            )
        )

    def owing(self, estate: Any, on: date | None = None) -> BillLineQuerySet:
        """Live lines that owe something, oldest first: the order in which payments are allocated."""
        rows = self.at_estate(estate).filter(live=True).with_owed(on or clock.today(estate))
        return rows.filter(owed__gt=0).order_by("period", "bill_id", "pk")

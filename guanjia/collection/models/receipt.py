"""收据: numbered within an estate and year without a gap, because the number is drawn in the payment's transaction."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection, models

from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet

if TYPE_CHECKING:
    from .payment import Payment
    from .undoing import Undoing

NEXT = """
INSERT INTO collection_receiptbook (estate_id, year, last) VALUES (%s, %s, 1)
ON CONFLICT (estate_id, year) DO UPDATE SET last = collection_receiptbook.last + 1 RETURNING last
"""


class ReceiptBook(EstateOwned):
    """The last number of a year. Whoever draws one holds the row until commit, so a rollback gives it back."""

    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "year"], name="receipt_book_year")]

    def __str__(self) -> str:
        return f"{self.year} {self.last}"


class ReceiptQuerySet(EstateQuerySet["Receipt"]):
    def write(self, payment: Payment, shares: list[tuple[Any, Decimal]]) -> Receipt:
        """The receipt of a payment: what it paid, as it stood."""
        rows = [_row(line, part) for line, part in shares]
        if payment.prepaid:
            rows.append({"what": "", "unit": payment.unit.code, "period": "", "amount": str(payment.prepaid)})
        return self._number(payment, None, payment.amount, rows)

    def write_back(self, undoing: Undoing, legs: list[Any]) -> Receipt:
        """The red one of what was given back."""
        lines = {row.pk: row for row in _lines(leg.line_id for leg in legs)}
        rows = [
            _row(lines[leg.line_id], -leg.amount) if leg.line_id in lines
            else {"what": "", "unit": undoing.payment.unit.code, "period": "", "amount": str(-leg.amount)}
            for leg in legs
        ]  # fmt: skip
        return self._number(undoing.payment, undoing, -undoing.amount, rows)

    def _number(self, payment: Payment, undoing: Any, amount: Decimal, rows: list[Any]) -> Receipt:
        on = undoing.on if undoing else payment.on
        with connection.cursor() as cursor:
            cursor.execute(NEXT, [payment.estate_id, on.year])
            [number] = cursor.fetchone()
        return self.create(
            estate_id=payment.estate_id,
            year=on.year,
            number=number,
            payment=payment,
            undoing=undoing,
            amount=amount,
            rows=rows,
        )


def _lines(ids: Any) -> Any:
    from guanjia.billing.models import BillLine

    return BillLine.objects.filter(pk__in=[pk for pk in ids if pk]).select_related("fee", "unit")


def _row(line: Any, part: Decimal) -> dict[str, str]:
    return {"what": line.fee.name, "unit": line.unit.code, "period": f"{line.period:%Y-%m}", "amount": str(part)}


class Receipt(EstateOwned):
    """One printed number. `rows` say what was paid; an empty `what` is the prepayment."""

    noun = "receipt"
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    payment = EstateForeignKey("collection.Payment", models.PROTECT, related_name="receipts")
    undoing = EstateForeignKey("collection.Undoing", models.PROTECT, null=True, related_name="receipts")
    amount = models.DecimalField(max_digits=14, decimal_places=2)  # below nothing: a red one
    rows = models.JSONField(default=list)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "year", "number"], name="receipt_number")]
        indexes = [models.Index(fields=["estate", "payment"], name="receipt_payment")]

    def __str__(self) -> str:
        return f"{self.year}-{self.number:06d}"

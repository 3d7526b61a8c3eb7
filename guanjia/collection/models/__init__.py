"""Payments, receipts, shifts at the counter, orders at the gateway."""

from .order import PayOrder
from .payer import Payer
from .payment import Payment
from .receipt import Receipt, ReceiptBook
from .shift import Shift
from .undoing import Undoing

__all__ = ["PayOrder", "Payer", "Payment", "Receipt", "ReceiptBook", "Shift", "Undoing"]

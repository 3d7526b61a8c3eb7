"""Payments, receipts, shifts at the counter, orders at the gateway; calls and what was said; late charges and letters."""

from .bank import BankRow
from .call import Call, CallRound
from .cashcount import CashCount
from .chase import Chase
from .debit import DebitBatch, DebitItem
from .handing import Handing
from .hold import Hold
from .latecharge import LateCharge, Waiver
from .letter import Letter
from .mailing import Mailing
from .mandate import Mandate
from .order import PayOrder
from .payer import Payer
from .payment import Payment
from .receipt import Receipt, ReceiptBook
from .reconciliation import Reconciliation
from .shift import Shift
from .undoing import Undoing

__all__ = [
    "BankRow", "Call", "CallRound", "CashCount", "Chase", "DebitBatch", "DebitItem", "Handing", "Hold", "LateCharge", "Letter", "Mailing", "Mandate", "PayOrder", "Payer", "Payment", "Receipt", "ReceiptBook",
    "Reconciliation", "Shift", "Undoing", "Waiver",
]  # fmt: skip

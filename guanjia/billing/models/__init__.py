"""Fees, tariffs, meters, runs, bills and the ledger beneath them."""

from .account import Account
from .bill import Bill, BillLine
from .budget import Budget
from .draft import Draft, DraftPart
from .fee import Basis, Fee, Payer, Proration, Rounding, UnitFee
from .fund import FundUse
from .meter import Meter, MeterKind, Reading
from .period import Balance, Period, Reopening
from .run import BillRun, RunState
from .settlement import SettledShare, YearSettlement
from .sharing import Discount, SharedCost
from .tariff import Tariff
from .transfer import COLLECTED, Entry, EntryKind, Leg, Transfer

__all__ = [
    "COLLECTED", "Account", "Balance", "Basis", "Bill", "BillLine", "BillRun", "Budget", "Discount", "Draft", "DraftPart", "Entry", "EntryKind", "Fee", "FundUse",
    "Leg", "Meter", "MeterKind", "Payer", "Period", "Proration", "Reading", "Reopening", "Rounding", "RunState",
    "SettledShare", "SharedCost", "Tariff", "Transfer", "UnitFee", "YearSettlement",
]  # fmt: skip

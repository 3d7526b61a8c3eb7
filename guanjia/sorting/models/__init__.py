"""Points: the ledger, what each household has, gifts, volunteers' turns."""

from .gift import Gift
from .points import PointEntry, Purse
from .turn import Turn

__all__ = ["Gift", "PointEntry", "Purse", "Turn"]

"""What a month's charges come to: temporary tables of one transaction, filled by a handful of set-based statements."""

from .charges import reckon
from .figures import Figures, figures, refused
from .windows import Charge, charges_of

__all__ = ["Charge", "Figures", "charges_of", "figures", "reckon", "refused"]

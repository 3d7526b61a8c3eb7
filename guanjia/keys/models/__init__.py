"""Keys: the register, loans, losses, owners' keys in custody, and who signed."""

from .autograph import Autograph
from .custody import Custody
from .key import Key
from .loan import Loan
from .loss import Loss

__all__ = ["Autograph", "Custody", "Key", "Loan", "Loss"]

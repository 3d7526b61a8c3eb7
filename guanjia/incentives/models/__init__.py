from .appeal import Appeal
from .contract import Contract
from .figure import Figure, Level, Reckoning
from .line import Line, Sort
from .proposal import Proposal

__all__ = ["Appeal", "Contract", "Figure", "Level", "Line", "Proposal", "Reckoning", "Sort"]

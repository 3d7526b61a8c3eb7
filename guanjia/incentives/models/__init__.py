from .appeal import Appeal
from .figure import Figure, Level, Reckoning
from .line import Line, Sort
from .proposal import Proposal

__all__ = ["Appeal", "Figure", "Level", "Line", "Proposal", "Reckoning", "Sort"]

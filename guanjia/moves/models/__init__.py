"""入伙、迁出与搬家: the handover of a home with everything that is done at it; goods that come and go."""

from .handover import Handover
from .move import Move
from .rows import HandoverLook, HandoverPaper, HandoverReading

__all__ = ["Handover", "HandoverLook", "HandoverPaper", "HandoverReading", "Move"]

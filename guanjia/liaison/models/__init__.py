"""外联: the bodies outside that the estate has to do with, what they send, what was coordinated with them."""

from .contact import Contact
from .incoming import Incoming
from .matter import Matter

__all__ = ["Contact", "Incoming", "Matter"]

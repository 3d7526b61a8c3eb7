"""租赁: spaces that are let (parking, storage, rooms), their contracts, who waits for one."""

from .lease import Lease
from .space import Space, Waiting

__all__ = ["Lease", "Space", "Waiting"]

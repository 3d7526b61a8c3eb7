"""公告 and where it hangs."""

from .bulletin import Bulletin
from .hanging import Hanging
from .opening import Opening

__all__ = ["Bulletin", "Hanging", "Opening"]

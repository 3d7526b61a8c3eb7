"""What a change of a parameter would move, asked before it is saved. Engines register what they know of their own rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate


@dataclass
class Moved:
    """`words` is the sentence with its count; `samples` are a few of the rows: (title, instant or None)."""

    words: str
    count: int
    samples: list[tuple[str, Any]] = field(default_factory=list)
    tone: str = "info"


Mover = "Callable[[Estate, str, Any, datetime], list[Moved]]"
_MOVERS: list[Any] = []


def moves(mover: Any) -> Any:
    """Register `(estate, key, value, at) → [Moved]`; asked once an estate, in its scope."""
    if mover not in _MOVERS:
        _MOVERS.append(mover)
    return mover


def would_move(estate: Estate, key: str, value: Any, at: datetime) -> list[Moved]:
    """Everything that setting `key` to `value` from `at` on would move at an estate; nothing is written."""
    return [moved for mover in _MOVERS for moved in mover(estate, key, value, at) if moved.count]

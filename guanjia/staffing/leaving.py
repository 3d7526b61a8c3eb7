"""What somebody must give back before they leave: keys, tools, documents. Whoever keeps such a register adds its question here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

REGISTERS: list[Callable[[Any, int], list[str]]] = []  # (estate, person) → names of what they still hold


def ask_before_leaving(register: Callable[[Any, int], list[str]]) -> Callable[[Any, int], list[str]]:
    """A register that is asked when somebody hands over or clocks out (`AppConfig.ready` of its app)."""
    REGISTERS.append(register)
    return register


def still_out(estate: Any, person_id: int) -> list[str]:
    return [name for register in REGISTERS for name in register(estate, person_id)]

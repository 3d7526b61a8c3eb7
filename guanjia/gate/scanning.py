"""What the guard scans: visitors' passes are the gate's own; every other mark belongs to who registered a reader for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

# (mark or typed code, estate) → address of the page that answers for it, or nothing.
READERS: list[Callable[[str, Any], str]] = []


def reads(reader: Callable[[str, Any], str]) -> None:
    """Once per kind of mark, however often the app is made ready."""
    if reader not in READERS:
        READERS.append(reader)


def page_of(mark: str, estate: Any) -> str:
    return next((found for reader in READERS if (found := reader(mark, estate))), "")

"""Small groups are not shown by themselves: fewer than k answers could be put to somebody (COM-31, HSE-14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

Key = TypeVar("Key")


def hidden(counts: Mapping[Key, int], k: int) -> set[Key]:
    """The groups to be put together: those with 1 to k−1 answers, and as many of the next smallest as make them k.

    One small group alone could be worked out from the total, so it never stays alone. Empty groups tell nothing.
    """
    found = {key for key, count in counts.items() if 0 < count < k}
    rest = sorted((key for key, count in counts.items() if count >= k), key=lambda key: (counts[key], str(key)))
    while found and sum(counts[key] for key in found) < k and rest:
        found.add(rest.pop(0))
    return found

"""Who is drawn: simple or by zone, from a seed that is kept, so that anybody can draw the same again (COM-28, issue 6 line 5)."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Key = TypeVar("Key", bound="int | None")
RESERVE = 3  # times those drawn, stratum by stratum: more than that nobody goes through


def shares(sizes: Mapping[Key, int], wanted: int) -> dict[Key, int]:
    """How many of `wanted` come from each stratum: in proportion, by the largest remainder, never more than it has.

    They add up to min(wanted, all). Strata of equal remainder: the larger one first, then the smaller key.
    """
    total = sum(sizes.values())
    wanted = min(wanted, total)
    if not total:
        return dict.fromkeys(sizes, 0)
    found = {key: size * wanted // total for key, size in sizes.items()}
    left = wanted - sum(found.values())
    order = sorted(sizes, key=lambda key: (-(sizes[key] * wanted % total), -sizes[key], key is not None, key or 0))
    for key in order[:left]:
        found[key] += 1
    return found


def drawn(strata: Mapping[Key, Sequence[int]], wanted: int, seed: int, *, by_stratum: bool) -> list[tuple[int, bool]]:
    """In the order of the draw: (id, whether drawn; the others are the reserve, in the order they would step in).

    The same people, number and seed give the same draw, however they were listed.
    """
    dice = random.Random(seed)
    if not by_stratum:
        everybody = sorted(one for some in strata.values() for one in some)
        dice.shuffle(everybody)
        return [(one, rank < wanted) for rank, one in enumerate(everybody[: wanted * (1 + RESERVE)])]
    parts = shares({key: len(some) for key, some in strata.items()}, wanted)
    chosen: list[tuple[int, bool]] = []
    reserve: list[tuple[int, bool]] = []
    for key in sorted(strata, key=lambda key: (key is not None, key or 0)):
        some = sorted(strata[key])
        dice.shuffle(some)
        chosen += [(one, True) for one in some[: parts[key]]]
        reserve += [(one, False) for one in some[parts[key] : parts[key] * (1 + RESERVE)]]
    return chosen + reserve

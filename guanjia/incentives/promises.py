"""How much of a year's bonus a contract earns: all or nothing, target by target, or by how far each was reached (INC-06). Pure.

The source ties three figures to the bonus and gives no scale, so the scale is data: `contract.scale`, the parts each target
counts (`contract.share_…`), and below which completion nothing is paid (`contract.least`).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ALL, EACH, DEGREE = "all", "each", "degree"
CENT, TENTH = Decimal("0.01"), Decimal("0.1")


@dataclass(frozen=True)
class Promise:
    """A target and what came of it, in per cent or whatever its unit is; `value` None: nothing was counted. `parts`: how much it weighs beside the others."""

    target: Decimal
    value: Fraction | None
    upward: bool
    parts: Decimal = Decimal(1)

    @property
    def reached(self) -> bool:
        """Exactly at target is reached; no data is not."""
        if self.value is None:
            return False
        return self.value >= self.target if self.upward else self.value <= self.target

    @property
    def completion(self) -> Fraction:
        """Of one, never more: value ÷ target where more is better, else target ÷ value."""
        if self.value is None:
            return Fraction(0)
        if self.reached:
            return Fraction(1)
        return self.value / Fraction(self.target) if self.upward else Fraction(self.target) / self.value


def share(way: str, promises: Sequence[Promise], least: Decimal) -> list[Fraction]:
    """Of the whole bonus, what each promise earns; they add up to at most one. Without parts nothing is earned."""
    total = sum((Fraction(one.parts) for one in promises), Fraction(0))
    if not total:
        return [Fraction(0) for _ in promises]
    whole = [Fraction(one.parts) / total for one in promises]
    if way == DEGREE:
        return [part * one.completion if one.completion * 100 >= Fraction(least) else Fraction(0) for part, one in zip(whole, promises, strict=True)]
    kept = [one.reached for one in promises]
    if way == ALL:
        return whole if all(kept) else [Fraction(0) for _ in promises]
    return [part if good else Fraction(0) for part, good in zip(whole, kept, strict=True)]


def yuan(bonus: Decimal, shares: Sequence[Fraction]) -> Decimal:
    """The bonus earned, to the cent, half up: rounded once."""
    part = sum(shares, Fraction(0))
    return (bonus * part.numerator / part.denominator).quantize(CENT, ROUND_HALF_UP)


def percent(part: Fraction) -> Decimal:
    """As people read it: one place, rounded down so that nothing short of whole says 100."""
    return Decimal(part.numerator * 1000 // part.denominator) / 10

"""Satisfaction as a written formula, with what a sample leaves open (QLT-57, COM-28).

Share: answers of 4–5 ÷ answers. Mean: average mark × 20. Of a sample there is a 95 % interval: Wilson's for the share, the
normal one for the mean, both with the finite population correction (n answers of N asked about); of a census there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SATISFIED = (4, 5)
Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Measured:
    """Per cent; `low` and `high` are None for a census or nobody."""

    part: int  # answers of 4–5
    whole: int  # answers
    total: int  # sum of the marks
    population: int  # of whom the sample was drawn; 0: a census
    way: str  # share or mean20
    value: float | None
    low: float | None = None
    high: float | None = None

    @property
    def words(self) -> str:
        """The formula with its numbers."""
        if not self.whole:
            return ""
        if self.way == "mean20":
            return f"{self.total} ÷ {self.whole} × 20 = {self.value:.1f}"
        return f"{self.part} ÷ {self.whole} = {self.value:.1f}%"


def wilson(part: int, whole: int, population: int = 0) -> tuple[float, float]:
    """The 95 % interval of part ÷ whole, as shares. With a population, of the n′ = n·(N−1)÷(N−n) answers they are worth.

    A whole population asked leaves nothing open: the share itself, twice.
    """
    share = part / whole
    if population and whole >= population:
        return share, share
    worth = whole * (population - 1) / (population - whole) if population else whole
    middle = (share + Z * Z / (2 * worth)) / (1 + Z * Z / worth)
    half = Z / (1 + Z * Z / worth) * sqrt(share * (1 - share) / worth + Z * Z / (4 * worth * worth))
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def measured(marks: Mapping[int, int], way: str, population: int = 0) -> Measured:
    """Of how often each mark 1–5 was given. `population`: how many the sample stands for; 0 for a census."""
    whole, total = sum(marks.values()), sum(mark * count for mark, count in marks.items())
    part = sum(marks.get(mark, 0) for mark in SATISFIED)
    if not whole:
        return Measured(0, 0, 0, population, way, None)
    if way == "mean20":
        value = total / whole * 20
        low, high = _mean(marks, whole, total / whole, population) if population else (None, None)
    else:
        value = part / whole * 100
        low, high = (bound * 100 for bound in wilson(part, whole, population)) if population else (None, None)
    return Measured(part, whole, total, population, way, value, low, high)


def _mean(marks: Mapping[int, int], whole: int, mean: float, population: int) -> tuple[float | None, float | None]:
    if whole < 2:
        return None, None
    variance = sum(count * (mark - mean) ** 2 for mark, count in marks.items()) / (whole - 1)
    left = max(0.0, (population - whole) / (population - 1)) if population > 1 else 0.0
    half = Z * sqrt(variance / whole * left)
    return max(20.0, (mean - half) * 20), min(100.0, (mean + half) * 20)

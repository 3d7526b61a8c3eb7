"""The arithmetic of scores: items, rubrics, weights, rounding, bands. Pure; amounts are Decimals (QLT-21, CF-27, CF-30, CF-31)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from guanjia.tenancy.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

CENT = Decimal("0.01")
HUNDRED = Decimal(100)
NOUGHT = Decimal(0)


@dataclass(frozen=True)
class Got:
    """An item as it was scored: what it is worth, what was deducted, whether it does not apply here."""

    points: Decimal
    deducted: Decimal = NOUGHT
    na: bool = False

    @property
    def score(self) -> Decimal:
        """Never below nought (CF-30)."""
        return NOUGHT if self.na else max(NOUGHT, self.points - self.deducted)


@dataclass(frozen=True)
class Sheet:
    """A rubric as it was scored. Items that do not apply leave both the score and the full mark."""

    got: Decimal
    full: Decimal

    @property
    def percent(self) -> Decimal:
        """Of a hundred, two places, half up."""
        return (self.got * HUNDRED / self.full).quantize(CENT, ROUND_HALF_UP)


def sheet(items: Iterable[Got]) -> Sheet:
    """Refused when nothing of the rubric applies: there is nothing to divide by."""
    rows = [item for item in items if not item.na]
    full = sum((item.points for item in rows), NOUGHT)
    if not full:
        raise Refused(_("全部项目都不适用，不能计分。"), code="nothing_applies")
    return Sheet(sum((item.score for item in rows), NOUGHT), full)


def must_total(weights: Iterable[Decimal], what: str) -> None:
    """Weights make exactly 100 %, none below nought (CF-31)."""
    found = list(weights)
    total = sum(found, NOUGHT)
    if total != HUNDRED or any(weight < 0 for weight in found):
        sentence = _("%(what)s合计 %(total)s%%，必须正好 100%%。") % {"what": what, "total": f"{total.normalize():f}"}
        raise Refused(sentence, code="weights")


def weighted(parts: Iterable[tuple[Decimal, Decimal]], what: str = "") -> Decimal:
    """(weight, score of a hundred) of each part; the whole of a hundred, two places, half up."""
    rows = list(parts)
    must_total((weight for weight, _score in rows), what or _("权重"))
    return (sum((weight * score for weight, score in rows), NOUGHT) / HUNDRED).quantize(CENT, ROUND_HALF_UP)


def mean(scores: Iterable[Decimal]) -> Decimal:
    """Of samples, two places, half up."""
    rows = list(scores)
    if not rows:
        raise Refused(_("还没有记录，不能计分。"), code="no_samples")
    return (sum(rows, NOUGHT) / len(rows)).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Bands:
    """Where a band ends, inclusive; above `good` is excellent. `rule`: down, half_up or exact (CF-27)."""

    fail: Decimal
    good: Decimal
    rule: str = "down"

    def graded(self, score: Decimal) -> Decimal:
        """What a raw score counts as when it is put into a band."""
        if self.rule == "down":
            return score.to_integral_value(ROUND_FLOOR)
        return score.to_integral_value(ROUND_HALF_UP) if self.rule == "half_up" else score

    def band(self, score: Decimal) -> str:
        """fail, good or excellent: every score falls into exactly one."""
        counted = self.graded(score)
        if counted <= self.fail:
            return "fail"
        return "good" if counted <= self.good else "excellent"


def bands(fail_most: str, good: tuple[Decimal, Decimal], excellent: tuple[Decimal, Decimal], rule: str) -> Bands:
    """Bands as the figures say them. Refused when they leave a gap or overlap, or do not end at 100."""
    least, most = good
    if least != Decimal(fail_most) + 1 or excellent[0] != most + 1 or excellent[1] != HUNDRED:
        raise Refused(_("分档没有首尾相接，请检查参数。"), code="bands")
    return Bands(Decimal(fail_most), most, rule)

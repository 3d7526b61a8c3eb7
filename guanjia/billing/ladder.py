"""The salary ladder on the whole plot's collection rate (INC-01): what it comes to, with its numbers. A person decides.

"收费率 85 后每上升 5 工资上升两级": from the threshold on, each whole step is worth grades. Whether 85 itself is the first step is the
company's choice (CF-43, `ladder.first_step`). The cap is the post's top grade, which the pay scale knows; missing the half-year
task (INC-02) is a manager's decision (CF-44): `reached` says what it is decided on.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from guanjia.rulebooks.parameters import parameter

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class Ladder:
    """All rates in per cent."""

    rate: Decimal
    threshold: Decimal
    step: Decimal
    each: int  # grades a step
    at_threshold: bool  # the threshold is the first step

    @property
    def reached(self) -> bool:
        return self.rate >= self.threshold

    @property
    def steps(self) -> int:
        if not self.reached:
            return 0
        return int((self.rate - self.threshold) // self.step) + self.at_threshold

    @property
    def grades(self) -> int:
        """Salary grades up, before the cap of the post."""
        return self.steps * self.each

    @property
    def next_at(self) -> Decimal | None:
        """The rate of the next step; None when there is none up to 100 %."""
        climbed = self.steps + (not self.at_threshold)
        following = self.threshold + climbed * self.step
        return following if following <= 100 else None


def ladder(estate: Any, rate: Decimal, at: datetime) -> Ladder:
    """The ladder at a collection rate (`Rate.total` of the whole estate), by the settings of an instant."""
    threshold, step = (
        Decimal(str(parameter(estate, key, at))) for key in ("kpi.collection_threshold", "kpi.collection_step")
    )
    first = parameter(estate, "ladder.first_step", at) == "at_threshold"
    return Ladder(rate, threshold, max(step, Decimal("0.1")), int(parameter(estate, "kpi.ladder_grades", at)), first)

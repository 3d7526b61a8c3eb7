"""Which months a fee covers in a run, and which price version holds for which days of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from guanjia.billing.kinds import Basis, Proration
from guanjia.billing.months import month_after

if TYPE_CHECKING:
    from datetime import date

    from guanjia.billing.models import Fee, Tariff


@dataclass(frozen=True)
class Segment:
    """A price version and the days of the cover it holds for; `ends` is the first day it no longer does."""

    tariff: Tariff
    starts: date
    ends: date


@dataclass(frozen=True)
class Charge:
    """One fee of a run: the days it covers and the prices of those days."""

    fee: Fee
    starts: date
    ends: date
    segments: list[Segment] = field(default_factory=list)

    @property
    def shared(self) -> bool:
        return self.fee.reckoned_by == Basis.SHARED

    @property
    def whole(self) -> bool:
        """Charged by itself, not by the share of days: single charges and what a meter counted."""
        return self.fee.once or self.fee.proration == Proration.NONE or self.metered

    @property
    def metered(self) -> bool:
        return bool(self.fee.meter_kind)


def cover(fee: Fee, period: date) -> tuple[date, date]:
    """What a run of `period` bills of a fee: a fee paid ahead covers months to come, the others those that end with it."""
    months = 1 if fee.once else max(1, fee.period_months)
    if fee.payment_mode.startswith("预"):
        return period, month_after(period, months)
    return month_after(period, 1 - months), month_after(period)


def charges_of(fees: list[Fee], tariffs: list[Tariff], period: date) -> list[Charge]:
    """The fees that may be billed in a month, each with its price versions."""
    prices: dict[int, list[Tariff]] = {}
    for tariff in sorted(tariffs, key=lambda one: one.starts_on):
        prices.setdefault(tariff.fee_id, []).append(tariff)
    found = []
    for fee in fees:
        starts, ends = cover(fee, period)
        if (
            not fee.closed
            and (fee.starts_on is None or fee.starts_on < ends)
            and (fee.ends_on is None or fee.ends_on > starts)
        ):
            found.append(Charge(fee, starts, ends, _segments(fee, prices.get(fee.pk, []), starts, ends)))
    return found


def _segments(fee: Fee, versions: list[Any], starts: date, ends: date) -> list[Segment]:
    """The versions in force, cut at their beginnings; by whole months where the fee is charged by whole months."""
    by_month = fee.proration == Proration.MONTH and not fee.meter_kind
    marks = [max(starts, _month_end(one.starts_on) if by_month else one.starts_on) for one in versions]
    found = []
    for index, version in enumerate(versions):
        until = marks[index + 1] if index + 1 < len(marks) else ends
        if marks[index] < min(until, ends):
            found.append(Segment(version, marks[index], min(until, ends)))
    return found


def _month_end(day: date) -> date:
    """A version that begins within a month holds from the next one, where months are charged whole."""
    return day if day.day == 1 else month_after(day)

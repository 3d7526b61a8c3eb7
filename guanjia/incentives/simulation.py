"""A changed rule on the last months' facts: who would have gained or lost beside what holds. Nothing is kept (INC-03, INC-04)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from guanjia.billing.months import month_after
from guanjia.estates.models import Zone

from .facts import person_facts, terms_of, zone_facts
from .models import Reckoning
from .models.line import names_of
from .rules import Terms, results

if TYPE_CHECKING:
    from datetime import date

MONTHS = 3


@dataclass(frozen=True)
class Difference:
    """One thing in one month: as it holds, and as it would be."""

    month: date
    kind: str
    who: str
    now: Decimal
    then: Decimal

    @property
    def change(self) -> Decimal:
        return self.then - self.now


def simulate(estate: Any, until: date, changes: dict[str, Any]) -> tuple[list[Difference], list[date]]:
    """Every line of the quarter up to a month under both rules, and the months that had figures."""
    zones = dict(Zone.objects.at_estate(estate).values_list("pk", "name"))
    rows: list[tuple[Any, ...]] = []
    months = []
    for month in (month_after(until, -back) for back in range(MONTHS - 1, -1, -1)):
        if not Reckoning.objects.of(estate, month).exists():
            continue
        months.append(month)
        facts = zone_facts(estate, month), person_facts(estate, month)
        today = terms_of(estate, month)
        old, new = _sums(today, *facts), _sums(replace(today, **changes), *facts)
        rows += [(month, *key, old.get(key, Decimal(0)), new.get(key, Decimal(0))) for key in sorted({*old, *new}, key=str)]
    names = names_of({person for _m, _k, _z, person, *_ in rows if person})
    return [Difference(month, kind, zones.get(zone, "") if zone else names.get(person, ""), now, then) for month, kind, zone, person, now, then in rows], months


def _sums(terms: Terms, zones: Any, people: Any) -> dict[Any, Decimal]:
    return {(one.kind, one.zone, one.person): one.amount for one in results(terms, zones, people)}

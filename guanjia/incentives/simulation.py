"""A changed rule on the last months' facts: who would have gained or lost beside what holds. Nothing is kept (INC-01..07, QLT-22..25).

Both sides are what a proposal itself computes, `Proposal.results`; the trial's settings are supposed around it.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia.billing.months import month_after
from guanjia.estates.models import Zone
from guanjia.quality.combining import weights
from guanjia.quality.grading import grading
from guanjia.quality.scoring import must_total
from guanjia.rulebooks.parameters import supposing

from .ends import close_of
from .facts import TERMS, terms_of
from .models import Proposal, Reckoning
from .models.line import names_of
from .yearly import BONUS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from .rules import Result, Terms

MONTHS = 3


@dataclass(frozen=True)
class Side:
    """What somebody comes to under a rule: yuan, grades of the pay scale; `there` also where a line of nought says something."""

    amount: Decimal = Decimal(0)
    grades: int = 0
    there: bool = False


@dataclass(frozen=True)
class Difference:
    """One thing in one month: as it holds, and as it would be."""

    month: date
    kind: str
    who: str
    now: Side
    then: Side

    @property
    def change(self) -> Decimal:
        return self.then.amount - self.now.amount

    @property
    def climb(self) -> int:
        return self.then.grades - self.now.grades

    @property
    def differs(self) -> bool:
        return self.now != self.then


def must_hold(estate: Any, until: date, changes: Mapping[str, Any]) -> None:
    """Refused where changed settings are no rule: ways that do not make 100 %, bands that leave a gap (CF-27, CF-31)."""
    if not any(key.startswith("grade.") for key in changes):
        return
    at = close_of(estate, until)
    with ExitStack() as supposed:
        for key, value in changes.items():
            if key.startswith("grade."):
                supposed.enter_context(supposing(estate, key, value))
        must_total(weights(estate, at).values(), _("各检查方式权重"))
        grading(estate, at)


def simulate(estate: Any, until: date, changes: Mapping[str, Any]) -> tuple[list[Difference], list[date]]:
    """Every line of the quarter up to a month under both rules, and the months that had figures. `changes`: setting → value, and `contract.bonus`. Refused: no rule."""
    must_hold(estate, until, changes)
    zones = dict(Zone.objects.at_estate(estate).values_list("pk", "name"))
    rows: list[tuple[Any, ...]] = []
    months = []
    for month in (month_after(until, -back) for back in range(MONTHS - 1, -1, -1)):
        last = Reckoning.objects.of(estate, month).first()
        if last is None:
            continue
        months.append(month)
        known = Proposal.objects.at_estate(estate).filter(month=month).first()
        one, rule = known or Proposal(estate=estate, month=month), known.rule if known else terms_of(estate, month)
        old, new = sums(one.results(rule, last.number)), _tried(one, rule, last.number, changes)
        rows += [(month, *key, old.get(key, Side()), new.get(key, Side())) for key in sorted({*old, *new}, key=str)]
    names = names_of({person for _m, _k, _z, person, *_ in rows if person})
    return [Difference(month, kind, zones.get(zone, "") if zone else names.get(person, _("项目团队")), now, then) for month, kind, zone, person, now, then in rows], months


def _tried(one: Proposal, rule: Terms, version: int, changes: Mapping[str, Any]) -> dict[Any, Side]:
    """The same month with the changed settings in force from the beginning of time."""
    said: dict[str, Any] = {name: changes[key] if name == "tie" else Decimal(str(changes[key])) for name, key in TERMS.items() if key in changes}
    with ExitStack() as supposed:
        for key, value in changes.items():
            if key != BONUS:
                supposed.enter_context(supposing(one.estate, key, value))
        return sums(one.results(replace(rule, **said), version, changes))


def sums(results: Iterable[Result]) -> dict[tuple[str, int | None, int | None], Side]:
    """What each thing comes to for each zone and person."""
    found: dict[Any, Side] = {}
    for one in results:
        key = one.kind, one.zone, one.person
        before = found.get(key, Side())
        found[key] = Side(before.amount + one.amount, before.grades + one.grades, there=True)
    return found

"""What a month's facts come to under a rule (INC-01, INC-03, INC-04, CF-43..46). Pure: facts and terms in, results out.

The same is asked for a proposal, for its correction and for a simulation with other terms.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal
from fractions import Fraction
from typing import Any

NOBODY, EVERYBODY, SATISFACTION = "nobody", "all", "satisfaction"  # zone.tie


@dataclass(frozen=True)
class Terms:
    """The rule of a month: targets in per cent, money in yuan. None: the company has not set it, so nothing is paid (CF-76)."""

    collection_target: Decimal
    satisfaction_target: Decimal
    bonus: Decimal | None
    penalty: Decimal | None
    tie: str = NOBODY
    star: Decimal = Decimal(0)
    support: Decimal = Decimal(0)  # for each case that was judged

    def told(self) -> dict[str, Any]:
        """As it is kept."""
        return {key: str(value) if isinstance(value, Decimal) else value for key, value in asdict(self).items()}

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Terms:
        known = {one.name for one in fields(cls)}
        said: dict[str, Any] = {key: Decimal(value) if isinstance(value, str) and key != "tie" else value for key, value in kept.items() if key in known}
        return cls(**said)


@dataclass(frozen=True)
class Share:
    """Part of whole; a share of nothing is no data, neither good nor bad."""

    part: Decimal = Decimal(0)
    whole: Decimal = Decimal(0)

    @property
    def known(self) -> bool:
        return self.whole > 0

    @property
    def rate(self) -> Fraction:
        return Fraction(self.part) / Fraction(self.whole)

    def reaches(self, target: Decimal) -> bool:
        """Exactly at target is on target."""
        return self.known and self.part * 100 >= target * self.whole

    def told(self) -> list[str]:
        return [f"{self.part.normalize():f}", f"{self.whole.normalize():f}"]


@dataclass(frozen=True)
class ZoneFacts:
    zone: int
    collection: Share
    satisfaction: Share
    complaints: int  # valid ones


@dataclass(frozen=True)
class PersonFacts:
    """Of one person: the stewards' marks of the month, praises, tasks in time, judged failures to support."""

    person: int
    marks: Share = field(default_factory=Share)  # sum and count
    praises: int = 0
    tasks: Share = field(default_factory=Share)
    failures: int = 0


@dataclass(frozen=True)
class Result:
    kind: str
    amount: Decimal
    zone: int | None = None
    person: int | None = None
    grades: int = 0
    inputs: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, int | None, int | None, int | None]:
        return self.kind, self.zone, self.person, self.inputs.get("source")


def earns(terms: Terms, zone: ZoneFacts) -> bool:
    """Collection and satisfaction on target and no valid complaint, all three (INC-03). No data is not on target."""
    return zone.collection.reaches(terms.collection_target) and zone.satisfaction.reaches(terms.satisfaction_target) and zone.complaints == 0


def last_below(terms: Terms, zones: list[ZoneFacts]) -> list[ZoneFacts]:
    """Who is last in collection *and* below target (INC-04). Among one nobody is last; ties by the rule (CF-45)."""
    ranked = [one for one in zones if one.collection.known]
    if len(ranked) < 2:
        return []
    least = min(one.collection.rate for one in ranked)
    last = [one for one in ranked if one.collection.rate == least and not one.collection.reaches(terms.collection_target)]
    if len(last) > 1 and terms.tie == SATISFACTION:
        known = [one for one in last if one.satisfaction.known]
        worst = min((one.satisfaction.rate for one in known), default=None)
        last = [one for one in known if one.satisfaction.rate == worst]
    return last if len(last) == 1 or terms.tie == EVERYBODY else []


def _numbers(terms: Terms, zone: ZoneFacts) -> dict[str, Any]:
    return {
        "collection": zone.collection.told(), "collection_target": str(terms.collection_target), "satisfaction": zone.satisfaction.told(),
        "satisfaction_target": str(terms.satisfaction_target), "complaints": zone.complaints,
    }  # fmt: skip


def of_zones(terms: Terms, zones: list[ZoneFacts]) -> list[Result]:
    """Bonus and penalty, each with its numbers; where the amount is not set the line says so and is nought."""
    found = []
    for kind, amount, sign, chosen in (
        ("zone_bonus", terms.bonus, 1, [one for one in zones if earns(terms, one)]),
        ("zone_penalty", terms.penalty, -1, last_below(terms, zones)),
    ):
        for one in chosen:
            inputs = _numbers(terms, one) | ({"missing": True} if amount is None else {})
            found.append(Result(kind, sign * (amount or Decimal(0)), zone=one.zone, inputs=inputs))
    return found


def stars(terms: Terms, people: list[PersonFacts]) -> list[Result]:
    """The best mean mark of the stewards; then more praise, then tasks in time. Who is level to the end shares the title."""
    marked = [one for one in people if one.marks.known]
    if not marked:
        return []
    ranks = {one.person: (one.marks.rate, one.praises, one.tasks.rate if one.tasks.known else Fraction(0)) for one in marked}
    best = max(ranks.values())
    return [
        Result("star", terms.star, person=one.person, inputs={"marks": one.marks.told(), "praises": one.praises, "tasks": one.tasks.told()})
        for one in marked if ranks[one.person] == best
    ]  # fmt: skip


def failures(terms: Terms, people: list[PersonFacts]) -> list[Result]:
    """Help refused without ground, or a fact record that stands: so much a case; nought yuan is a word on file (STF-02, STF-05)."""
    return [Result("support", -terms.support * one.failures, person=one.person, inputs={"failures": one.failures, "each": str(terms.support)}) for one in people if one.failures]


def results(terms: Terms, zones: list[ZoneFacts], people: list[PersonFacts]) -> list[Result]:
    return [*of_zones(terms, zones), *stars(terms, people), *failures(terms, people)]

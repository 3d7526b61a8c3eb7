"""What the money of months takes from elsewhere: the campaign's payouts, the year's contracts, the ladder's top (INC-01, INC-06, QLT-22..25)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.db.models import Sum

from guanjia.quality.combining import again
from guanjia.quality.grading import grading
from guanjia.quality.models import Assessment, Payout
from guanjia.quality.money import lines_of
from guanjia.quality.rubric_book import is_key, rubrics_book
from guanjia.rulebooks.parameters import parameter

from .book import book, indicators
from .models.contract import Contract
from .models.figure import Figure
from .models.line import Line, Sort
from .promises import Promise, percent, share, yuan
from .reading import Score
from .rules import Result

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

LADDER_ROLES = ("senior_steward", "assistant_steward")  # INC-01
BONUS = "contract.bonus"  # of a trial: each contract has its own
NOTHING: dict[str, Any] = {}


def campaign_money(estate: Any, since: datetime, until: datetime) -> list[Result]:
    """Payouts of assessments that were granted in the period, as they were decided: by person, and the team's award (QLT-22..25)."""
    rows = Payout.objects.at_estate(estate).filter(assessment__granted=True, assessment__decided_at__gte=since, assessment__decided_at__lt=until)
    found = []
    for row in rows.select_related("assessment").order_by("pk"):
        one: Assessment = row.assessment
        inputs = {"source": row.pk, "title": one.title, "score": str(one.score), "counted": str(one.counted), "band": one.band, "post": row.post}
        found.append(Result("campaign", -row.amount if row.kind == Payout.Kind.FINE else row.amount, person=row.person_id, inputs=inputs))
    return found


def weighing() -> frozenset[str]:
    """The settings that say what each way of inspecting counts (QLT-20)."""
    return frozenset(group.weight[1:] for group in rubrics_book().groups.values() if is_key(group.weight))


def campaign_again(estate: Any, since: datetime, until: datetime, tried: Mapping[str, Any]) -> list[Result]:
    """What those assessments would pay with the bands and amounts as they read here and now; the ways' scores stay, their weights are tried. Nothing is kept."""
    found, weighed = [], not weighing().isdisjoint(tried)
    for one in Assessment.objects.at_estate(estate).filter(granted=True, decided_at__gte=since, decided_at__lt=until).order_by("pk"):
        bands = grading(estate, one.made_at)
        one.score = again(estate, one.parts, one.made_at) if weighed and one.parts else one.score
        one.counted, one.rule, one.band = bands.graded(one.score), bands.rule, bands.band(one.score)
        for line in lines_of(one, one.made_at):
            found.append(Result("campaign", -line["amount"] if line["kind"] == Payout.Kind.FINE else line["amount"], person=line["person_id"], inputs={"source": one.pk}))
    return found


def year_scores(estate: Any, contract: Contract, until: date) -> list[Score]:
    """What a contract promises, as the year's closed months add up so far, each against its own target."""
    rows = Figure.objects.at_estate(estate).filter(
        indicator__in=list(contract.targets), level="estate", month__gte=contract.first, month__lte=min(until, date(contract.year, 12, 1))
    )
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for row in rows.standing():
        sums[row.indicator][0] += row.part
        sums[row.indicator][1] += row.whole
    order = [key for key in (*book().promised, *sorted(set(contract.targets) - set(book().promised))) if key in contract.targets and key in indicators()]
    return [Score(key, sums[key][0], sums[key][1], Decimal(contract.targets[key])) for key in order]


@dataclass(frozen=True)
class Outcome:
    """One target of a contract: the year's figure so far, and which part of the bonus it earns."""

    score: Score
    promise: Promise
    share: Fraction

    @property
    def completion(self) -> Decimal:
        return percent(self.promise.completion)

    @property
    def earned(self) -> Decimal:
        return percent(self.share)


def outcome(estate: Any, contract: Contract, until: date) -> list[Outcome]:
    """Every target with what it would earn if the year ended with this month."""
    scores = year_scores(estate, contract, until)
    found = [
        Promise(one.target, Fraction(one.part * 100) / Fraction(one.whole) if one.whole else None, one.indicator.better == "up", Decimal(contract.shares.get(one.key, "1"))) for one in scores
    ]
    return [Outcome(*row) for row in zip(scores, found, share(contract.scale, found, contract.least), strict=True)]


def contract_results(estate: Any, month: date, tried: Mapping[str, Any] = NOTHING) -> list[Result]:
    """At the year's end: what the contract's scale gives of its bonus; a blank bonus is nought and says so. Promotion is a person's decision.

    `tried` puts other targets (by their settings), another scale and another bonus in their place.
    """
    if month.month != 12:
        return []
    found = []
    for one in Contract.objects.at_estate(estate).filter(year=month.year, signed_at__isnull=False).order_by("pk"):
        one.targets = {key: str(tried.get(indicators()[key].target, target)) if key in indicators() else target for key, target in one.targets.items()}
        one.bonus, one.scale = tried.get(BONUS, one.bonus), tried.get("contract.scale", one.scale)
        one.least = Decimal(str(tried.get("contract.least", one.least)))
        one.shares = {key: str(tried.get(f"contract.share_{key}", parts)) for key, parts in one.shares.items()}
        came = outcome(estate, one, month)
        told = [
            {
                "indicator": row.score.key, "part": f"{row.score.part:f}", "whole": f"{row.score.whole:f}", "target": f"{row.score.target:f}", "reached": row.promise.reached,
                "completion": f"{percent(row.promise.completion)}", "share": f"{percent(row.share)}",
            }
            for row in came
        ]  # fmt: skip
        inputs: dict[str, Any] = {"source": one.pk, "department": one.department, "scale": one.scale, "least": f"{one.least:f}", "targets": told}
        earns = any(row.share for row in came)
        inputs |= {"missing": True} if earns and one.bonus is None else {}
        found.append(Result("contract", yuan(one.bonus or Decimal(0), [row.share for row in came]), person=one.head_id, inputs=inputs))
    return found


def gained(estate: Any, people: list[int], before: date) -> dict[int, int]:
    """Grades that the ladder gave or took before a month, each entry counted."""
    rows = Line.objects.at_estate(estate).filter(kind__in=(Sort.LADDER, Sort.HALF_YEAR), person__in=people, proposal__month__lt=before)
    return dict(rows.values_list("person_id").annotate(n=Sum("grades")).order_by())


def capped(estate: Any, grades: int, role: str, already: int, at: datetime) -> tuple[int, dict[str, Any]]:
    """Grades up, not past the post's top (INC-01), counted from where the ladder began. A top that the company has not set caps nothing, and is said."""
    top = parameter(estate, f"ladder.top_{role}", at)
    if top is None:
        return grades, {"gained": already, "top": None}
    return max(0, min(grades, int(top) - already)), {"gained": already, "top": int(top)}

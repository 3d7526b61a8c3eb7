"""An exam's figures: who sat it, who passed, where the questions hurt (QLT-16)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum

from guanjia import clock

from .audience import holders
from .models import Answer, Attempt, Exam


@dataclass(frozen=True)
class Results:
    attempts: list[Attempt]  # newest of each person first by name
    asked: int
    sat: int
    passed: int
    average: Decimal | None  # of each person's best, in points
    absent: list[Any]
    hardest: list[dict[str, Any]]  # stem, asked, right

    @property
    def pass_rate(self) -> int:
        return self.passed * 100 // self.sat if self.sat else 0


def papers_of(exam: Exam) -> list[Any]:
    """Everybody's best paper by name, with `worth` (its full mark) and `percent` of a hundred, two places."""
    rows = Attempt.objects.at_estate(exam.estate_id).filter(exam=exam, score__isnull=False).select_related("person").annotate(worth=Sum("answers__worth"))
    best: dict[int, Any] = {}
    found: Any = rows.order_by("person_id", "-score", "pk")
    for row in found:
        if row.worth and row.person_id not in best:
            row.percent = (row.score * 100 / row.worth).quantize(Decimal("0.01"))
            best[row.person_id] = row
    return sorted(best.values(), key=lambda row: (row.person.name, row.person_id))


def results(exam: Exam) -> Results:
    attempts = list(Attempt.objects.at_estate(exam.estate_id).filter(exam=exam).select_related("person").order_by("person__name", "person_id", "number"))
    asked = list(holders(exam.estate, exam.groups, clock.today(exam.estate, exam.opens_at)))
    people = {row.person_id for row in attempts}
    best: dict[int, Decimal] = {}
    for row in attempts:
        if row.score is not None:
            best[row.person_id] = max(best.get(row.person_id, row.score), row.score)
    hard: Any = (
        Answer.objects.at_estate(exam.estate_id).filter(attempt__exam=exam, got__isnull=False).values("question_id", "stem")
        .annotate(asked=Count("pk"), right=Count("pk", filter=Q(got=F("worth")))).filter(right__lt=F("asked"))
    )  # fmt: skip
    return Results(
        attempts, len({*people, *(row.pk for row in asked)}), len(people), len({row.person_id for row in attempts if row.passed}),
        (sum(best.values(), Decimal(0)) / len(best)).quantize(Decimal("0.1")) if best else None,
        [row for row in asked if row.pk not in people],
        sorted(hard, key=lambda row: (row["right"] / row["asked"], -row["asked"], row["stem"]))[:8],
    )  # fmt: skip

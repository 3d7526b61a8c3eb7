"""A paper drawn from the bank by rule: the same seed over the same bank is the same paper."""

from __future__ import annotations

import random
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia.tenancy.errors import Refused

from .book import title

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Drawn = tuple[Any, Decimal, list[int]]  # question, points, order of its choices


def pool(estate: Any, groups: Iterable[str]) -> list[Any]:
    """Questions that concern everybody of these groups (none: all people), by code."""
    from .models import Question

    groups = set(groups)
    rows = Question.objects.at_estate(estate).live().filter(in_exams=True).order_by("code")
    return [row for row in rows if not row.groups or (groups and groups <= set(row.groups))]


def must_suffice(estate: Any, parts: Sequence[dict[str, Any]], groups: Iterable[str]) -> None:
    """Raise Refused, naming the topic that has too few questions."""
    for topic, kind, lacking in missing(pool(estate, groups), parts):
        words = {"topic": title("topics", topic), "n": lacking, "kind": kind}
        raise Refused(_("题库不够：“%(topic)s”还差 %(n)s 道题。") % words, code="too_few")


def missing(rows: Sequence[Any], parts: Sequence[dict[str, Any]]) -> list[tuple[str, str, int]]:
    wanted: dict[tuple[str, str], int] = defaultdict(int)
    for part in parts:
        wanted[part["topic"], part.get("kind", "")] += part["count"]
    short = []
    for (topic, kind), count in wanted.items():
        found = sum(row.topic == topic and kind in ("", row.kind) for row in rows)
        if found < count:
            short.append((topic, kind, count - found))
    return short


def draw(rows: Sequence[Any], parts: Sequence[dict[str, Any]], seed: str) -> list[Drawn]:
    """Part by part, no question twice; the order of questions and of their choices comes from the seed alone."""
    dice, taken, drawn = random.Random(seed), set(), []
    for part in parts:
        fit = [row for row in rows if row.topic == part["topic"] and part.get("kind", "") in ("", row.kind) and row.pk not in taken]
        if len(fit) < part["count"]:
            raise Refused(_("题库里的题不够这份试卷，请找出题人。"), code="too_few")
        for row in dice.sample(fit, part["count"]):
            taken.add(row.pk)
            order = list(range(len(row.choices)))
            dice.shuffle(order)
            drawn.append((row, Decimal(str(part["points"])), order))
    dice.shuffle(drawn)
    return drawn

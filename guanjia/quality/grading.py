"""The bands in force at an instant, and how a score with a fraction falls into them (QLT-21, CF-27)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused

from .rubric_book import is_key, rubrics_book, span
from .rubrics import value
from .scoring import HUNDRED, Bands, bands

if TYPE_CHECKING:
    from datetime import datetime

EXAMPLES = (Decimal("79.5"), Decimal("90.5"), Decimal("95.5"))


def grading(estate: Any, at: datetime) -> Bands:
    book = rubrics_book().bands
    good, excellent = (span(value(estate, book[key].range, at)) for key in ("good", "excellent"))
    return bands(value(estate, book["fail"].most, at), good, excellent, str(parameter(estate, "grade.rounding", at)))


def banded(fail: Decimal, good: Decimal) -> dict[str, str]:
    """The settings of three bands that end at two limits: up to `fail`, up to `good`, up to a hundred. Refused for limits that leave no band between."""
    if not 0 <= fail < fail + 1 <= good <= HUNDRED - 1:
        raise Refused(_("分档没有首尾相接，请检查参数。"), code="bands")
    book = rubrics_book().bands
    said = {book["fail"].most: f"{fail:f}", book["good"].range: f"{fail + 1:f}-{good:f}", book["excellent"].range: f"{good + 1:f}-{HUNDRED:f}"}
    return {key[1:]: value for key, value in said.items() if is_key(key)}


def rule_words(rule: str) -> str:
    """What happens to a fraction before it is put into a band."""
    return {
        "down": _("先舍去小数再分档，同时显示原始分"),
        "half_up": _("先四舍五入到整数再分档，同时显示原始分"),
        "exact": _("按原始分分档，超过上一档上限即进入下一档"),
    }[rule]


def examples(found: Bands) -> list[dict[str, Any]]:
    """What 79.5, 90.5 and 95.5 count as."""
    titles = rubrics_book().bands
    return [
        {"score": score, "counted": found.graded(score), "title": _(titles[found.band(score)].title), "tone": titles[found.band(score)].tone}
        for score in EXAMPLES
    ]

"""What an inspector answered, read from a form: check point by check point, item by item.

Names: `customer_service-CS01-a` is ok, bad or na; `…-amount` and `…-words` beside a bad one, its photos under
`photos-customer_service-CS01-a`; `customer_service-na` says why items do not apply.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia.tenancy.errors import Refused

from .rubrics import number, spelled, turned
from .scoring import NOUGHT

if TYPE_CHECKING:
    from collections.abc import Mapping

VERDICTS = ("ok", "bad", "na")


@dataclass(frozen=True)
class Lack:
    """A check point that was not met."""

    name: str
    check: str
    title: str
    amount: Decimal
    words: str


@dataclass
class Answered:
    """An item all of whose check points were looked at."""

    rubric: str
    item: str
    title: str
    points: Decimal
    lacks: list[Lack] = field(default_factory=list)
    na: bool = False
    na_words: str = ""

    @property
    def deducted(self) -> Decimal:
        return sum((lack.amount for lack in self.lacks), NOUGHT)


def answered(
    rubrics: list[dict[str, Any]], raw: Mapping[str, Any], photographed: set[str], only: tuple[str, str] | None = None
) -> tuple[list[Answered], dict[str, str]]:  # fmt: skip
    """Items that were answered, and by name what is missing. An item not touched at all is left for later."""
    found: list[Answered] = []
    errors: dict[str, str] = {}
    for rubric in rubrics:
        for item in rubric["items"]:
            if only and only != (rubric["key"], item["key"]):
                continue
            one, wrong = _item(rubric["key"], item, raw, photographed)
            errors |= wrong
            if one:
                found.append(one)
    return found, errors


def _item(rubric: str, item: dict[str, Any], raw: Mapping[str, Any], photographed: set[str]) -> tuple[Answered | None, dict[str, str]]:
    names = {check: f"{rubric}-{item['key']}-{check}" for check in item["checks"]}
    said = {check: str(raw.get(name) or "") for check, name in names.items()}
    if not any(verdict in VERDICTS for verdict in said.values()):
        return None, {}
    errors = {names[check]: _("这一项的每个检查点都要看。") for check, verdict in said.items() if verdict not in VERDICTS}
    one = Answered(rubric, item["key"], turned(item["title"]), Decimal(item["points"]))
    for check, verdict in said.items():
        if verdict == "bad":
            lack, wrong = _lack(names[check], check, item, raw, photographed)
            errors |= wrong
            one.lacks += [lack] if lack else []
    one.na = all(verdict == "na" for verdict in said.values())
    if one.na:
        one.na_words = str(raw.get(f"{rubric}-na") or "").strip()[:300]
        if not one.na_words:
            errors[f"{rubric}-na"] = _("有整项不适用，请写明原因。")
    return one, errors


def _lack(name: str, check: str, item: dict[str, Any], raw: Mapping[str, Any], photographed: set[str]) -> tuple[Lack | None, dict[str, str]]:
    words = str(raw.get(f"{name}-words") or "").strip()[:500]
    if not words:
        return None, {name: _("请写明哪里不合格。")}
    if name not in photographed:
        return None, {name: _("请拍照。")}
    low, high = Decimal(item["low"]), Decimal(item["high"])
    try:
        amount = number(raw.get(f"{name}-amount") or "")
    except Refused:
        amount = Decimal(-1)
    if not low <= amount <= high:
        return None, {name: _("扣分要在 %(low)s 到 %(high)s 之间。") % {"low": spelled(low), "high": spelled(high)}}
    return Lack(name, check, item["checks"][check], amount, words), {}

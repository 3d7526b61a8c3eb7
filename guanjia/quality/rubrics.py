"""The rubrics an estate is scored by on a day: the house's with its figures filled in, a company's own before them.

A rubric as JSON, which an inspection keeps a copy of: {key, title, version, weight, total, items: [{key, title, category,
points, low, high, checks: {a: words}}]}; numbers are words ("0.5"), `version` 0 is the house's, weight "" is not said.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused

from .rubric_book import ItemEntry, RubricEntry, is_key, rubrics_book, span
from .scoring import HUNDRED, NOUGHT

if TYPE_CHECKING:
    from datetime import date, datetime

MOST_ITEMS, MOST_CHECKS, MOST_POINTS = 100, 12, Decimal(1000)
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,29}")
LETTERS = "abcdefghijkl"


def turned(words: str) -> str:
    """Words of a rubric in the reader's language; a company's own stay as they were written."""
    return _(words) if words else ""


def value(estate: Any, said: str, at: datetime) -> str:
    """A number or band as it stands, or what its figure says at that instant."""
    return str(parameter(estate, said[1:], at)) if is_key(said) else said


def in_force(estate: Any, at: datetime, day: date) -> dict[str, dict[str, Any]]:
    """Every rubric by its key, in the file's order and then the company's own."""
    found = {key: _filled(key, entry, estate, at) for key, entry in rubrics_book().rubrics.items()}
    return found | {row.key: {**row.content, "version": row.version} for row in own(estate, day)}


def own(estate: Any, day: date) -> list[Any]:
    """The newest version in force of each rubric of the estate's company."""
    from .models import OwnRubric

    rows = OwnRubric.objects.filter(company=estate.company_id, valid_from__lte=day).order_by("valid_from", "version")
    return list({row.key: row for row in rows}.values())


def _filled(key: str, entry: RubricEntry, estate: Any, at: datetime) -> dict[str, Any]:
    items = [_item(name, item, estate, at) for name, item in entry.items.items() if item.points]
    total = value(estate, entry.total, at)
    weight = value(estate, entry.weight, at) if entry.weight else ""
    return {"key": key, "title": entry.title, "version": 0, "weight": weight, "total": total, "items": items}


def must_add_up(rubric: dict[str, Any]) -> None:
    """Refused where figures that were changed make another sum than the total: nothing is inspected by it until they agree."""
    found = sum((Decimal(item["points"]) for item in rubric["items"]), NOUGHT)
    if found != Decimal(rubric["total"]):
        said = {"title": turned(rubric["title"]), "found": found, "total": rubric["total"]}
        raise Refused(_("“%(title)s”各项合计 %(found)s 分，与总分 %(total)s 不符，请检查参数。") % said, code="total")


def _item(name: str, item: ItemEntry, estate: Any, at: datetime) -> dict[str, Any]:
    low, high = span(value(estate, item.deduct, at))
    return {
        "key": name, "title": item.title, "category": rubrics_book().categories[item.category].title,
        "points": value(estate, item.points, at), "low": str(low), "high": str(high), "checks": dict(item.checks),
    }  # fmt: skip


def lost(key: str) -> list[ItemEntry]:
    """Items of a house rubric whose points the source lost (CF-32): shown, never scored."""
    entry = rubrics_book().rubrics.get(key)
    return [item for item in entry.items.values() if not item.points] if entry else []


def number(said: Any, most: Decimal = MOST_POINTS) -> Decimal:
    """A number of points with two places at most. Refused otherwise."""
    try:
        found = Decimal(str(said).strip())
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or not 0 <= found <= most or found != found.quantize(Decimal("0.01")):
        raise Refused(_("“%(text)s”不是分数。") % {"text": str(said)[:20]}, code="number")
    return found


def spelled(found: Decimal) -> str:
    """Without needless noughts: 2, 0.5."""
    return f"{found.normalize():f}"


def checked(content: dict[str, Any]) -> dict[str, Any]:
    """A company's rubric as it is kept. Refused with what is wrong of which item."""
    key, title = str(content.get("key", "")).strip(), str(content.get("title", "")).strip()[:60]
    if not NAME.fullmatch(key) or not title:
        raise Refused(_("请写细则的编号（字母、数字、下划线）和名称。"), code="name")
    raw = content.get("items") or []
    if not 0 < len(raw) <= MOST_ITEMS:
        raise Refused(_("细则要有 1 到 %(most)s 项。") % {"most": MOST_ITEMS}, code="items")
    items, names = [], set()
    for item in raw:
        items.append(one := checked_item(item))
        if one["key"] in names:
            raise Refused(_("编号 %(key)s 出现两次。") % {"key": one["key"]}, code="twice")
        names.add(one["key"])
    total = sum((Decimal(item["points"]) for item in items), NOUGHT)
    said = str(content.get("total") or "").strip()
    if said and number(said) != total:
        raise Refused(_("各项合计 %(found)s 分，与总分 %(total)s 不符。") % {"found": spelled(total), "total": said}, code="total")
    weight = str(content.get("weight") or "").strip()
    return {
        "key": key, "title": title, "weight": spelled(number(weight, HUNDRED)) if weight else "", "total": spelled(total), "items": items,
    }  # fmt: skip


def checked_item(item: dict[str, Any]) -> dict[str, Any]:
    """One item: a name, points, a range of deduction within them, check points."""
    key, title = str(item.get("key", "")).strip(), str(item.get("title", "")).strip()[:60]
    if not NAME.fullmatch(key) or not title:
        raise Refused(_("每项要有编号（字母开头）和名称。"), code="item")
    points, low, high = (number(item.get(name)) for name in ("points", "low", "high"))
    if not 0 < low <= high <= points:
        raise Refused(_("%(key)s：扣分要大于 0，下限不超过上限，上限不超过分值。") % {"key": key}, code="range")
    words = [str(each).strip()[:120] for each in (item.get("checks") or {}).values() if str(each).strip()]
    if not 0 < len(words) <= MOST_CHECKS:
        raise Refused(_("%(key)s：要有 1 到 %(most)s 个检查点。") % {"key": key, "most": MOST_CHECKS}, code="checks")
    return {
        "key": key, "title": title, "category": str(item.get("category", "")).strip()[:30], "points": spelled(points), "low": spelled(low),
        "high": spelled(high), "checks": dict(zip(LETTERS, words, strict=False)),
    }  # fmt: skip
